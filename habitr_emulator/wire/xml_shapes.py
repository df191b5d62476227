"""XML read and written by the model: what S3, STS and IAM have in their bodies.

https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings
"""

import binascii
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from habitr_emulator.wire.constraints import check_of
from habitr_emulator.wire.model import Member, Shape, UnparsableInput
from habitr_emulator.wire.timestamps import format_timestamp, parse_timestamp
from habitr_emulator.wire.xml_text import Element, element, escaped

Emit = Callable[[Any], str]
_MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema"


def read(shape: Shape, found: Element) -> Any:
    """An element as a value of ``shape``; raises UnparsableInput where it does not fit, also an unknown enum value
    or a missing required member.
    """
    if shape.type == "structure":
        return _read_structure(shape, found)
    if shape.type == "list":
        part = shape.part("member")
        return [read(part.shape, child) for child in found.all(part.traits.get("locationName", "member"))]
    if shape.type == "map":
        return _read_entries(shape, found.all("entry"))
    return _read_text(shape, found.text)


def _read_structure(shape: Shape, found: Element) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for member in shape.body_members:
        value = _read_member(member, found)
        if value is not None:
            out[member.name] = value
    if any(name not in out for name in shape.required if not shape.members[name].location):
        raise UnparsableInput(_MALFORMED)
    return out


def _read_member(member: Member, found: Element) -> Any:
    shape = member.shape
    if member.traits.get("xmlAttribute"):
        return found.attributes.get(member.wire_name.rpartition(":")[2])
    if shape.type in ("list", "map") and _flattened(member):
        children = found.all(_flat_name(member))
        if not children:
            return None
        if shape.type == "map":
            return _read_entries(shape, children)
        return [read(shape.part("member").shape, child) for child in children]
    children = found.all(member.wire_name)
    return read(shape, children[0]) if children else None


def _read_entries(shape: Shape, entries: Sequence[Element]) -> dict[str, Any]:
    key, value = shape.part("key"), shape.part("value")
    key_name, value_name = key.traits.get("locationName", "key"), value.traits.get("locationName", "value")
    out = {}
    for entry in entries:
        keys, values = entry.all(key_name), entry.all(value_name)
        if keys and values:
            out[keys[0].text] = read(value.shape, values[0])
    return out


def _read_text(shape: Shape, text: str) -> Any:
    try:
        value = value_of_text(shape, text)
    except ValueError as error:
        raise UnparsableInput(_MALFORMED) from error
    check = check_of(shape) if "enum" in shape.traits else None
    if check and check(value):
        raise UnparsableInput(_MALFORMED)
    return value


def value_of_text(shape: Shape, text: str) -> Any:
    """A scalar of its text in XML or in a form; raises ValueError or UnparsableInput."""
    if shape.type in ("integer", "long"):
        return int(text.strip())
    if shape.type in ("float", "double"):
        return float(text)
    if shape.type == "boolean":
        return (
            {"true": True, "false": False}[text.strip().lower()] if text.strip().lower() in _TRUTHS else _no(text)
        )
    if shape.type == "blob":
        return binascii.a2b_base64(text, strict_mode=True)
    if shape.type == "timestamp":
        return parse_timestamp(text)
    return text


_TRUTHS = ("true", "false")


def _no(text: str) -> bool:
    raise ValueError(text)


def write(shape: Shape, name: str, value: Any, attributes: str = "") -> str:
    """A value of ``shape`` as an element ``name``."""
    if shape.type == "structure":
        return element(name, write_members(shape, value), attributes + _attributes(shape, value))
    return element(name, _inner(shape)(value), attributes)


def write_members(shape: Shape, value: Mapping[str, Any]) -> str:
    """The members of a structure, in the model's order; None is left out."""
    parts = []
    for member, emit in _emitters(shape):
        item = value.get(member)
        if item is not None:
            parts.append(emit(item))
    return "".join(parts)


@cache
def _emitters(shape: Shape) -> tuple[tuple[str, Emit], ...]:
    """What writes each member of a structure that is an element."""
    return tuple(
        (member.name, _emitter(member)) for member in shape.body_members if not member.traits.get("xmlAttribute")
    )


def _emitter(member: Member) -> Emit:
    shape = member.shape
    if shape.type == "structure":
        return lambda value: write(shape, member.wire_name, value)
    if shape.type not in ("list", "map") or not _flattened(member):
        tag, inner = member.wire_name, _inner(shape)
        return lambda value: element(tag, inner(value))
    name = _flat_name(member)
    if shape.type == "map":
        return lambda value: "".join(_entry(shape, name, *each) for each in value.items())
    part = shape.part("member").shape
    return lambda value: "".join([write(part, name, each) for each in value])


@cache
def _inner(shape: Shape) -> Emit:
    """What writes the content of an element that is no structure."""
    if shape.type == "list":
        part = shape.part("member")
        item = part.traits.get("locationName", "member")
        return lambda value: "".join([write(part.shape, item, each) for each in value])
    if shape.type == "map":
        return lambda value: "".join(_entry(shape, "entry", *each) for each in value.items())
    if shape.type == "string":
        return lambda value: escaped(value if isinstance(value, str) else _text(shape, value))
    return lambda value: escaped(_text(shape, value))


def _flattened(member: Member) -> bool:
    return bool(member.traits.get("flattened") or member.shape.traits.get("flattened"))


def _flat_name(member: Member) -> str:
    """The name of a flattened list's elements: the member's, unless only its element has one."""
    if "locationName" in member.traits or member.shape.type == "map":
        return member.wire_name
    return str(member.shape.part("member").traits.get("locationName", member.wire_name))


def _entry(shape: Shape, name: str, key: str, value: Any) -> str:
    key_part, value_part = shape.part("key"), shape.part("value")
    inner = write(key_part.shape, key_part.traits.get("locationName", "key"), key)
    return element(name, inner + write(value_part.shape, value_part.traits.get("locationName", "value"), value))


def _attributes(shape: Shape, value: Mapping[str, Any]) -> str:
    """The attributes of a structure (``xsi:type`` of an S3 grantee)."""
    namespace, members = _attributed(shape)
    written = (
        f' {member.wire_name}="{escaped(str(value[member.name]))}"'
        for member in members
        if value.get(member.name) is not None
    )
    return namespace + "".join(written) if members else namespace


@cache
def _attributed(shape: Shape) -> tuple[str, tuple[Member, ...]]:
    """A structure's namespace declaration, and its members that are attributes."""
    declared = ""
    namespace = shape.traits.get("xmlNamespace")
    if isinstance(namespace, dict) and "prefix" in namespace:
        declared = f' xmlns:{namespace["prefix"]}="{namespace["uri"]}"'
    return declared, tuple(member for member in shape.body_members if member.traits.get("xmlAttribute"))


def _text(shape: Shape, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if shape.type == "timestamp" and not isinstance(value, str):
        return format_timestamp(value, shape.traits.get("timestampFormat", "iso8601"))
    return str(value)
