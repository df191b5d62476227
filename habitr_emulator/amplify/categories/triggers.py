"""The Lambda triggers of a user pool, and what Amplify lets their functions do.

https://docs.amplify.aws/gen1/javascript/tools/cli/usage/lambda-triggers/
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.amplify.listing import Resource, depends_on
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import embedded, items, mapping, text, texts

_NAMES = (
    "CreateAuthChallenge",
    "CustomMessage",
    "DefineAuthChallenge",
    "PostAuthentication",
    "PostConfirmation",
    "PreAuthentication",
    "PreSignUp",
    "PreTokenGeneration",
    "UserMigration",
    "VerifyAuthChallengeResponse",
)


#: In small letters -> as Cognito names it.
_KNOWN = {name.lower(): name for name in _NAMES}


def read(reading: Reading, resource: Resource, given: Mapping[str, Any]) -> dict[str, str]:
    """``LambdaConfig``: trigger to function ARN. A trigger whose function the project does not have is noted."""
    named = _connections(given) | _by_name(resource, given)
    functions = {function.name for function in reading.of("function", "Lambda")}
    found: dict[str, str] = {}
    for trigger, function in named.items():
        if function not in functions:
            reading.notes.add(str(resource), f"the trigger {trigger} is left out: there is no function/{function}")
            continue
        arn = text(reading.output(f"function{function}Arn"))
        name = f"{function}-{reading.place.environment}"
        found[trigger] = arn or reading.place.arn("lambda", f"function:{name}")
        _permit(reading, resource, given, (trigger, function))
    return found


def _by_name(resource: Resource, given: Mapping[str, Any]) -> dict[str, str]:
    """``triggers`` names the triggers; their functions are in ``dependsOn``, or called ``<resource><Trigger>``."""
    wanted = mapping(embedded(given.get("triggers")))
    depends = [text(each.get("resourceName")) for each in depends_on(resource.entry)]
    depends += [text(mapping(each).get("resourceName")) for each in items(given.get("dependsOn"))]
    return {
        _KNOWN[trigger.lower()]: next(
            (name for name in depends if name.lower().endswith(trigger.lower())), f"{resource.name}{trigger}"
        )
        for trigger in wanted
        if trigger.lower() in _KNOWN
    }


def _connections(given: Mapping[str, Any]) -> dict[str, str]:
    """``authTriggerConnections``: a list of objects, of texts with an object in them, or a text of that."""
    found: dict[str, str] = {}
    for each in items(embedded(given.get("authTriggerConnections"))):
        entry = mapping(embedded(each))
        trigger, function = text(entry.get("triggerType")), text(entry.get("lambdaFunctionName"))
        if trigger.lower() in _KNOWN and function:
            found[_KNOWN[trigger.lower()]] = function
    return found


def _permit(reading: Reading, resource: Resource, given: Mapping[str, Any], named: tuple[str, str]) -> None:
    """``permissions``: what a trigger's function may do with the pool (the add-to-group trigger needs it)."""
    role = text(reading.output(f"function{named[1]}LambdaExecutionRole"))
    pool = reading.output(f"{resource.category}{resource.name}UserPoolArn")
    for each in items(embedded(given.get("permissions"))):
        entry = mapping(embedded(each))
        if text(entry.get("trigger")) != named[0] or not role:
            continue
        statement = {"Effect": "Allow", "Action": texts(entry.get("actions")), "Resource": pool}
        name = text(entry.get("policyName"), f"{named[0]}Permissions")
        reading.grants.add(role, {name: {"Version": "2012-10-17", "Statement": [statement]}})
