"""The awsJson 1.0 and 1.1 protocols: Cognito and DynamoDB.

https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
"""

import zlib
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.answers import Answer, one_line, why_header
from habitr_emulator.wire.http import Request, Response
from habitr_emulator.wire.json_shapes import read
from habitr_emulator.wire.model import Operation, Service, UnparsableInput


def parse(operation: Operation, request: Request, labels: Mapping[str, str]) -> dict[str, Any]:
    """The operation's input; raises InvalidInput or UnparsableInput."""
    document = loads(request.body)
    if operation.input is None:
        return {}
    parsed: dict[str, Any] = read(operation.input, document)
    return parsed


def loads(body: bytes) -> Any:
    """A JSON document; an empty body is ``{}``. Raises UnparsableInput."""
    if not body.strip():
        return {}
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnparsableInput("Unable to parse the request body as JSON") from error  # guess: wording


def dumps(value: Any) -> bytes:
    """A JSON document; bytes become base64, what has ``.json`` or ``.typed`` what it stands for."""
    return orjson.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    json = getattr(value, "json", None)
    if json is not None:
        return json
    typed = getattr(value, "typed", None)
    if typed is not None:
        return typed() if callable(typed) else typed
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(value).decode()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"not JSON: {type(value).__name__}")


def serialize(operation: Operation, output: Mapping[str, Any], answer: Answer) -> Response:
    """The answer of an operation; without an output shape its body is empty."""
    body = b"" if operation.output is None else dumps(output if type(output) is dict else dict(output))
    return _response(operation.service, answer.status or 200, body, answer)


def serialize_error(service: Service, error: AwsError, answer: Answer) -> Response:
    """The answer that carries an error; ``__type`` has the namespace that the service's errors have."""
    namespace = getattr(error, "namespace", None)
    if namespace is None:
        namespace = "com.amazonaws.dynamodb.v20120810" if service.signing_name == "dynamodb" else ""
    kind = f"{namespace}#{error.code}" if namespace else error.code
    body = dumps({"__type": kind, "message": error.message, **error.fields})
    headers = {"x-amzn-ErrorType": f"{error.code}:", "x-amzn-ErrorMessage": one_line(error.message)}
    response = _response(service, error.status, body, answer)
    response.headers |= headers | why_header(error)
    return response


def _response(service: Service, status: int, body: bytes, answer: Answer) -> Response:
    headers = {
        "Content-Type": f"application/x-amz-json-{service.json_version}",
        "x-amzn-RequestId": answer.request_id,
    }
    if service.signing_name == "dynamodb":
        headers["x-amz-crc32"] = str(zlib.crc32(body))
    headers.update(answer.headers)
    return Response(status, headers, body)
