"""The HTTP parts of REST inputs and outputs: path labels, query string, headers, status.

https://smithy.io/2.0/spec/http-bindings.html
"""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from habitr_emulator.wire.http import Request
from habitr_emulator.wire.model import Member, Shape, UnparsableInput
from habitr_emulator.wire.timestamps import format_timestamp, parse_timestamp

_TRUE, _FALSE = ("true", "True"), ("false", "False")


class Misread(UnparsableInput):
    """A path label, query parameter or header whose text is not of its type."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        self.name, self.value, self.wanted = name, value, wanted
        super().__init__(f"Provided {name} not {wanted}")


def located(shape: Shape, request: Request, labels: Mapping[str, str], *, plus: bool) -> dict[str, Any]:
    """The members of ``shape`` that do not travel in the body; ``plus`` reads ``+`` in a query as a blank.

    Raises Misread.
    """
    query: dict[str, list[str]] = {}
    for name, value in request.query(plus=plus):
        query.setdefault(name, []).append(value)
    out: dict[str, Any] = {}
    for member in shape.located_members:
        found = _find(member, request, labels, query)
        if found is not None:
            out[member.name] = found
    for name in request.headers.first.keys() & shape.header_members.keys():
        member = shape.header_members[name]
        found = _of_header(member, request.headers.all(name))
        if found is not None:
            out[member.name] = found
    return out


def _find(member: Member, request: Request, labels: Mapping[str, str], query: Mapping[str, list[str]]) -> Any:
    if member.location == "uri":
        text = labels.get(member.wire_name)
        return None if text is None else value_of(member, text)
    if member.location == "querystring":
        return _queried(member, query)
    return _prefixed(request, member.wire_name.lower())


def _of_header(member: Member, values: list[str]) -> Any:
    if member.shape.type == "list":
        return [piece.strip() for value in values for piece in value.split(",") if piece.strip()]
    try:
        return value_of(member, ",".join(values))
    except Misread:
        if member.shape.type == "timestamp" and "if-" in member.wire_name.lower():
            return None  # RFC 9110, 13.1.3: a condition with a date that is none is ignored
        raise


def _queried(member: Member, query: Mapping[str, list[str]]) -> Any:
    if member.shape.type == "map":
        return {name: values[-1] for name, values in query.items()}
    values = query.get(member.wire_name)
    if values is None:
        return None
    return values if member.shape.type == "list" else value_of(member, values[0])


def _prefixed(request: Request, prefix: str) -> dict[str, str]:
    """The headers that begin with ``prefix``, without it; repeated ones are joined by a comma."""
    out: dict[str, str] = {}
    for name, value in request.headers:
        if name.startswith(prefix):
            key = name[len(prefix) :]
            out[key] = f"{out[key]},{value}" if key in out else value
    return out


def value_of(member: Member, text: str) -> Any:
    """A member's value of its text outside the body; raises Misread."""
    kind = member.shape.type
    try:
        if kind in ("integer", "long"):
            return _integer(text)
        if kind in ("float", "double"):
            return float(text)
        if kind == "timestamp":
            return parse_timestamp(text)
    except (ValueError, UnparsableInput) as error:
        wanted = "a valid date" if kind == "timestamp" else "an integer or within integer range"
        raise Misread(member.wire_name, text, wanted) from error
    if kind == "boolean":
        if text not in _TRUE + _FALSE:
            raise Misread(member.wire_name, text, "a boolean")
        return text in _TRUE
    return text


def _integer(text: str) -> int:
    number = int(text)
    if "_" in text or not text.isascii() or not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def headers_of(shape: Shape, output: Mapping[str, Any]) -> dict[str, str]:
    """The response headers that an output's members make."""
    headers: dict[str, str] = {}
    for member in shape.members.values():
        value = output.get(member.name)
        if value is None:
            continue
        if member.location == "header":
            headers[member.wire_name] = text_of(member, value)
        elif member.location == "headers":
            headers.update((member.wire_name + key, each) for key, each in value.items())
    return headers


def status_of(shape: Shape, output: Mapping[str, Any], otherwise: int) -> int:
    """The status, if a member of the output holds it."""
    for member in shape.members.values():
        if member.location == "statusCode" and output.get(member.name):
            return int(output[member.name])
    return otherwise


def text_of(member: Member, value: Any) -> str:
    """A value as header text."""
    shape = member.shape
    if isinstance(value, bool):
        return "true" if value else "false"
    if shape.type == "timestamp" and not isinstance(value, str):
        style = member.traits.get("timestampFormat") or shape.traits.get("timestampFormat") or "rfc822"
        return format_timestamp(value, style)
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return str(value)
