"""Compares two SDL texts by meaning: order, descriptions and AWS's own scalars and directives do not count."""

from typing import Any

from graphql import parse
from graphql import print_ast as print_node

_AWS_SCALARS = frozenset(
    [
        "AWSDate",
        "AWSTime",
        "AWSDateTime",
        "AWSTimestamp",
        "AWSEmail",
        "AWSJSON",
        "AWSURL",
        "AWSPhone",
        "AWSIPAddress",
    ]
)


def differences(wanted: str, got: str) -> list[str]:
    """What is missing, extra or different; empty when both mean the same."""
    want, have = _model(wanted), _model(got)
    lines = [f"missing {path}: {want[path]}" for path in want if path not in have]
    lines += [f"extra {path}: {have[path]}" for path in have if path not in want]
    lines += [
        f"different {path}: want {want[path]}, got {have[path]}"
        for path in want
        if path in have and want[path] != have[path]
    ]
    return sorted(lines)


def _model(sdl: str) -> dict[str, Any]:
    """Every definition, field, argument, enum value and member under its path."""
    found: dict[str, Any] = {}
    for node in parse(sdl, no_location=True).definitions:
        name = getattr(getattr(node, "name", None), "value", "schema")
        if node.kind == "directive_definition" or name in _AWS_SCALARS:
            continue
        kind = node.kind.replace("_extension", "_definition")
        found.setdefault(name, [kind, set()])[1].update(_directives(node))
        for field in getattr(node, "fields", None) or ():
            found[f"{name}.{field.name.value}"] = _field(field)
            for argument in getattr(field, "arguments", None) or ():
                found[f"{name}.{field.name.value}({argument.name.value})"] = _field(argument)
        for value in getattr(node, "values", None) or ():
            found[f"{name}.{value.name.value}"] = _directives(value)
        for member in [*(getattr(node, "types", None) or ()), *(getattr(node, "interfaces", None) or ())]:
            found[f"{name}|{member.name.value}"] = True
    return found


def _field(node: Any) -> tuple[str, str, frozenset[str]]:
    default = getattr(node, "default_value", None)
    return print_node(node.type), print_node(default) if default else "", _directives(node)


def _directives(node: Any) -> frozenset[str]:
    return frozenset(_directive(item) for item in node.directives or ())


def _directive(item: Any) -> str:
    arguments = sorted(
        f"{argument.name.value}: {sorted(map(print_node, argument.value.values))}"
        if argument.value.kind == "list_value"
        else print_node(argument)
        for argument in item.arguments or ()
    )
    return f"@{item.name.value}({', '.join(arguments)})"
