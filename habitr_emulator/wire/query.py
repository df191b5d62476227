"""The awsQuery protocol: forms in, XML out; STS and IAM.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.answers import Answer, media_type, why_header
from habitr_emulator.wire.http import Request, Response
from habitr_emulator.wire.json_shapes import read
from habitr_emulator.wire.model import Member, Operation, Service, Shape, UnparsableInput
from habitr_emulator.wire.xml_shapes import value_of_text, write_members
from habitr_emulator.wire.xml_text import element, escaped

#: A form as a tree: names split at their dots.
Tree = dict[str, Any]
_TEXT = ""
_MOST_FIELDS = 10_000


def parse(operation: Operation, request: Request, labels: Mapping[str, str]) -> dict[str, Any]:
    """The operation's input, of the form body or the query string; raises InvalidInput or UnparsableInput."""
    if operation.input is None:
        return {}
    plain = _structure(operation.input, _tree(request))
    parsed: dict[str, Any] = read(operation.input, plain)
    return parsed


def _tree(request: Request) -> Tree:
    pairs = request.query()
    if media_type(request.headers) == "application/x-www-form-urlencoded":
        try:
            text = request.body.decode()
            pairs += parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError as error:
            raise UnparsableInput("The query string is malformed") from error
    tree: Tree = {}
    for name, value in pairs:
        node = tree
        for piece in name.split(".")[:20]:
            node = node.setdefault(piece, {})
        node[_TEXT] = value
    return tree


def _value(shape: Shape, tree: Tree, member: Member | None = None) -> Any:
    if shape.type == "structure":
        return _structure(shape, tree)
    if shape.type == "list":
        return _list(shape, tree, member)
    if shape.type == "map":
        return _map(shape, tree, member)
    text = tree.get(_TEXT)
    if text is None or shape.type in ("string", "timestamp", "blob"):
        return text  # the JSON reader converts these of text
    try:
        return value_of_text(shape, text)
    except ValueError as error:
        raise UnparsableInput(f"Value '{text[:64]}' is not of type {shape.type}") from error


def _structure(shape: Shape, tree: Tree) -> dict[str, Any]:
    return {
        member.wire_name: _value(member.shape, tree[member.wire_name], member)
        for member in shape.members.values()
        if member.wire_name in tree
    }


def _flat(shape: Shape, member: Member | None) -> bool:
    return bool(shape.traits.get("flattened") or (member and member.traits.get("flattened")))


def _numbered(tree: Tree) -> list[Tree]:
    """The entries ``1``, ``2`` … of a list or map, in order."""
    return [tree[key] for key in sorted((key for key in tree if key.isdecimal()), key=int)]


def _list(shape: Shape, tree: Tree, member: Member | None) -> list[Any]:
    part = shape.part("member")
    if not _flat(shape, member):
        tree = tree.get(part.traits.get("locationName", "member"), {})
    return [_value(part.shape, each) for each in _numbered(tree)]


def _map(shape: Shape, tree: Tree, member: Member | None) -> dict[str, Any]:
    key, value = shape.part("key"), shape.part("value")
    entries = _numbered(tree if _flat(shape, member) else tree.get("entry", {}))
    key_name, value_name = key.traits.get("locationName", "key"), value.traits.get("locationName", "value")
    return {
        each.get(key_name, {}).get(_TEXT, ""): _value(value.shape, each.get(value_name, {})) for each in entries
    }


def serialize(operation: Operation, output: Mapping[str, Any], answer: Answer) -> Response:
    """``<XResponse><XResult>…</XResult><ResponseMetadata>…``."""
    name, shape = operation.name, operation.output
    result = ""
    if shape is not None:
        result = element(operation.traits.get("resultWrapper", f"{name}Result"), write_members(shape, output))
    metadata = element("ResponseMetadata", element("RequestId", answer.request_id))
    namespace = f' xmlns="{operation.service.xml_namespace}"'
    return _response(answer.status or 200, element(f"{name}Response", result + metadata, namespace), answer, {})


def serialize_error(service: Service, error: AwsError, answer: Answer) -> Response:
    """``<ErrorResponse><Error><Type>Sender</Type>…``; the caller is at fault up to 499."""
    fields = {"Type": "Sender" if error.status < 500 else "Receiver", "Code": error.code, "Message": error.message}
    inner = "".join(element(name, escaped(str(value))) for name, value in (fields | error.fields).items())
    text = element("Error", inner) + element("RequestId", answer.request_id)
    namespace = f' xmlns="{service.xml_namespace}"'
    return _response(error.status, element("ErrorResponse", text, namespace), answer, why_header(error))


def _response(status: int, text: str, answer: Answer, more: Mapping[str, str]) -> Response:
    headers = {"Content-Type": "text/xml", "x-amzn-RequestId": answer.request_id}
    return Response(status, headers | dict(answer.headers) | dict(more), text.encode("utf-8", "replace"))
