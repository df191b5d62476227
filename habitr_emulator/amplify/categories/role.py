"""Roles and policies in CloudFormation templates, and what ``custom-policies.json`` adds to a function's role."""

from collections.abc import Iterator
from typing import Any

from habitr_emulator.amplify.files import read_json
from habitr_emulator.amplify.grants import Policies
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import items, mapping, text, texts
from habitr_emulator.amplify.stack import Stack
from habitr_emulator.services.iam.spec import Role

ROLE = "AWS::IAM::Role"
_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_BASIC = ("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSXRayDaemonWriteAccess")


def of_stack(reading: Reading, stack: Stack) -> Iterator[Role]:
    """The roles of a stack with their policies; policies for other roles are granted to those."""
    resources = list(stack.template.resources(ROLE, *_POLICIES))
    own = {stack.named(name): given for name, kind, given in resources if kind == ROLE}
    for logical_id, kind, given in resources:
        document = mapping(given.get("PolicyDocument"))
        if kind in _POLICIES and document:
            for target in texts(items(given.get("Roles"))):
                name = text(given.get("PolicyName") or given.get("ManagedPolicyName")) or stack.named(logical_id)
                reading.grants.add(target, {name: document})
    for name, given in own.items():
        trust = mapping(given.get("AssumeRolePolicyDocument"))
        if trust:
            yield Role(name, trust, _inline(reading, stack, given))


def _inline(reading: Reading, stack: Stack, given: dict[str, Any]) -> Policies:
    found: Policies = {}
    for each in map(mapping, items(given.get("Policies"))):
        if mapping(each.get("PolicyDocument")):
            found[text(each.get("PolicyName"), "inline")] = each["PolicyDocument"]
    for arn in texts(items(given.get("ManagedPolicyArns"))):
        name = arn.rpartition("/")[2]
        if name in _BASIC:
            continue
        found[name] = _EVERYTHING
        reading.notes.add(
            str(stack.resource), f"AWS's policy {name} is not known here: its role may do everything"
        )
    return found


def grant_own(reading: Reading, resource: Resource, roles: list[str]) -> None:
    """Grant ``custom-policies.json`` of a function to its role."""
    file = reading.folder(resource) / "custom-policies.json"
    statements = []
    for each in map(mapping, items(read_json(file))):
        resources = [_filled(reading, item) for item in items(each.get("Resource"))]
        if texts(each.get("Action")) and resources:
            statements.append({"Effect": text(each.get("Effect"), "Allow"), **each, "Resource": resources})
    if statements and roles:
        document = {"Version": "2012-10-17", "Statement": statements}
        reading.grants.add(roles[0], {"custom-lambda-execution-policy": document})


def _filled(reading: Reading, value: Any) -> Any:
    return value.replace("${env}", reading.place.environment) if isinstance(value, str) else value
