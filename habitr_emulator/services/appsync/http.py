"""GraphQL over HTTP: ``POST`` and ``GET /graphql``, and ``/ping``.

A request that runs is answered with 200, whatever its errors; what ends it before is an AwsError, told in
GraphQL's ``errors`` form with AppSync's status.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

import orjson

from habitr_emulator.kernel.errors import AwsError, InternalFailure
from habitr_emulator.services.appsync.apis import Apis, DeployedApi
from habitr_emulator.services.appsync.authorization import authenticate
from habitr_emulator.services.appsync.errors import (
    MalformedHttpRequestException,
    NotFoundException,
    RequestEntityTooLarge,
)
from habitr_emulator.services.appsync.execution import execute
from habitr_emulator.services.appsync.preparation import Query, Refused, prepare
from habitr_emulator.services.appsync.reason import reason
from habitr_emulator.services.appsync.scalars import plain_number
from habitr_emulator.services.context import Context
from habitr_emulator.wire.http import Request, Response

LARGEST_BODY: Final = 1024 * 1024
_JSON: Final = "application/json;charset=UTF-8"


async def handle(request: Request, context: Context) -> Response:
    """Answer one request to a GraphQL API as ``context.caller``. Never raises AwsError."""
    if request.path == "/ping":
        return Response(200, {"content-type": "text/plain; charset=UTF-8"}, b"healthy")
    try:
        body = await _answer(request, context)
        status, more = 200, {}
    except AwsError as error:
        status, more = error.status, {"x-amzn-errortype": error.code}
        told = _transport_error(error)
        more["x-habitr-why"] = why = error.why or reason([told])
        context.span.note(why=why)
        body = orjson.dumps({"errors": [told]})
    headers = {"content-type": _JSON, "x-amzn-requestid": context.request_id}
    for name, value in (context.response_headers | more).items():
        headers[name] = _header(value)
    return Response(status, headers, body)


def _header(value: str) -> str:
    """A value that may stand in a header line."""
    return " ".join(value.split()).encode("latin-1", "replace").decode("latin-1")


def _transport_error(error: AwsError) -> dict[str, Any]:
    if isinstance(error, InternalFailure):
        return {"errorType": error.code, "message": "An internal failure occurred while resolving this request."}
    return {"errorType": error.code, "message": error.message}


async def _answer(request: Request, context: Context) -> bytes:
    apis = context.account.part(Apis)
    api = apis.find(request.host, request.path)
    if api is None:
        raise NotFoundException("GraphQL API not found.", why=apis.absence(request.host + request.path))
    try:
        members = _members(request)
    except AwsError:
        if context.caller.kind != "other":  # who may not ask learns no more than that
            await authenticate(api.spec, context, {}, api.lambda_decisions)
        raise
    requester = await authenticate(api.spec, context, members, api.lambda_decisions)
    context.span.note(api=api.api_id, **requester.told())
    answer = await _run(api, requester, members, context)
    if "errors" in answer:
        why = context.span.facts.setdefault("why", reason(answer["errors"]))
        context.response_headers.setdefault("x-habitr-why", why)
    return encode(answer)


async def _run(api: DeployedApi, requester: Any, members: Mapping[str, Any], context: Context) -> dict[str, Any]:
    schema = api.schema
    query = Query(members["query"], members["variables"], members["operationName"])
    try:
        prepared = prepare(schema, requester, query, context)
    except Refused as error:
        return {"data": None, "errors": error.errors}
    kind = prepared.operation.kind
    context.span.note(operation=kind, fields=[item.name for item in prepared.plan.fields])
    if kind == "subscription":
        text = "Subscriptions are not supported over HTTP"
        return {"data": None, "errors": [{"errorType": "OperationNotSupported", "message": text}]}
    if kind == "query" or not schema.listeners:
        return await execute(prepared, context)
    from habitr_emulator.services.appsync.realtime.publish import publisher

    return await execute(prepared, context, publisher(schema, context))


def encode(answer: Mapping[str, Any]) -> bytes:
    """An answer as JSON; decimals become numbers."""
    return orjson.dumps(answer, default=plain_number)


def _members(request: Request) -> dict[str, Any]:
    """``query``, ``variables`` and ``operationName`` of a request; raises MalformedHttpRequestException."""
    if request.method == "GET":
        given: Any = dict(request.query())
    else:
        if len(request.body) > LARGEST_BODY:
            raise RequestEntityTooLarge(
                why=f"the body has {len(request.body)} bytes, at most {LARGEST_BODY} are read"
            )
        if not request.body.strip():
            raise MalformedHttpRequestException("Request body is empty.")
        if request.headers.get("content-type").startswith("application/graphql"):
            given = {"query": request.body.decode("utf-8", "replace")}
        else:
            given = _json(request.body)
    if not isinstance(given, dict) or not isinstance(given.get("query"), str) or not given["query"].strip():
        raise MalformedHttpRequestException(why="the body is no JSON object with a string member query")
    name = given.get("operationName")
    if name is not None and not isinstance(name, str):
        raise MalformedHttpRequestException(why="operationName is not a string")
    return {
        "query": given["query"],
        "variables": _variables(given.get("variables")),
        "operationName": name or None,
    }


def _variables(given: Any) -> dict[str, Any]:
    if isinstance(given, str):
        given = _json(given.encode()) if given.strip() else None
    if given is not None and not isinstance(given, dict):
        raise MalformedHttpRequestException(why="variables is neither an object nor a string that holds one")
    return cast("dict[str, Any]", given or {})


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedHttpRequestException(why=f"the body is not JSON: {error}") from None
