"""JSON values read by the model: types converted, constraints checked, in one pass of compiled closures.

Unknown members are dropped and ``null`` means absent. A wrong JSON type raises UnparsableInput at once, broken
constraints are collected. Blobs become bytes, timestamps seconds since 1970 (float).
"""

import binascii
import math
from collections.abc import Callable
from typing import Any, Literal

from habitr_emulator.wire.constraints import Check, Violation, check_of, described, shown
from habitr_emulator.wire.model import InvalidInput, Member, Reader, Shape, UnparsableInput
from habitr_emulator.wire.timestamps import parse_timestamp

_SCALARS = ("string", "integer", "long", "double", "float", "boolean", "blob", "timestamp")
_MOST_VIOLATIONS = 100


def read(shape: Shape, value: Any) -> Any:
    """``value`` (parsed JSON) as an input of ``shape``; raises InvalidInput or UnparsableInput."""
    violations: list[Violation] = []
    out = shape.reader(value, violations)
    refuse(violations)
    return out


def refuse(violations: list[Violation]) -> None:
    """Raise InvalidInput if there are violations."""
    if violations:
        raise InvalidInput([str(violation) for violation in violations[:_MOST_VIOLATIONS]])


def reader_of(shape: Shape) -> Reader:
    """The compiled reader of a shape (use ``shape.reader``, which keeps it)."""
    if shape.traits.get("document"):
        return lambda value, _: value
    if shape.type == "structure":
        return _structure(shape)
    if shape.type == "list":
        return _list(shape)
    if shape.type == "map":
        return _attribute_map(shape) if _is_attribute_value(shape.part("value").shape) else _map(shape)
    convert, check = _CONVERTERS[shape.type](shape), check_of(shape)
    return _checked(shape, convert, check) if check else lambda value, _: convert(value)


def camel(name: str) -> str:
    """``UserPoolId`` -> ``userPoolId``, as paths in messages have it."""
    return name[:1].lower() + name[1:]


def _checked(shape: Shape, convert: Callable[[Any], Any], check: Check) -> Reader:
    def reader(value: Any, violations: list[Violation]) -> Any:
        converted = convert(value)
        broken = check(converted)
        if broken:
            violations.extend(Violation(shown(value, shape), constraint) for constraint in broken)
        return converted

    return reader


def _under(violations: list[Violation], start: int, *path: str) -> None:
    """Put the violations since ``start`` below ``path`` (innermost name first)."""
    for violation in violations[start:]:
        violation.path.extend(path)


def _structure(shape: Shape) -> Reader:
    fields: dict[str, tuple[str, Reader]] = {}
    required = tuple(name for name in shape.required if not shape.members[name].location)

    def reader(value: Any, violations: list[Violation]) -> dict[str, Any]:
        if type(value) is not dict:
            raise UnparsableInput(_misplaced(value))
        if not fields:  # filled at the first call, because shapes refer to themselves
            fields.update((m.wire_name, (m.name, m.shape.reader)) for m in shape.body_members)
        out: dict[str, Any] = {}
        for key, item in value.items():
            field = fields.get(key)
            if item is None or field is None:
                continue
            before = len(violations)
            out[field[0]] = field[1](item, violations)
            if len(violations) != before:
                _under(violations, before, camel(field[0]))
        for name in required:
            if name not in out:
                violations.append(missing(shape.members[name]))
        return out

    return reader


def missing(member: Member) -> Violation:
    """The violation of a required member that is not there."""
    return Violation(shown(None, member.shape), "Member must not be null", camel(member.name))


def _list(shape: Shape) -> Reader:
    element = shape.part("member").shape
    read_element, check = element.reader, check_of(shape)
    scalar = element.type in _SCALARS

    def reader(value: Any, violations: list[Violation]) -> list[Any]:
        if type(value) is not list:
            raise UnparsableInput(_misplaced(value))
        out, start = [], len(violations)
        for number, item in enumerate(value, 1):
            before = len(violations)
            if item is None:
                violations.append(Violation("Value null", "Member must not be null"))
            else:
                out.append(read_element(item, violations))
            if len(violations) != before:
                _under(violations, before, "member", str(number))
        if scalar and len(violations) != start:
            _gathered(violations, start, value, shape, "member")
        _own(shape, check, value, violations)
        return out

    return reader


def _map(shape: Shape) -> Reader:
    key_shape, value_shape = shape.part("key").shape, shape.part("value").shape
    read_value, check_key, check = value_shape.reader, check_of(key_shape), check_of(shape)
    scalar = value_shape.type in _SCALARS

    def reader(value: Any, violations: list[Violation]) -> dict[str, Any]:
        if type(value) is not dict:
            raise UnparsableInput(_misplaced(value))
        out, start = {}, len(violations)
        for key, item in value.items():
            if item is None:
                continue
            before = len(violations)
            out[key] = read_value(item, violations)
            if len(violations) != before:
                _under(violations, before, "member", key)
        if scalar and len(violations) != start:
            _gathered(violations, start, value, shape, "value")
        if check_key and any(check_key(key) for key in out):
            text = f"Map keys must satisfy constraint: {described(key_shape)}"
            violations.append(Violation(shown(value, shape), text))
        _own(shape, check, value, violations)
        return out

    return reader


def _is_attribute_value(shape: Shape) -> bool:
    return shape.name == "AttributeValue" and shape.type == "structure" and "BOOL" in shape.members


def _attribute_map(shape: Shape) -> Reader:
    """DynamoDB's items, keys and expression values: what is as it should be is decoded at once."""
    from habitr_emulator.wire.attribute_value import InvalidAttributeValue, Item
    from habitr_emulator.wire.typed_value import read_map

    careful = _map(shape)

    def reader(value: Any, violations: list[Violation]) -> Any:
        if type(value) is dict:
            try:
                return Item.from_native(read_map(value))
            except (ValueError, InvalidAttributeValue):
                pass  # the careful reader, or the service, says what is wrong
        read = careful(value, violations)
        return read if len(read) == len(value) else {name: read.get(name) for name in value}

    return reader


def _own(shape: Shape, check: Check | None, value: Any, violations: list[Violation]) -> None:
    """Check the constraints of a collection itself (its length)."""
    if check:
        violations.extend(Violation(shown(value, shape), broken) for broken in check(value))


def _gathered(
    violations: list[Violation], start: int, value: Any, shape: Shape, part: Literal["member", "value"]
) -> None:
    """Replace the violations of scalar elements since ``start`` by one of the collection, as AWS does."""
    who = "Map value" if part == "value" else "Member"
    text = f"{who} must satisfy constraint: {described(shape.part(part).shape)}"
    violations[start:] = [Violation(shown(value, shape), text)]


def _misplaced(value: Any) -> str:
    """What AWS says of a value of the wrong JSON type where a collection is wanted."""
    if isinstance(value, list):
        return "Start of list found where not expected"
    if isinstance(value, dict):
        return "Start of structure or map found where not expected."
    return f"Unrecognized collection type class {_JAVA.get(type(value), 'java.lang.Object')}"  # guess: wording


_JAVA = {str: "java.lang.String", bool: "java.lang.Boolean", int: "java.lang.Integer", float: "java.lang.Double"}


def _wrong(value: Any, wanted: str) -> UnparsableInput:
    """What AWS says of a scalar of the wrong JSON type."""
    if isinstance(value, dict | list):
        return UnparsableInput(_misplaced(value))
    if isinstance(value, bool):
        found = f"{str(value).upper()}_VALUE"
    else:
        found = {str: "STRING_VALUE", int: "NUMBER_VALUE"}.get(type(value), "DECIMAL_VALUE")
    return UnparsableInput(f"{found} cannot be converted to {wanted}")


def _string(value: Any) -> str:
    if type(value) is str:
        return value
    raise _wrong(value, "String")


def _whole(bits: int) -> Callable[[Shape], Callable[[Any], int]]:
    most = 1 << (bits - 1)

    def convert(value: Any) -> int:
        if type(value) is int or (type(value) is float and value.is_integer()):
            number = int(value)
            if -most <= number < most:
                return number
        raise _wrong(value, "Integer")

    return lambda _: convert


def _double(value: Any) -> float:
    if type(value) in (int, float):
        return float(value)
    if value in ("NaN", "Infinity", "-Infinity"):
        return math.nan if value == "NaN" else float(value)
    raise _wrong(value, "Double")


def _boolean(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise _wrong(value, "Boolean")


def _blob(value: Any) -> bytes:
    if type(value) is not str:
        raise _wrong(value, "Blob")
    try:
        return binascii.a2b_base64(value, strict_mode=True)
    except ValueError as error:
        raise UnparsableInput("Invalid Base64 encoding") from error  # guess: wording


def _timestamp(shape: Shape) -> Callable[[Any], float]:
    style = shape.traits.get("timestampFormat", "")

    def convert(value: Any) -> float:
        if type(value) in (int, float):
            return float(value)
        if type(value) is not str:
            raise _wrong(value, "Timestamp")
        return parse_timestamp(value, style)

    return convert


_CONVERTERS: dict[str, Callable[[Shape], Callable[[Any], Any]]] = {
    "string": lambda _: _string,
    "integer": _whole(32),
    "long": _whole(64),
    "double": lambda _: _double,
    "float": lambda _: _double,
    "boolean": lambda _: _boolean,
    "blob": lambda _: _blob,
    "timestamp": _timestamp,
}
