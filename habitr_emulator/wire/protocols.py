"""Every wire protocol behind the same three calls.

    request_input = parse(operation, request, labels)               # raises InvalidInput, UnparsableInput
    response = serialize(operation, output, Answer(request_id))
    response = serialize_error(service, error, Answer(request_id, method=request.method))

``refusals.invalid_input(service, exception)`` makes the AWS error of what ``parse`` raises. Surfaces without a
model (GraphQL, REST APIs) have ``error_of_endpoint``.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire import json_rpc
from habitr_emulator.wire.answers import Answer, media_type, one_line, why_header
from habitr_emulator.wire.http import Request, Response
from habitr_emulator.wire.model import Operation, Service, UnparsableInput, service

_NAMES = {"json": "json_rpc", "rest-json": "rest_json", "rest-xml": "rest_xml", "query": "query"}


@cache
def _module(protocol: str) -> ModuleType:
    """The protocol's module, imported when a request first speaks it."""
    return import_module(f"habitr_emulator.wire.{_NAMES[protocol]}")


def parse(operation: Operation, request: Request, labels: Mapping[str, str]) -> dict[str, Any]:
    """The operation's input: PascalCase keys, validated, blobs as bytes, timestamps as seconds."""
    try:
        parsed: dict[str, Any] = _module(operation.service.protocol).parse(operation, request, labels)
    except RecursionError:
        raise UnparsableInput("The request body is nested too deeply") from None
    return parsed


def serialize(operation: Operation, output: Mapping[str, Any], answer: Answer) -> Response:
    """The answer of an operation."""
    response: Response = _module(operation.service.protocol).serialize(operation, output, answer)
    return response


def serialize_error(service: Service, error: AwsError, answer: Answer) -> Response:
    """The answer that carries an error, in the shape of the service."""
    response: Response = _module(service.protocol).serialize_error(service, error, answer)
    return response


def service_to_answer(request: Request) -> Service:
    """The service in whose shape a request for a service without a model is answered: that of its protocol."""
    kind = media_type(request.headers)
    if "x-amz-target" in request.headers or kind.startswith("application/x-amz-json"):
        return service("dynamodb" if kind.endswith("1.0") else "cognito-idp")
    return service("sts" if kind == "application/x-www-form-urlencoded" else "lambda")


def error_of_endpoint(name: str, error: AwsError, answer: Answer) -> Response:
    """An error of a surface without a model (``detect.Endpoint.name``): GraphQL's for AppSync, S3's for S3, API
    Gateway's for all others.
    """
    if name.startswith("s3."):
        of_s3: Response = _module("rest-xml").serialize_error(None, error, answer)
        return of_s3
    if not name.startswith("appsync."):
        fields = {**error.fields, "message": error.message}
        of_rest: Response = _module("rest-json").error_response(error, answer, fields)
        return of_rest
    body = json_rpc.dumps({"errors": [{"errorType": error.code, "message": error.message, **error.fields}]})
    headers = {
        "Content-Type": "application/json;charset=UTF-8",
        "x-amzn-RequestId": answer.request_id,
        "x-amzn-ErrorType": one_line(error.code),
    }
    return Response(error.status, headers | dict(answer.headers) | why_header(error), body)
