"""The function category: ``backend/function/<resource>`` -> a Lambda function and its role.

https://docs.amplify.aws/gen1/javascript/build-a-backend/functions/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.cloudformation import Template
from habitr_emulator.amplify.files import read_json, require_json
from habitr_emulator.amplify.place import Place
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.iam.spec import Role
from habitr_emulator.services.lambda_.spec import Function

_LAMBDA = "AWS::Lambda::Function"
_ROLE = "AWS::IAM::Role"
_POLICY = "AWS::IAM::Policy"


@dataclass(frozen=True, slots=True)
class Built:
    """A function and the role that it runs as."""

    function: Function
    role: Role | None


def read(place: Place, resource: str, outputs: Mapping[str, Any]) -> Built:
    """Read the CloudFormation template of a function. ``outputs`` are those of other resources, by the name of
    the parameter that Amplify passes them in (``apihabitrGraphQLAPIIdOutput``). Raises ProjectError.
    """
    folder = place.folder / "function" / resource
    path = folder / f"{resource}-cloudformation-template.json"
    body = require_json(path)
    template = Template(body, _parameters(place, resource, folder, outputs), str(path))
    template.attributes = lambda name, attribute: _attribute(place, body, template, (name, attribute))
    found = next(template.resources(_LAMBDA), None)
    if found is None:
        raise ProjectError(f"no resource of type {_LAMBDA}", file=str(path))
    given = found[2]
    role = _role(template)
    environment = (given.get("Environment") or {}).get("Variables") or {}
    function = Function(
        given.get("FunctionName") or f"{resource}-{place.environment}",
        given.get("Runtime") or "",
        given.get("Handler") or "index.handler",
        folder / "src",
        {name: str(value) for name, value in environment.items()},
        timeout=int(given.get("Timeout") or 25),
        memory_size=int(given.get("MemorySize") or 128),
        role_arn=place.arn("iam", f"role/{role.role_name}", region=False) if role else "",
        description=given.get("Description") or "",
    )
    return Built(function, role)


def _parameters(place: Place, resource: str, folder: Path, outputs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "AWS::Region": place.region,
        "AWS::AccountId": place.account_id,
        "AWS::Partition": "aws",
        "AWS::StackName": f"amplify-{place.project}-{place.environment}",
        "env": place.environment,
        **outputs,
        **(read_json(folder / "parameters.json") or {}),
        **(read_json(folder / "function-parameters.json") or {}),
        **place.parameters("function", resource),
    }


def _attribute(place: Place, body: Mapping[str, Any], template: Template, asked: tuple[str, str | None]) -> Any:
    """Ref and GetAtt of the template's own function and role."""
    name, attribute = asked
    resource = (body.get("Resources") or {}).get(name) or {}
    properties = resource.get("Properties") or {}
    if resource.get("Type") == _LAMBDA:
        function = template.resolve(properties.get("FunctionName") or name)
        return place.arn("lambda", f"function:{function}") if attribute == "Arn" else function
    if resource.get("Type") == _ROLE:
        role = template.resolve(properties.get("RoleName") or name)
        return place.arn("iam", f"role/{role}", region=False) if attribute == "Arn" else role
    return None


def _role(template: Template) -> Role | None:
    found = next(template.resources(_ROLE), None)
    if found is None:
        return None
    given = found[2]
    policies = {item["PolicyName"]: item["PolicyDocument"] for item in given.get("Policies") or ()}
    for name, _, policy in template.resources(_POLICY):
        policies[policy.get("PolicyName") or name] = policy["PolicyDocument"]
    return Role(given.get("RoleName") or found[0], given["AssumeRolePolicyDocument"], policies)
