"""Argument values of a field, compiled to a function of the request's variables.

A resolver may change its arguments (``$ctx.args.put``), so every call makes them anew.
"""

from collections.abc import Callable, Mapping
from typing import Any

import graphql as gql
from graphql.language import ast

from habitr_emulator.services.appsync.literals import plain
from habitr_emulator.services.appsync.scalars import SCALARS

Arguments = Callable[[Mapping[str, Any]], dict[str, Any]]
Value = Callable[[Mapping[str, Any]], Any]


class Omitted(Exception):
    """A variable without a value, in a place that may be left out."""


def fresh(value: Any) -> Any:
    """A copy whose maps and lists are its own."""
    if isinstance(value, dict):
        return {key: fresh(item) for key, item in value.items()}
    if isinstance(value, list):
        return [fresh(item) for item in value]
    return value


def constant(node: ast.ValueNode, expected: Any) -> Any:
    """The value of a literal without variables."""
    return _value(node, expected)({})


def compile_arguments(field: Any, node: ast.FieldNode) -> tuple[Arguments, frozenset[str]]:
    """The arguments of ``node`` by its definition ``field``, and the names that the document gives.

    Defaults of the schema fill in what is missing; what stays missing is left out.
    """
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    return _members(field.args, given), frozenset(given)


def _members(definitions: Mapping[str, Any], given: Mapping[str, ast.ValueNode]) -> Arguments:
    """A function that makes a map of arguments or input fields, in the order of their definitions."""
    parts: list[tuple[str, Value]] = []
    for name, definition in definitions.items():
        default = definition.ast_node.default_value if definition.ast_node is not None else None
        if name in given:
            parts.append((name, _or_default(_value(given[name], definition.type), default, definition.type)))
        elif default is not None:
            parts.append((name, _value(default, definition.type)))

    if not parts:
        return lambda _: {}

    def make(variables: Mapping[str, Any]) -> dict[str, Any]:
        made = {}
        for name, value in parts:
            try:
                made[name] = value(variables)
            except Omitted:
                continue
        return made

    return make


def _or_default(value: Value, default: ast.ValueNode | None, expected: Any) -> Value:
    if default is None:
        return value
    fallback = _value(default, expected)

    def choose(variables: Mapping[str, Any]) -> Any:
        try:
            return value(variables)
        except Omitted:
            return fallback(variables)

    return choose


def _value(node: ast.ValueNode, expected: Any) -> Value:
    """A function that makes the value of a (valid) literal of a type."""
    if isinstance(node, ast.VariableNode):
        return _variable(node.name.value)
    if gql.is_non_null_type(expected):
        return _value(node, expected.of_type)
    if isinstance(node, ast.NullValueNode):
        return lambda _: None
    if gql.is_list_type(expected):
        return _list(node, expected.of_type)
    if gql.is_input_object_type(expected) and isinstance(node, ast.ObjectValueNode):
        return _members(expected.fields, {item.name.value: item.value for item in node.fields or ()})
    return _leaf(node, expected)


def _variable(name: str) -> Value:
    def read(variables: Mapping[str, Any]) -> Any:
        if name not in variables:
            raise Omitted(name)
        value = variables[name]
        return fresh(value) if value.__class__ in (dict, list) else value

    return read


def _list(node: ast.ValueNode, item_type: Any) -> Value:
    items = (node.values or ()) if isinstance(node, ast.ListValueNode) else (node,)
    parts = [_value(item, item_type) for item in items]

    def make(variables: Mapping[str, Any]) -> list[Any]:
        made = []
        for part in parts:
            try:
                made.append(part(variables))
            except Omitted:
                made.append(None)
        return made

    return make


def _leaf(node: ast.ValueNode, expected: Any) -> Value:
    scalar = SCALARS.get(expected.name)
    value = plain(node)
    made = scalar.parse(value) if scalar is not None else value
    if isinstance(made, (dict, list)):
        return lambda _: fresh(made)
    return lambda _: made
