"""What was asked and answered, as the request log keeps it: bounded when it is kept, redacted when it is shown."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from habitr_emulator.wire.http import Request, Response

#: Of longer bodies the log keeps the first part.
KEPT_BODY = 16_384
REDACTED = "REDACTED"
_HEADERS = {
    "authorization",
    "cookie",
    "proxy-authorization",
    "sec-websocket-protocol",
    "set-cookie",
    "x-amz-security-token",
    "x-api-key",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key",
}
_NOISE = re.compile(r"[^a-z0-9]")
_SECRET = re.compile(
    r"password|secret|token|srp|signature|session|assertion|verifier|privatekey|salt|samlresponse"
)
_CODE = re.compile(
    r"(confirmation|user|smsmfa|softwaretokenmfa|emailotp|smsotp|authorization|auth)?code|answer|header"
)
_HARMLESS = re.compile(
    r"(next|pagination|continuation|clientrequest|starting|last.*)token|tokentype|tokenuse|.*duration"
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. ``at`` is real time in seconds since 1970."""

    request: Request
    body: bytes
    response: Response
    at: float

    @property
    def url(self) -> str:
        """Where it went, without the secrets of its query."""
        request = self.request
        pairs = [(name, REDACTED if secret(name) else value) for name, value in request.query(plus=False)]
        query = f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""
        return f"{request.scheme}://{request.host or 'localhost'}{request.raw_path}{query}"

    def request_headers(self) -> list[tuple[str, str]]:
        """The request's header lines."""
        return [(name, REDACTED if name in _HEADERS else value) for name, value in self.request.headers]

    def response_headers(self) -> list[tuple[str, str]]:
        """The answer's header lines."""
        lines = self.response.headers.items()
        return [(name, REDACTED if name.lower() in _HEADERS else value) for name, value in lines]

    def request_body(self) -> str:
        """What was sent, as text."""
        return shown(self.body, self.request.headers.get("content-type"))

    def response_body(self) -> str:
        """What was answered, as text; nothing for what was streamed."""
        body = self.response.body
        headers = {name.lower(): value for name, value in self.response.headers.items()}
        return shown(body[:KEPT_BODY], headers.get("content-type", "")) if isinstance(body, bytes) else ""


def exchange(request: Request, response: Response, at: float) -> Exchange:
    """Keep a request and its answer, bounded."""
    if isinstance(response.body, bytes) and len(response.body) > KEPT_BODY:
        response = Response(response.status, response.headers, response.body[:KEPT_BODY])
    elif not isinstance(response.body, bytes):
        response = Response(response.status, response.headers)
    body = request.body[:KEPT_BODY]
    return Exchange(
        Request(request.method, request.target, request.headers, scheme=request.scheme), body, response, at
    )


def secret(name: str) -> bool:
    """Whether a member or parameter of this name is nobody's business."""
    plain = _NOISE.sub("", name.lower())
    return bool((_SECRET.search(plain) and not _HARMLESS.fullmatch(plain)) or _CODE.fullmatch(plain))


def shown(body: bytes, media_type: str) -> str:
    """A body as text: JSON, forms and XML without their secrets, other text as it is, bytes counted."""
    if not body:
        return ""
    if media_type.startswith("application/x-www-form-urlencoded"):
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        return urlencode([(name, REDACTED if secret(name) else value) for name, value in pairs])
    try:
        return json.dumps(_without_secrets(json.loads(body)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return _text(body, media_type)


def _text(body: bytes, media_type: str) -> str:
    if "xml" in media_type or media_type.startswith("text/") or b"json" in media_type.encode():
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return f"({len(body)} bytes)"
        return (
            _XML_SECRET.sub(rf"\1{REDACTED}\3", text)
            if "json" not in media_type
            else f"({len(body)} bytes of JSON)"
        )
    return f"({len(body)} bytes)"


_XML_SECRET = re.compile(r"(<(?:SecretAccessKey|SessionToken|Signature)>)(.*?)(</)", re.DOTALL)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _redacted(name, each) for name, each in value.items()}
    return [_without_secrets(each) for each in value] if isinstance(value, list) else value


def _redacted(name: str, value: Any) -> Any:
    if secret(str(name)) and isinstance(value, str | int | float | list):
        return REDACTED
    return _without_secrets(value)
