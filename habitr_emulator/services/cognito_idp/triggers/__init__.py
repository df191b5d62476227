"""Lambda triggers: one file for each key of LambdaConfig, and the one way to fire them.

No transaction and no lock is held while a trigger runs: the function may call back into the emulator.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp.errors import (
    InvalidLambdaResponseException,
    UnexpectedLambdaException,
    UserLambdaValidationException,
)
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

#: How long Cognito waits for a trigger, and how often it tries one that does not answer in time.
SECONDS = 5.0
TRIES = 3
NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"
#: Trigger sources are named after their key, except the sources of tokens.
_KEYS = {"TokenGeneration": "PreTokenGeneration"}


@dataclass(frozen=True, slots=True)
class Occasion:
    """What happens to whom: the part of an event that every trigger shares.

    ``metadata`` is the ClientMetadata of the call.
    """

    ctx: Context
    pool: Pool
    user: User
    client_id: str = NO_CLIENT
    metadata: Mapping[str, str] = field(default_factory=dict)


def function_of(pool: Pool, key: str) -> str | None:
    """The function that a pool has for a key of LambdaConfig."""
    config = pool.settings.get("LambdaConfig") or {}
    if key == "PreTokenGeneration" and config.get("PreTokenGenerationConfig"):
        return str(config["PreTokenGenerationConfig"]["LambdaArn"])
    function = config.get(key)
    return str(function["LambdaArn"]) if isinstance(function, dict) else function


def user_attributes(occasion: Occasion) -> dict[str, str]:
    """``request.userAttributes``: every value a string; nothing for a user who does not exist."""
    user, pool = occasion.user, occasion.pool
    if not user.sub:
        return {}
    aliases = {
        f"cognito:{name}_alias": user.attributes[name]
        for name in ("email", "phone_number")
        if name in (*pool.username_attributes, *pool.alias_attributes) and user.attributes.get(name)
    }
    return {"sub": user.sub, **aliases, "cognito:user_status": user.status, **user.attributes}


async def fire(
    occasion: Occasion, source: str, request: Mapping[str, Any], response: Mapping[str, Any], version: str = "1"
) -> dict[str, Any]:
    """Run the trigger of ``source`` (``PreSignUp_SignUp``) and return its ``response``.

    A pool without that trigger answers ``response`` as it is. Raises UserLambdaValidationException when the
    function raises, UnexpectedLambdaException when it cannot be run, InvalidLambdaResponseException when it
    answers no event.
    """
    prefix = source.partition("_")[0]
    key = _KEYS.get(prefix, prefix)
    function = function_of(occasion.pool, key)
    if function is None:
        return dict(response)
    event = _event(occasion, source, request, response, version)
    with occasion.ctx.span.child(f"trigger {source}"):
        answer = await _invoke(occasion.ctx, key, function, event)
    return _response(key, answer)


def tell(occasion: Occasion, key: str, source: str, request: Mapping[str, Any]) -> None:
    """Run a trigger that nobody waits for and whose errors reach nobody (invocation type Event)."""
    event = _event(occasion, source, request, {})
    call = {
        "FunctionName": function_of(occasion.pool, key),
        "InvocationType": "Event",
        "Payload": orjson.dumps(event),
    }
    occasion.ctx.account.bus.spawn(occasion.ctx.services.lambda_.invoke(call))


def _event(
    occasion: Occasion, source: str, request: Mapping[str, Any], response: Mapping[str, Any], version: str = "1"
) -> dict[str, Any]:
    """The event that a function is given."""
    return {
        "version": version,
        "region": occasion.ctx.account.region,
        "userPoolId": occasion.pool.id,
        "userName": occasion.user.username,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": occasion.client_id},
        "triggerSource": source,
        "request": dict(request),
        "response": dict(response),
    }


async def _invoke(ctx: Context, key: str, function: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
    request = {"FunctionName": function, "InvocationType": "RequestResponse", "Payload": orjson.dumps(event)}
    for _ in range(TRIES):
        task = asyncio.ensure_future(ctx.services.lambda_.invoke(request))
        done, _pending = await asyncio.wait({task}, timeout=SECONDS)
        if done:
            return _outcome(key, task)
        # As on AWS the function runs on; only nobody waits for it any more.
        ctx.account.bus.spawn(task)
    raise UnexpectedLambdaException(
        f"{key} invocation failed due to error Socket timeout while invoking Lambda function.",
        why=f"the {key} trigger took longer than {SECONDS:g} s, {TRIES} times in a row",
    )


def _outcome(key: str, task: "asyncio.Future[Any]") -> Mapping[str, Any]:
    try:
        return task.result()  # type: ignore[no-any-return]
    except AwsError as error:
        raise UnexpectedLambdaException(
            f"{key} invocation failed due to error {error.code}.", why=error.why or error.message
        ) from error


def _response(key: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    try:
        payload = orjson.loads(answer.get("Payload") or b"null")
    except ValueError as error:
        raise InvalidLambdaResponseException(why=f"the {key} trigger answered no JSON") from error
    if answer.get("FunctionError"):
        message = payload.get("errorMessage") if isinstance(payload, dict) else payload
        raise UserLambdaValidationException(
            f"{key} failed with error {message}.", why=f"the {key} trigger raised an error"
        )
    if not isinstance(payload, dict) or not isinstance(payload.get("response") or {}, dict):
        raise InvalidLambdaResponseException(why=f"the {key} trigger did not return the event")
    return payload.get("response") or {}


def expect(key: str, value: Any, kind: type | tuple[type, ...]) -> Any:
    """A member of a trigger's response of the right type (or None); raises InvalidLambdaResponseException."""
    if value is not None and not isinstance(value, kind):
        raise InvalidLambdaResponseException(why=f"the {key} trigger's response has a member of a wrong type")
    return value
