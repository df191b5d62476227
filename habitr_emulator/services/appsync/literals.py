"""Literal values of a document: do they fit their type, and how AppSync prints them in messages.

The wording is graphql-java's, on which AppSync is built.
"""

from typing import Any

import graphql as gql
from graphql.language import ast

from habitr_emulator.services.appsync.scalars import SCALARS, ScalarError

_KINDS: dict[str, tuple[type[ast.ValueNode], ...]] = {
    "Int": (ast.IntValueNode,),
    "Float": (ast.IntValueNode, ast.FloatValueNode),
    "Boolean": (ast.BooleanValueNode,),
    "ID": (ast.IntValueNode, ast.StringValueNode),
    "AWSTimestamp": (ast.IntValueNode,),
}
#: No scalar has room for longer numbers, and Python refuses to read much longer ones.
MOST_DIGITS = 300


def java_kind(node: ast.ValueNode) -> str:
    """graphql-java's name of a value node's class."""
    names = {"ListValueNode": "ArrayValue", "VariableNode": "VariableReference"}
    name = type(node).__name__.removeprefix("Const")
    return names.get(name) or name.removesuffix("Node")


def printed(node: ast.ValueNode) -> str:
    """A value node as graphql-java prints it: ``StringValue{value='x'}``."""
    kind = java_kind(node)
    if isinstance(node, (ast.IntValueNode, ast.FloatValueNode)):
        return f"{kind}{{value={node.value}}}"
    if isinstance(node, ast.BooleanValueNode):
        return f"{kind}{{value={'true' if node.value else 'false'}}}"
    if isinstance(node, ast.StringValueNode):
        return f"{kind}{{value='{node.value}'}}"
    if isinstance(node, ast.EnumValueNode):
        return f"{kind}{{name='{node.value}'}}"
    if isinstance(node, ast.ListValueNode):
        return f"{kind}{{values=[{', '.join(map(printed, node.values or ()))}]}}"
    if isinstance(node, ast.ObjectValueNode):
        fields = (
            f"ObjectField{{name='{item.name.value}', value={printed(item.value)}}}" for item in node.fields or ()
        )
        return f"{kind}{{objectFields=[{', '.join(fields)}]}}"
    if isinstance(node, ast.VariableNode):
        return f"{kind}{{name='{node.name.value}'}}"
    return f"{kind}{{}}"


def plain(node: ast.ValueNode) -> Any:
    """The JSON value of a literal without variables, whatever its type."""
    if isinstance(node, ast.IntValueNode):
        return int(node.value)
    if isinstance(node, ast.FloatValueNode):
        return float(node.value)
    if isinstance(node, (ast.StringValueNode, ast.BooleanValueNode, ast.EnumValueNode)):
        return node.value
    if isinstance(node, ast.ListValueNode):
        return [plain(item) for item in node.values or ()]
    if isinstance(node, ast.ObjectValueNode):
        return {item.name.value: plain(item.value) for item in node.fields or ()}
    return None


def problem(node: ast.ValueNode, expected: Any, path: str) -> str | None:
    """What is wrong with the literal of the argument ``path`` (``input.tags[0]``), or None."""
    if isinstance(node, ast.VariableNode):
        return None
    if gql.is_non_null_type(expected):
        if isinstance(node, ast.NullValueNode):
            return _told(path, node, "must not be null")
        return problem(node, expected.of_type, path)
    if isinstance(node, ast.NullValueNode):
        return None
    if gql.is_list_type(expected):
        return _list_problem(node, expected, path)
    if gql.is_input_object_type(expected):
        return _object_problem(node, expected, path)
    wrong = leaf_problem(node, expected)
    return _told(path, node, f"is not a valid '{expected.name}' - {wrong}") if wrong else None


def _told(path: str, node: ast.ValueNode, reason: str) -> str:
    return f"argument '{path}' with value '{printed(node)}' {reason}"


def _list_problem(node: ast.ValueNode, expected: Any, path: str) -> str | None:
    if not isinstance(node, ast.ListValueNode):
        return problem(node, expected.of_type, path)
    found = (problem(item, expected.of_type, f"{path}[{index}]") for index, item in enumerate(node.values or ()))
    return next(filter(None, found), None)


def _object_problem(node: ast.ValueNode, expected: Any, path: str) -> str | None:
    if not isinstance(node, ast.ObjectValueNode):
        return _told(path, node, "must be an object type")
    given = {item.name.value: item for item in node.fields or ()}
    missing = [
        name for name, field in expected.fields.items() if gql.is_required_input_field(field) and name not in given
    ]
    if missing:
        return _told(path, node, f"is missing required fields '[{', '.join(missing)}]'")
    for name, item in given.items():
        if name not in expected.fields:
            return _told(path, node, f"contains a field not in '{expected.name}': '{name}'")
        found = problem(item.value, expected.fields[name].type, f"{path}.{name}")
        if found:
            return found
    return None


def leaf_problem(node: ast.ValueNode, expected: Any) -> str | None:
    """Why a literal is no value of a scalar or enum, or None."""
    if gql.is_enum_type(expected):
        if not isinstance(node, ast.EnumValueNode):
            return f"Expected AST type 'EnumValue' but was '{java_kind(node)}'."
        if node.value not in expected.values:
            return f"Expected enum literal value not in allowable values -  '{printed(node)}'."
        return None
    scalar = SCALARS.get(expected.name)
    if scalar is None:
        return None
    kinds = _KINDS.get(expected.name, (ast.StringValueNode,))
    if not isinstance(node, kinds):
        names = " or ".join(f"'{kind.__name__.removesuffix('Node')}'" for kind in kinds)
        return f"Expected AST type {names} but was '{java_kind(node)}'."
    if isinstance(node, (ast.IntValueNode, ast.FloatValueNode)) and len(node.value) > MOST_DIGITS:
        return f"Expected a number of at most {MOST_DIGITS} characters but it has {len(node.value)}"
    if expected.name == "Int" and not -(2**31) <= int(plain(node)) < 2**31:
        return f"Expected value to be in the Integer range but it was '{plain(node)}'"
    try:
        scalar.parse(plain(node))
    except ScalarError as error:
        return str(error)
    return None
