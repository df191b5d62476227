"""``@http``: call an HTTP endpoint with the field's arguments."""

import json
import re
from typing import Any
from urllib.parse import quote

from habitr_emulator.amplify.resolvers.documents import VERSION, pass_errors
from habitr_emulator.amplify.transform.http import HttpCall
from habitr_emulator.services.appsync.spec import Function, Native, ResolverContext, ResolverError

_PARAMETER = re.compile(r":(\w+)")
#: What ``$util.http.copyHeaders`` leaves out.
_NOT_COPIED = frozenset(
    {"transfer-encoding", "connection", "host", "expect", "keep-alive", "upgrade", "te", "proxy-authenticate"}
    | {"content-length", "content-type", "proxy-authorization"}
)


def call(name: str, data_source: str, described: HttpCall) -> Function:
    """An AppSync function that calls the endpoint."""
    return Function(name, data_source, _request(described), _response(described))


def _request(described: HttpCall) -> Native:
    def make(ctx: ResolverContext) -> Any:
        given = ctx.arguments
        query, body, params = (given.get(part) or {} for part in ("query", "body", "params"))
        if described.has_body and any(name not in query and name not in body for name in described.required):
            raise ResolverError(
                "An argument you marked as Non-Null is not present in the query nor the body of your request."
            )
        headers = {key: value for key, value in ctx.request_headers.items() if key.lower() not in _NOT_COPIED}
        headers["accept-encoding"] = "application/json"
        if described.has_body:
            headers["Content-Type"] = "application/json"
        headers.update(described.headers)
        sent: dict[str, Any] = {"headers": headers}
        if described.method != "DELETE":
            sent["query"] = query
        if described.has_body:
            sent["body"] = body
        path = _PARAMETER.sub(lambda found: quote(str(params.get(found[1], "")), safe=""), described.path)
        return {"version": VERSION, "method": described.method, "resourcePath": path, "params": sent}

    return make


def _response(described: HttpCall) -> Native:
    accepted = (200, 201) if described.has_body else (200,)

    def answer(ctx: ResolverContext) -> Any:
        pass_errors(ctx)
        found = ctx.result or {}
        if found.get("statusCode") in accepted:
            return _parsed(found.get("body"))
        ctx.errors.append(ResolverError(str(found.get("body")), str(found.get("statusCode"))))
        return None

    return answer


def _parsed(body: Any) -> Any:
    """A JSON body as a value; anything else as it is."""
    try:
        return json.loads(body) if isinstance(body, str) else body
    except ValueError:
        return body
