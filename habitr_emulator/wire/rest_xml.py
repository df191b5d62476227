"""The restXml protocol, as S3 speaks it.

https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
"""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from habitr_emulator.kernel.errors import AwsError, InternalFailure
from habitr_emulator.wire.answers import Answer, why_header
from habitr_emulator.wire.bindings import Misread, headers_of, located
from habitr_emulator.wire.content_hash import STREAMING, declared_hash
from habitr_emulator.wire.http import Headers, Request, Response
from habitr_emulator.wire.model import Member, Operation, Service, Shape, UnparsableInput
from habitr_emulator.wire.refusals import error_class
from habitr_emulator.wire.xml_shapes import read, write, write_members
from habitr_emulator.wire.xml_text import DECLARATION, element, escaped
from habitr_emulator.wire.xml_text import parse as parse_xml

NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
#: S3's name and words for a failure of its own.
_INTERNAL = ("InternalError", "We encountered an internal error. Please try again.")
_WRONG_ROOT = "The XML you provided was not well-formed or did not validate against our published schema"


def parse(operation: Operation, request: Request, labels: Mapping[str, str]) -> dict[str, Any]:
    """The operation's input. A streaming member gets ``request.stream`` (or ``body``) untouched.

    Raises UnparsableInput (MalformedXML), Misread (InvalidArgument), or InvalidURI.
    """
    shape = operation.input
    if shape is None:
        return {}
    _decodable(labels)
    if not operation.streaming_input and declared_hash(request) in STREAMING:
        raise error_class("InvalidRequest", 400)("The value of x-amz-content-sha256 header is invalid.")
    out = located(shape, _with_hoisted(request), labels, plus=False)
    if shape.payload is not None:
        value = _payload(shape.payload, request)
        if value is not None:
            out[shape.payload.name] = value
    elif shape.body_members and request.body.strip():
        out |= read(shape, parse_xml(request.body))
    for name in shape.required:
        if name not in out:
            _missing(shape.members[name])
    return out


def _decodable(labels: Mapping[str, str]) -> None:
    try:
        "".join(labels.values()).encode()
    except UnicodeEncodeError:
        raise error_class("InvalidURI", 400)("Couldn't parse the specified URI.") from None


def _with_hoisted(request: Request) -> Request:
    """The request with the x-amz-* parameters of a presigned URL as headers, which they stand for."""
    if "x-amz-" not in request.raw_query:
        return request
    hoisted = [pair for pair in request.query(plus=False) if pair[0].startswith("x-amz-")]
    lines = [*request.headers.lines, *(pair for pair in hoisted if pair[0] not in request.headers)]
    return Request(request.method, request.target, Headers(lines), request.body, request.stream)


def _payload(member: Member, request: Request) -> Any:
    kind = member.shape.type
    if kind == "blob":
        return request.stream if request.stream is not None else request.body
    if kind == "string":
        return request.body.decode("utf-8", "replace")
    if not request.body.strip():
        return None
    root = parse_xml(request.body)
    if root.name not in (member.wire_name, member.shape.name, member.shape.traits.get("locationName")):
        raise UnparsableInput(_WRONG_ROOT)
    return read(member.shape, root)


def _missing(member: Member) -> None:
    if member.location in ("header", "headers"):
        text = f"Missing required header for this request: {member.wire_name}"
        raise error_class("InvalidRequest", 400)(text)
    if member.location == "querystring":
        raise Misread(member.wire_name, "", "given")
    if not member.location:
        raise UnparsableInput(_WRONG_ROOT)


def serialize(operation: Operation, output: Mapping[str, Any], answer: Answer) -> Response:
    """The answer of an operation. ``Body`` (bytes, file ranges, an iterator) is passed on untouched."""
    shape = operation.output
    response = Response(answer.status or operation.response_code, identification(answer.request_id))
    if shape is not None:
        response.headers |= headers_of(shape, output)
        _fill(response, operation, shape, output)
    response.headers.update(answer.headers)
    return response


def identification(request_id: str) -> dict[str, str]:
    """``x-amz-request-id`` (the first 16 digits of ours), ``x-amz-id-2`` and ``Server``, as S3 sends them."""
    host_id = b64encode(sha256(request_id.encode()).digest()).decode()
    return {
        "x-amz-request-id": request_id.replace("-", "")[:16].upper(),
        "x-amz-id-2": host_id,
        "Server": "AmazonS3",
    }


def _fill(response: Response, operation: Operation, shape: Shape, output: Mapping[str, Any]) -> None:
    payload = shape.payload
    if payload is not None and payload.shape.type in ("blob", "string"):
        value = output.get(payload.name)
        response.body = value.encode() if isinstance(value, str) else b"" if value is None else value
        if payload.shape.type == "string":
            response.headers.setdefault("Content-Type", "application/json")
        return
    text = ""
    if payload is not None:
        value = output.get(payload.name)
        if value is not None:
            root = payload.traits.get("locationName") or payload.shape.traits.get("locationName") or payload.name
            text = write(payload.shape, root, value, NAMESPACE)
    elif shape.body_members and operation.http_method != "HEAD":
        text = _root(operation, shape, output)
    if text:
        response.headers.setdefault("Content-Type", "application/xml")
        response.body = (DECLARATION + text).encode("utf-8", "replace")


def _root(operation: Operation, shape: Shape, output: Mapping[str, Any]) -> str:
    root = operation.traits.get("outputRoot", shape.name)
    if root == "LocationConstraint":  # GetBucketLocation: the root itself holds the region
        return element(root, escaped(output.get("LocationConstraint") or ""), NAMESPACE)
    return element(root, write_members(shape, output), NAMESPACE)


def serialize_error(service: Service | None, error: AwsError, answer: Answer) -> Response:
    """``<Error>`` with the error's fields as elements; HEAD and 304 have no body."""
    headers = identification(answer.request_id) | dict(answer.headers) | why_header(error)
    if answer.method == "HEAD" or error.status == 304:
        return Response(error.status, headers)
    code, message = (error.code, error.message) if not isinstance(error, InternalFailure) else _INTERNAL
    fields = {"Code": code, "Message": message, **error.fields}
    fields |= {"RequestId": headers["x-amz-request-id"], "HostId": headers["x-amz-id-2"]}
    inner = "".join(element(name, escaped(str(value))) for name, value in fields.items() if value is not None)
    body = f"{DECLARATION}<Error>{inner}</Error>".encode("utf-8", "replace")
    return Response(error.status, headers | {"Content-Type": "application/xml"}, body)
