"""The Lambda proxy integration (payload version 1.0): an HTTP request as an event, an answer as HTTP. Pure.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import binascii
import json
import re
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from habitr_emulator.services.apigateway.routes import Match
from habitr_emulator.services.apigateway.spec import RestApi
from habitr_emulator.wire.http import Request, Response

_ANSWER = frozenset({"isBase64Encoded", "statusCode", "headers", "multiValueHeaders", "body"})
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_BREAK = re.compile(r"[\r\n\0]")
#: Lines of an answer that are the server's own, or that API Gateway drops.
_DROPPED = frozenset(
    {"content-length", "host", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade"}
)
#: Lines of an answer that API Gateway renames.
_REMAPPED = frozenset(
    {
        "authorization",
        "connection",
        "content-md5",
        "date",
        "max-forwards",
        "server",
        "user-agent",
        "www-authenticate",
    }
)
_IDENTITY = (
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "user",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the event tells beside the request: ``now`` in seconds, ``identity`` and ``authorizer`` as API Gateway
    writes them, ``path`` raw and without the stage.
    """

    account_id: str
    request_id: str
    extended_request_id: str
    now: float
    source_ip: str
    path: str
    resource_id: str
    domain_name: str
    identity: Mapping[str, Any]
    authorizer: Mapping[str, Any] | None = None

    @property
    def trace_id(self) -> str:
        """X-Ray's header for the request."""
        digits = self.request_id.replace("-", "")
        return f"Root=1-{int(self.now):08x}-{digits[:24]}"


def event(request: Request, api: RestApi, match: Match, facts: Facts) -> dict[str, Any]:
    """The event of a request."""
    headers = _headers(request, facts)
    query = _gathered(request.query())
    binary = _is_binary(request.headers.get("content-type"), api)
    return {
        "resource": match.resource,
        "path": facts.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": match.parameters or None,
        "stageVariables": None,
        "requestContext": _request_context(request, api, match, facts),
        "body": _body(request.body, binary),
        "isBase64Encoded": binary and bool(request.body),
    }


def _request_context(request: Request, api: RestApi, match: Match, facts: Facts) -> dict[str, Any]:
    moment = datetime.fromtimestamp(facts.now, UTC)
    month = "JanFebMarAprMayJunJulAugSepOctNovDec"[moment.month * 3 - 3 : moment.month * 3]
    identity = {**dict.fromkeys(_IDENTITY), **facts.identity}
    user_agent = request.headers.get("user-agent") or None
    made: dict[str, Any] = {
        "resourceId": facts.resource_id,
        "resourcePath": match.resource,
        "httpMethod": request.method,
        "extendedRequestId": facts.extended_request_id,
        "requestTime": f"{moment.day:02d}/{month}/{moment:%Y:%H:%M:%S} +0000",
        "path": f"/{api.stage}{facts.path}",
        "accountId": facts.account_id,
        "protocol": "HTTP/1.1",
        "stage": api.stage,
        "domainPrefix": facts.domain_name.partition(".")[0],
        "requestTimeEpoch": int(facts.now * 1000),
        "requestId": facts.request_id,
        "identity": {**identity, "sourceIp": facts.source_ip, "userAgent": user_agent},
        "domainName": facts.domain_name,
        "apiId": api.api_id,
    }
    return made if facts.authorizer is None else {**made, "authorizer": dict(facts.authorizer)}


def _headers(request: Request, facts: Facts) -> dict[str, list[str]]:
    """Headers as functions expect them, ``Content-Type`` (guess: the sender's own spelling is not known here)."""
    made = _gathered(
        ("-".join(part.capitalize() for part in name.split("-")), value) for name, value in request.headers
    )
    made.setdefault("X-Amzn-Trace-Id", [facts.trace_id])
    made["X-Forwarded-For"] = [", ".join([*made.get("X-Forwarded-For", []), facts.source_ip])]
    made["X-Forwarded-Port"] = ["443"]
    made["X-Forwarded-Proto"] = ["https"]
    return made


def _gathered(pairs: Any) -> dict[str, list[str]]:
    gathered: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        gathered[name].append(value)
    return dict(gathered)


def _body(body: bytes, binary: bool) -> str | None:
    if not body:
        return None
    return b64encode(body).decode() if binary else body.decode(errors="replace")


def _is_binary(media_type: str, api: RestApi) -> bool:
    """Whether a Content-Type or the first of an Accept header is one of the API's binary types."""
    wanted = media_type.partition(",")[0].partition(";")[0].strip().lower()
    return "*/*" in api.binary_media_types or (wanted != "" and wanted in api.binary_media_types)


def response(payload: bytes, accept: str, api: RestApi) -> Response | None:
    """A function's answer as HTTP; None if it is malformed.

    ``statusCode`` must be a number (200 if it is missing), ``headers`` map to scalars, ``multiValueHeaders`` to
    lists of scalars, ``body`` is a string; other members are not allowed.
    """
    try:
        answer = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(answer, dict) or not set(answer) <= _ANSWER:
        return None
    status = _status(answer.get("statusCode"))
    headers = _answered_headers(answer.get("headers") or {}, answer.get("multiValueHeaders") or {})
    body = _answered_body(answer, accept, api)
    if status is None or headers is None or body is None:
        return None
    return Response(status, {"content-type": "application/json", **headers}, body)


def _status(value: Any) -> int | None:
    try:
        status = 200 if value is None else int(value)
    except (TypeError, ValueError):
        return None
    return status if 100 <= status <= 599 else None


def _answered_headers(single: Any, multiple: Any) -> dict[str, str] | None:
    """One dict of lower-case names, some remapped; None if anything in it cannot be a header.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    if not isinstance(single, dict) or not isinstance(multiple, dict):
        return None
    given = {name.lower(): values for name, values in multiple.items()}
    given = {name.lower(): [value] for name, value in single.items()} | given
    headers: dict[str, str] = {}
    for name, values in given.items():
        if not isinstance(values, list) or not _HEADER_NAME.fullmatch(name):
            return None
        if not all(isinstance(value, (str, int, float)) and not _BREAK.search(str(value)) for value in values):
            return None
        if name not in _DROPPED:
            sent = f"x-amzn-remapped-{name}" if name in _REMAPPED else name
            headers.update(_lines(sent, [_scalar(value) for value in values]))
    return headers


def _lines(name: str, values: list[str]) -> dict[str, str]:
    """Several values as one line, but cookies, which may not be joined, as lines whose names differ in case."""
    if name != "set-cookie" or len(values) < 2:
        return {name: ", ".join(values)}
    spellings = dict.fromkeys(name[:count].upper() + name[count:] for count in range(len(name) + 1))
    return dict(zip(spellings, values, strict=False))


def _scalar(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answered_body(answer: Mapping[str, Any], accept: str, api: RestApi) -> bytes | None:
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        return None
    if answer.get("isBase64Encoded") is True and _is_binary(accept, api):
        try:
            return b64decode(body, validate=True)
        except binascii.Error:
            return None
    return body.encode()
