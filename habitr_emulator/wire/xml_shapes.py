"""XML read and written by the model: what S3, STS and IAM have in their bodies.

https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings
"""

import binascii
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.wire.constraints import check_of
from habitr_emulator.wire.model import Member, Shape, UnparsableInput
from habitr_emulator.wire.timestamps import format_timestamp, parse_timestamp
from habitr_emulator.wire.xml_text import Element, element, escaped

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
    if shape.type == "list":
        part = shape.part("member")
        item = part.traits.get("locationName", "member")
        return element(name, "".join(write(part.shape, item, each) for each in value), attributes)
    if shape.type == "map":
        return element(name, "".join(_entry(shape, "entry", *each) for each in value.items()), attributes)
    return element(name, escaped(_text(shape, value)), attributes)


def write_members(shape: Shape, value: Mapping[str, Any]) -> str:
    """The members of a structure, in the model's order; None is left out."""
    parts = []
    for member in shape.body_members:
        item = value.get(member.name)
        if item is None or member.traits.get("xmlAttribute"):
            continue
        if member.shape.type in ("list", "map") and _flattened(member):
            parts.append(_flat(member, item))
        else:
            parts.append(write(member.shape, member.wire_name, item))
    return "".join(parts)


def _flat(member: Member, value: Any) -> str:
    shape, name = member.shape, _flat_name(member)
    if shape.type == "map":
        return "".join(_entry(shape, name, *each) for each in value.items())
    return "".join(write(shape.part("member").shape, name, each) for each in value)


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
    out = ""
    namespace = shape.traits.get("xmlNamespace")
    if isinstance(namespace, dict) and "prefix" in namespace:
        out += f' xmlns:{namespace["prefix"]}="{namespace["uri"]}"'
    for member in shape.body_members:
        if member.traits.get("xmlAttribute") and value.get(member.name) is not None:
            out += f' {member.wire_name}="{escaped(str(value[member.name]))}"'
    return out


def _text(shape: Shape, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if shape.type == "timestamp" and not isinstance(value, str):
        return format_timestamp(value, shape.traits.get("timestampFormat", "iso8601"))
    return str(value)
