"""Variable values of a request, coerced to their declared types, with AppSync's wording.

The order of the checks and the names in the messages are graphql-java's: a null deep inside names the outer
variable, a wrong kind the innermost input field. Only the first failure is told.
"""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, GraphQLScalarType
from graphql.language import ast

from habitr_emulator.services.appsync.arguments import constant
from habitr_emulator.services.appsync.scalars import SCALARS, ScalarError, java_class, java_text


class VariableError(Exception):
    """A variable that cannot be used; ``node`` is its definition."""

    def __init__(self, message: str, node: ast.VariableDefinitionNode) -> None:
        super().__init__(message)
        self.message, self.node = message, node


def coerce(
    definitions: Mapping[str, tuple[ast.VariableDefinitionNode, Any]], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of the declared variables; ``definitions`` gives node and type by name.

    A variable that is neither given nor has a default is left out. Raises VariableError.
    """
    values: dict[str, Any] = {}
    for name, (node, expected) in definitions.items():
        if name in given:
            values[name] = _Coercion(node).value(expected, given[name], name)
        elif node.default_value is not None:
            values[name] = constant(node.default_value, expected)
        elif isinstance(expected, GraphQLNonNull):
            raise _null(node, expected)
    return values


def _null(node: ast.VariableDefinitionNode, expected: Any) -> VariableError:
    name = node.variable.name.value
    return VariableError(f"Variable '{name}' has coerced Null value for NonNull type '{expected}'", node)


class _Coercion:
    """Coerces one variable."""

    def __init__(self, node: ast.VariableDefinitionNode) -> None:
        self._node = node

    def value(self, expected: Any, value: Any, name: str) -> Any:
        if isinstance(expected, GraphQLNonNull):
            if value is None:
                raise _null(self._node, expected)
            return self.value(expected.of_type, value, name)
        if value is None:
            return None
        if isinstance(expected, GraphQLScalarType):
            return self._scalar(expected, value, name)
        if isinstance(expected, GraphQLList):
            items = value if isinstance(value, list) else [value]
            return [self.value(expected.of_type, item, name) for item in items]
        if isinstance(expected, GraphQLInputObjectType):
            return self._object(expected, value, name)
        return self._enum(expected, value, name)

    def _object(self, expected: Any, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._invalid(
                name,
                f"Expected type 'Map' but was '{java_class(value)}'. "
                "Variables for input objects must be an instance of type 'Map'.",
            )
        fields = expected.fields
        for given in value:
            if given not in fields:
                text = f"The variables input contains a field name '{given}' that is not defined"
                raise VariableError(f"{text} for input object type '{expected.name}' ", self._node)
        made = {}
        for key, field in fields.items():
            if key in value:
                made[key] = self.value(field.type, value[key], key)
            elif field.ast_node is not None and field.ast_node.default_value is not None:
                made[key] = constant(field.ast_node.default_value, field.type)
            elif isinstance(field.type, GraphQLNonNull):
                raise _null(self._node, field.type)
        return made

    def _enum(self, expected: Any, value: Any, name: str) -> str:
        if isinstance(value, str) and value in expected.values:
            return value
        raise self._invalid(
            name, f"Invalid input for Enum '{expected.name}'. No value found for name '{java_text(value)}'"
        )

    def _scalar(self, expected: Any, value: Any, name: str) -> Any:
        scalar = SCALARS.get(expected.name)
        if scalar is None:
            return value
        try:
            return scalar.parse(value)
        except ScalarError as error:
            raise self._invalid(name, str(error)) from None

    def _invalid(self, name: str, reason: str) -> VariableError:
        return VariableError(f"Variable '{name}' has an invalid value. {reason}", self._node)
