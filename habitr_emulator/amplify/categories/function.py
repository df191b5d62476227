"""The function category: ``backend/function/<resource>`` -> Lambda functions, their roles, and what feeds them.

https://docs.amplify.aws/gen1/javascript/build-a-backend/functions/
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.categories import layer, node_packages, role
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import items, mapping, number, text
from habitr_emulator.amplify.stack import QUIET, Stack
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.iam.spec import Role
from habitr_emulator.services.lambda_.spec import EventSource, Function

LAMBDA = "AWS::Lambda::Function"
_MAPPING = "AWS::Lambda::EventSourceMapping"
_RULE = "AWS::Events::Rule"
_RUN = ("nodejs", "python", "provided", "go1")
_FILES = ("parameters.json", "function-parameters.json")
_LONGEST, _LARGEST = 900, 10_240
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SETTINGS = ("BatchSize", "MaximumBatchingWindowInSeconds", "MaximumRetryAttempts", "FilterCriteria",
             "FunctionResponseTypes", "BisectBatchOnFunctionError")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Built:
    """The functions of one stack, their roles, and the streams that feed them."""

    functions: tuple[Function, ...]
    roles: tuple[Role, ...]
    sources: tuple[EventSource, ...] = ()


def stack(reading: Reading, resource: Resource) -> Stack:
    """The stack of a function. Raises ProjectError if it has no template."""
    found = Stack.find(reading, resource, reading.parameters(resource, *_FILES))
    if found is None:
        raise ProjectError("there is no CloudFormation template", file=str(reading.folder(resource)))
    return found


def outputs(reading: Reading, resource: Resource, name: str) -> Any:
    """What other stacks learn of a function: its template's outputs, else what every Amplify function has."""
    found = stack(reading, resource)
    given = found.output(name)
    if given is not None:
        return given
    body = mapping(found.template.body.get("Resources"))
    ids = {text(mapping(each).get("Type")): logical_id for logical_id, each in reversed(body.items())}
    function, role_id = ids.get(LAMBDA, ""), ids.get(role.ROLE, "")
    return {
        "Name": found.named(function),
        "Arn": found.arn(function),
        "Region": reading.place.region,
        "LambdaExecutionRole": found.named(role_id),
        "LambdaExecutionRoleArn": found.arn(role_id),
    }.get(name)


def read(reading: Reading, resource: Resource) -> Built:
    """Read the CloudFormation template of a function. Raises ProjectError."""
    found = stack(reading, resource)
    source = reading.folder(resource) / "src"
    functions: list[Function] = []
    for logical_id, _, given in found.template.resources(LAMBDA):
        code = mapping(given.get("Code"))
        if "ZipFile" in code or "ImageUri" in code or functions:
            reading.notes.add(str(resource), f"{logical_id} is not run: its code is not in src")
        else:
            functions.append(_function(reading, resource, found, given, source))
    if not functions:
        raise ProjectError(f"no resource of type {LAMBDA} with code in src", file=str(found.path))
    if not source.is_dir():
        reading.notes.add(str(resource), "its code is missing: there is no folder src")
    elif functions[0].runtime.startswith("nodejs"):
        absent = node_packages.absent(source)
        if absent:
            reading.notes.add(
                str(resource), f"packages are not installed: {', '.join(absent)} (npm install in {source})"
            )
    _note_others(reading, resource, found)
    roles = tuple(role.of_stack(reading, found))
    role.grant_own(reading, resource, [each.role_name for each in roles])
    return Built(tuple(functions), roles, tuple(_sources(reading, resource, found, functions[0])))


def _function(
    reading: Reading, resource: Resource, found: Stack, given: Mapping[str, Any], source: Path
) -> Function:
    runtime = text(given.get("Runtime"))
    if not runtime.startswith(_RUN):
        reading.notes.add(str(resource), f"is known but cannot be invoked: runtime {runtime or 'unknown'}")
    roots = layer.roots(reading, resource)
    foreign = [each for each in items(given.get("Layers")) if not _own_layer(reading, each)]
    if foreign:
        reading.notes.add(str(resource), f"runs without its layers: {', '.join(map(_last, foreign))}")
    environment = mapping(mapping(given.get("Environment")).get("Variables"))
    values = {name: _value(value) for name, value in environment.items() if value is not None}
    secrets = [name for name, value in values.items() if value.startswith("/amplify/")]
    if secrets:
        names = ", ".join(secrets)
        reading.notes.add(str(resource), f"its secrets are in Parameter Store, which is not built: {names}")
    return Function(
        _name(reading, resource, text(given.get("FunctionName"))),
        runtime,
        text(given.get("Handler"), "index.handler"),
        source,
        values,
        timeout=min(max(number(given.get("Timeout"), 3), 1), _LONGEST),
        memory_size=min(max(number(given.get("MemorySize"), 128), 128), _LARGEST),
        role_arn=text(given.get("Role")),
        description=text(given.get("Description"))[:256],
        layers=roots,
        schedules=tuple(_schedules(found)),
    )


def _name(reading: Reading, resource: Resource, given: str) -> str:
    """The function's name: one that Lambda takes, else what Amplify calls it."""
    usual = f"{resource.name}-{reading.place.environment}"
    if given and not _NAME.fullmatch(given):
        reading.notes.add(str(resource), f"is called {usual}: its FunctionName is none that Lambda takes: {given}")
        return usual
    return given or usual


def _schedules(found: Stack) -> Iterator[str]:
    for _, _, given in found.template.resources(_RULE):
        if given.get("ScheduleExpression") and given.get("State") != "DISABLED":
            yield text(given["ScheduleExpression"])


def _own_layer(reading: Reading, arn: Any) -> bool:
    """Whether an ARN, or what could not be resolved to one, is of a layer of the project."""
    return any(each.name in str(arn) for each in reading.of("function", layer.SERVICE))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _last(arn: Any) -> str:
    """The name in a layer's ARN."""
    parts = str(arn).split(":")
    return parts[6] if len(parts) > 6 else str(arn)


def _note_others(reading: Reading, resource: Resource, found: Stack) -> None:
    for logical_id, kind, given in found.template.resources():
        if kind == _RULE and not given.get("ScheduleExpression"):
            reading.notes.add(str(resource), f"{logical_id} is not run: a rule for events of EventBridge")
        elif kind not in (*QUIET, LAMBDA, _MAPPING, _RULE) and not kind.startswith("Custom::"):
            reading.notes.add(str(resource), f"{logical_id} is not run: {kind}")


def _sources(reading: Reading, resource: Resource, found: Stack, function: Function) -> Iterator[EventSource]:
    for logical_id, _, given in found.template.resources(_MAPPING):
        arn = text(given.get("EventSourceArn"))
        if ":dynamodb:" not in arn or "/stream/" not in arn:
            reading.notes.add(
                str(resource), f"{logical_id} is not run: its source is no stream of a table here: {arn}"
            )
            continue
        table = arn.partition(":table/")[2].partition("/")[0]
        settings = {name: given[name] for name in _SETTINGS if name in given}
        for name in ("BatchSize", "MaximumBatchingWindowInSeconds", "MaximumRetryAttempts"):
            if name in settings:
                settings[name] = number(settings[name], 1)
        position = text(given.get("StartingPosition"), "LATEST")
        yield EventSource(function.function_name, table, {"StartingPosition": position, **settings})
