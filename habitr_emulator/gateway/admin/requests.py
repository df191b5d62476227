"""GET /_habitr/requests[/<request id>]: the latest requests with their trace trees, newest first.

``?limit=`` says how many, ``?format=har`` gives an HTTP Archive, and ``?format=curl`` of one request the command
that asks it again. ``?follow`` tells each request that ends from now on, in a line of its own. Secrets are
redacted.
"""

import asyncio
import json
from collections.abc import AsyncIterator

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, number, parameters
from habitr_emulator.gateway.curl import curl
from habitr_emulator.gateway.exchange import Exchange
from habitr_emulator.gateway.har import har
from habitr_emulator.kernel.trace import Kept, RequestLog
from habitr_emulator.wire.http import Request, Response

MOST_WAITING = 1000


async def handle(request: Request, rest: str, control: Control) -> Response:
    """One request by its id, or the latest."""
    asked = parameters(request)
    if "follow" in asked:
        return Response(200, {"content-type": "application/x-ndjson"}, _followed(control.log))
    if rest:
        found = control.log.one(rest)
        if found is None:
            return json_response({"message": f"no request: {rest}"}, 404)
        return _shown([found], asked.get("format", ""), control, one=True)
    limit = max(1, int(number(asked.get("limit", "50"), "limit")))
    return _shown(control.log.newest(limit), asked.get("format", ""), control)


def _shown(kept: list[Kept], form: str, control: Control, *, one: bool = False) -> Response:
    if form == "har":
        return json_response(har(reversed(kept), control.version))
    if form == "curl" and one:
        exchange = kept[0].exchange
        if not isinstance(exchange, Exchange):
            raise BadRequest("of this request nothing but its trace was kept")
        return Response(200, {"content-type": "text/plain"}, curl(exchange, control.account.region).encode())
    if form:
        raise BadRequest(f"format is har or, of one request, curl, not: {form}")
    return json_response(kept[0].tree() if one else {"requests": [each.tree() for each in kept]})


async def _followed(log: RequestLog) -> AsyncIterator[bytes]:
    """Every request that ends from now on; who reads too slowly misses some."""
    waiting: asyncio.Queue[Kept] = asyncio.Queue(MOST_WAITING)

    def hear(kept: Kept) -> None:
        if not waiting.full():
            waiting.put_nowait(kept)

    log.listeners.append(hear)
    try:
        yield b"\n"  # so that the asker knows that from now on it misses nothing
        while True:
            yield json.dumps((await waiting.get()).tree()).encode() + b"\n"
    finally:
        log.listeners.remove(hear)
