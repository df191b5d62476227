"""The restJson1 protocol: Lambda, AppSync's control plane, Pinpoint.

https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.answers import Answer, one_line, why_header
from habitr_emulator.wire.bindings import headers_of, located, status_of
from habitr_emulator.wire.constraints import Violation
from habitr_emulator.wire.http import Request, Response
from habitr_emulator.wire.json_rpc import dumps, loads
from habitr_emulator.wire.json_shapes import camel, missing, refuse
from habitr_emulator.wire.model import Member, Operation, Service, Shape


def parse(operation: Operation, request: Request, labels: Mapping[str, str]) -> dict[str, Any]:
    """The operation's input; raises InvalidInput or UnparsableInput."""
    shape = operation.input
    if shape is None:
        return {}
    violations: list[Violation] = []
    out = _checked(shape, located(shape, request, labels, plus=True), violations)
    if shape.payload is not None:
        value = _payload(shape.payload, request, violations)
        if value is not None:
            out[shape.payload.name] = value
    elif shape.body_members:
        out.update(shape.reader(loads(request.body), violations))
    refuse(violations)
    return out


def _checked(shape: Shape, found: Mapping[str, Any], violations: list[Violation]) -> dict[str, Any]:
    """Located members, held against their constraints."""
    out = {}
    for name, value in found.items():
        before = len(violations)
        out[name] = shape.members[name].shape.reader(value, violations)
        for violation in violations[before:]:
            violation.path.append(camel(name))
    for name in shape.required:
        if shape.members[name].location and name not in out:
            violations.append(missing(shape.members[name]))
    return out


def _payload(member: Member, request: Request, violations: list[Violation]) -> Any:
    kind = member.shape.type
    if kind == "blob":
        return request.stream if request.stream is not None else request.body
    if kind == "string":
        return request.body.decode("utf-8", "replace")
    if not request.body.strip():
        return None
    return member.shape.reader(loads(request.body), violations)


def serialize(operation: Operation, output: Mapping[str, Any], answer: Answer) -> Response:
    """The answer of an operation."""
    headers = {"x-amzn-RequestId": answer.request_id}
    shape, status, body = operation.output, operation.response_code, b""
    if shape is not None:
        headers |= headers_of(shape, output)
        status = status_of(shape, output, status)
        if shape.payload is not None:
            return _with_payload(shape.payload, output, Response(answer.status or status, headers), answer)
        members = shape.body_members
        body = dumps({m.wire_name: output[m.name] for m in members if output.get(m.name) is not None})
    if body and status != 204:
        headers["Content-Type"] = "application/json"
    return Response(answer.status or status, headers | dict(answer.headers), body if status != 204 else b"")


def _with_payload(member: Member, output: Mapping[str, Any], response: Response, answer: Answer) -> Response:
    value = output.get(member.name)
    if member.shape.type not in ("blob", "string"):
        response.body = dumps({} if value is None else value)
    elif value is not None:
        response.body = value.encode() if isinstance(value, str) else value
    response.headers.setdefault("Content-Type", "application/json")
    response.headers.update(answer.headers)
    return response


def serialize_error(service: Service, error: AwsError, answer: Answer) -> Response:
    """The answer that carries an error: its name in a header, its message in the body."""
    if service.name == "lambda":
        return error_response(error, answer, {"Type": "User", **error.fields, "Message": error.message})
    return error_response(error, answer, {**error.fields, "message": error.message})


def error_response(error: AwsError, answer: Answer, members: Mapping[str, Any]) -> Response:
    """A body of ``members`` with ``x-amzn-ErrorType``, also what API Gateway answers."""
    headers = {
        "Content-Type": "application/json",
        "x-amzn-RequestId": answer.request_id,
        "x-amzn-ErrorType": one_line(error.code),
    }
    return Response(error.status, headers | dict(answer.headers) | why_header(error), dumps(members))
