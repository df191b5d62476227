"""Requests as an HTTP Archive, which browsers and proxies open.

http://www.softwareishard.com/blog/har-12-spec/
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from habitr_emulator.gateway.exchange import Exchange
from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.kernel.trace import Kept


def har(kept: Iterable[Kept], version: str) -> dict[str, Any]:
    """The archive of some requests."""
    entries = [_entry(each, each.exchange) for each in kept if isinstance(each.exchange, Exchange)]
    creator = {"name": "habitr-emulator", "version": version}
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def _entry(kept: Kept, exchange: Exchange) -> dict[str, Any]:
    return {
        "startedDateTime": iso8601(exchange.at),
        "time": round(kept.span.milliseconds, 3),
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": round(kept.span.milliseconds, 3), "receive": 0},
        "comment": kept.request_id,
        "_trace": kept.span.tree(),
    }


def _request(exchange: Exchange) -> dict[str, Any]:
    request, text = exchange.request, exchange.request_body()
    query = exchange.url.partition("?")[2]
    pairs = [piece.partition("=") for piece in query.split("&") if piece]
    shown: dict[str, Any] = {
        "method": request.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _lines(exchange.request_headers()),
        "queryString": [{"name": name, "value": value} for name, _, value in pairs],
        "headersSize": -1,
        "bodySize": len(exchange.body),
    }
    if text:
        shown["postData"] = {"mimeType": request.headers.get("content-type"), "text": text}
    return shown


def _response(exchange: Exchange) -> dict[str, Any]:
    response, text = exchange.response, exchange.response_body()
    headers = {name.lower(): value for name, value in response.headers.items()}
    known = response.status in HTTPStatus._value2member_map_
    return {
        "status": response.status,
        "statusText": HTTPStatus(response.status).phrase if known else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _lines(exchange.response_headers()),
        "content": {"size": len(text.encode()), "mimeType": headers.get("content-type", ""), "text": text},
        "redirectURL": headers.get("location", ""),
        "headersSize": -1,
        "bodySize": -1,
    }


def _lines(lines: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in lines]
