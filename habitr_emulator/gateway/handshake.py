"""What a WebSocket upgrade for AppSync's realtime protocol brings: credentials, wherever clients put them.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""

import base64
import binascii
from typing import Any
from urllib.parse import unquote

import orjson
from aiohttp import web

from habitr_emulator.services.appsync.realtime import protocol
from habitr_emulator.wire.http import Headers


def find_blob(query: str, protocols: list[str], headers: Headers) -> dict[str, str] | None:
    """The authorization object of a connection: query ``header``, sub-protocol ``header-…`` or the plain headers
    of the upgrade, with lower-case names. None if there is none that can be read.
    """
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name == "header":
            return protocol.headers_of(_decoded(unquote(value)))
    for name in protocols:
        if name.startswith("header-"):
            return protocol.headers_of(_decoded(name.removeprefix("header-")))
    if "authorization" in headers or "x-api-key" in headers:
        return dict(headers.lines)
    return None


def payload_refusal(query: str) -> protocol.Refusal | None:
    """The query's ``payload`` is an empty object, where it is given at all."""
    given = [value for name, _, value in (part.partition("=") for part in query.split("&")) if name == "payload"]
    if all(_decoded(unquote(value)) == {} for value in given):
        return None
    text = "The payload must be an empty object."  # guess: the service's wording is not published
    return protocol.Refusal("BadRequestException", text, 400)


def _decoded(text: str) -> Any:
    """Base64 JSON in either alphabet, with or without padding; None if it is not that."""
    plain = text.strip().replace("-", "+").replace("_", "/").replace(" ", "+").rstrip("=")
    try:
        return orjson.loads(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except (binascii.Error, ValueError):
        return None


def refused_upgrade(status: int, code: str, message: str) -> web.Response:
    """The answer to an upgrade that does not come to be."""
    body = orjson.dumps({"errors": [{"errorType": code, "message": message}]})
    return web.Response(
        status=status, body=body, content_type="application/json", headers={"x-amzn-errortype": code}
    )
