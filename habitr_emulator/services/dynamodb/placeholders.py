"""The expressions of a request with their placeholders: compiled, bound to values, nothing left over.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.expressions import compiler
from habitr_emulator.services.dynamodb.expressions.compiler import Compiled, Names
from habitr_emulator.services.dynamodb.tables import Table
from habitr_emulator.wire.attribute_value import Item
from habitr_emulator.wire.number import InvalidAttributeValue
from habitr_emulator.wire.typed_value import Native, decode

_NAME_KEY = re.compile(r"#[A-Za-z0-9_.]+")
_VALUE_KEY = re.compile(r":[A-Za-z0-9_]+")
#: Every member that has to do with expressions, old and new.
_MEMBERS = frozenset(
    {"ExpressionAttributeNames", "ExpressionAttributeValues", "AttributesToGet", "AttributeUpdates", "Expected"}
    | {"ConditionalOperator", "KeyConditions", "QueryFilter", "ScanFilter", "ProjectionExpression"}
    | {"FilterExpression", "KeyConditionExpression", "UpdateExpression", "ConditionExpression"}
)


class Expressions:
    """The expression members of one request.

    ``members`` are those the operation has, in the order the service looks at them; ``legacy`` are the
    members that may not stand beside them. Raises ValidationException.
    """

    __slots__ = ("_names", "_used_names", "_used_values", "compiled", "values")

    def __init__(self, request: Mapping[str, Any], members: Sequence[str], legacy: Sequence[str] = ()) -> None:
        self.values: Mapping[str, Native] = {}
        self.compiled: dict[str, Compiled[Any]] = {}
        if _MEMBERS.isdisjoint(request):
            return
        present = [member for member in members if request.get(member) is not None]
        _refuse_mixture(present, [member for member in legacy if request.get(member) is not None])
        names = _names(request, present)
        self.values = _values(request, present, members)
        for member in present:
            self.compiled[member] = _compile(member, request[member], names)
            self.compiled[member].check(self.values)
        self._refuse_unused(names)

    def run(self, member: str) -> Any:
        """What a member compiled to, or None if the request has it not."""
        found = self.compiled.get(member)
        return None if found is None else found.run

    def check_scalars(self, table: Table) -> None:
        """Refuse paths into key attributes, which are scalars. Raises ValidationException."""
        for compiled in self.compiled.values():
            for name in sorted(compiled.nested):
                kind = table.key_kind(name)
                if kind:
                    raise ValidationException(
                        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
                        f"allowed: {kind}: {name}"
                    )

    def _refuse_unused(self, names: Names) -> None:
        """What is used is defined, so that equal numbers mean that nothing is left over."""
        every = self.compiled.values()
        used_names = {name for compiled in every for name in compiled.names}
        _refuse("ExpressionAttributeNames", [name for name, _ in names], used_names)
        used_values = {name for compiled in every for name in compiled.values}
        _refuse("ExpressionAttributeValues", self.values, used_values)


def _refuse(member: str, defined: Collection[str], used: Collection[str]) -> None:
    if len(defined) > len(used):
        unused = [name for name in defined if name not in used]
        raise ValidationException(
            f"Value provided in {member} unused in expressions: keys: {{{', '.join(unused)}}}"
        )


def _refuse_mixture(present: list[str], legacy: list[str]) -> None:
    if present and legacy:
        raise ValidationException(
            "Can not use both expression and non-expression parameters in the same request: "
            f"Non-expression parameters: {{{', '.join(legacy)}}} Expression parameters: {{{', '.join(present)}}}"
        )


def _names(request: Mapping[str, Any], present: list[str]) -> Names:
    names = request.get("ExpressionAttributeNames")
    if names is None:
        return ()
    if not present:
        raise ValidationException("ExpressionAttributeNames can only be specified when using expressions")
    if not names:
        raise ValidationException("ExpressionAttributeNames must not be empty")
    for key, name in names.items():
        if not _NAME_KEY.fullmatch(key):
            raise ValidationException(f'ExpressionAttributeNames contains invalid key: Syntax error; key: "{key}"')
        if not name:
            raise ValidationException(
                f"ExpressionAttributeNames contains invalid value: Empty attribute name for key {key}"
            )
    return tuple(names.items())


def _values(request: Mapping[str, Any], present: list[str], members: Sequence[str]) -> Mapping[str, Native]:
    values = request.get("ExpressionAttributeValues")
    if values is None:
        return {}
    if not present:
        absent = [member for member in members if member != "ProjectionExpression"]
        verb = "is" if len(absent) == 1 else "are"
        raise ValidationException(
            "ExpressionAttributeValues can only be specified when using expressions: "
            f"{' and '.join(absent)} {verb} null"
        )
    if not values:
        raise ValidationException("ExpressionAttributeValues must not be empty")
    if isinstance(values, Item) and all(map(_VALUE_KEY.fullmatch, values.native)):
        return values.native
    bound = {}
    for key, value in values.items():
        if not _VALUE_KEY.fullmatch(key):
            raise ValidationException(
                f'ExpressionAttributeValues contains invalid key: Syntax error; key: "{key}"'
            )
        try:
            bound[key] = decode(value)
        except InvalidAttributeValue as error:
            raise ValidationException(
                f"ExpressionAttributeValues contains invalid value: {error.message} for key {key}"
            ) from None
    return bound


def _compile(member: str, text: str, names: Names) -> Compiled[Any]:
    if member == "UpdateExpression":
        return compiler.compile_update(text, names)
    if member == "ProjectionExpression":
        return compiler.compile_projection(text, names)
    if member == "KeyConditionExpression":
        return compiler.compile_key_condition(text, names)
    return compiler.compile_condition(member, text, names)
