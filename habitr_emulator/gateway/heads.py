"""The heads of the fast lane: of requests, read as strictly as can be, and of answers.

A head that is not beyond doubt raises Unusual: it is aiohttp's to read, and to refuse.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from habitr_emulator.gateway.admin import PREFIX, whole
from habitr_emulator.wire.http import Headers, Request, Response

LARGEST_HEAD: Final = 16_384
LARGEST_BODY: Final = 1_048_576
MOST_HEADERS: Final = 64
_PING: Final = re.compile(r"/ping(?:\?.*)?")
_HEAD_END: Final = b"\r\n\r\n"
#: Printable ASCII and line ends: what a head without surprises is made of.
_PLAIN: Final = bytes(range(0x20, 0x7F)) + b"\r\n"
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_GRAPHQL: Final = re.compile(r"/graphql(?:/[\w-]+)?(?:\?.*)?", re.ASCII)
_UNUSUAL: Final = frozenset(
    {"transfer-encoding", "upgrade", "expect", "te", "trailer", "proxy-connection", "sec-websocket-key"}
)
_CONNECTION: Final = ("keep-alive", "close")
_PHRASES: Final = {int(status): status.phrase for status in HTTPStatus}


class Unusual(Exception):
    """A request that aiohttp is to read."""


@dataclass(frozen=True, slots=True)
class Head:
    """Request line and headers; ``size`` is that of the body which follows."""

    method: str
    target: str
    headers: Headers
    size: int


class Reader:
    """Reads the requests of one connection. Most clients say the same every time: the last head is remembered."""

    __slots__ = ("_head", "_text")

    def __init__(self) -> None:
        self._text: bytes | None = None
        self._head = Head("", "", Headers(), 0)

    def read(self, received: bytes | bytearray) -> tuple[Request, int] | None:
        """The request at the beginning of ``received`` and its size in bytes; None if its body is not all there.

        Raises Unusual.
        """
        end = received.find(_HEAD_END, 0, LARGEST_HEAD)
        if end < 0:
            raise Unusual
        text = bytes(received[:end])
        if text != self._text:
            self._head, self._text = read_head(text), text
        head, start = self._head, end + len(_HEAD_END)
        size = start + head.size
        if len(received) < size:
            return None
        return Request(head.method, head.target, head.headers, bytes(received[start:size])), size


def read_head(text: bytes) -> Head:
    """A head without its empty line. Raises Unusual."""
    if text.translate(None, _PLAIN):
        raise Unusual
    first, *lines = text.decode("ascii").split("\r\n")
    if text.count(b"\r") != len(lines) or text.count(b"\n") != len(lines):
        raise Unusual
    method, target = _asked(first)
    headers = _headers(lines)
    if not _belongs(method, target, headers):
        raise Unusual
    declared = headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > len(str(LARGEST_BODY)) or int(declared) > LARGEST_BODY:
        raise Unusual
    return Head(method, target, headers, int(declared))


def _asked(line: str) -> tuple[str, str]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[2] != "HTTP/1.1" or not parts[1].startswith("/"):
        raise Unusual
    return parts[0], parts[1]


def _headers(lines: list[str]) -> Headers:
    found = []
    for line in lines:
        name, colon, value = line.partition(":")
        lower = _names.get(name) or _learned(name)
        if not colon:
            raise Unusual
        found.append((lower, value.strip(" ")))
    headers = Headers(found)
    if len(headers.first) != len(found) or len(found) > MOST_HEADERS or "host" not in headers:
        raise Unusual  # a header twice, too many, or none that HTTP/1.1 asks for
    return headers


_names: dict[str, str] = {}


def _learned(name: str) -> str:
    """A header's name in lower case; those of clients are few and come again and again."""
    if not _TOKEN.fullmatch(name):
        raise Unusual
    lower = name.lower()
    if len(_names) < 1000 and len(name) < 100:
        _names[name] = lower
    return lower


def _belongs(method: str, target: str, headers: Headers) -> bool:
    """Whether the request is one of the lane's: a call, the preflight of one, a question to the emulator itself.

    None of them is answered with files, or bit by bit.
    """
    if (
        not _UNUSUAL.isdisjoint(headers.first)
        or headers.get("connection", "keep-alive").lower() not in _CONNECTION
    ):
        return False
    if method == "OPTIONS":
        return "access-control-request-method" in headers
    if method == "GET":
        mine = whole(target) if target.startswith(PREFIX) else _PING.fullmatch(target) is not None
        return mine and "content-length" not in headers
    if method != "POST" or target.startswith(PREFIX):
        return False
    return bool(headers.get("x-amz-target")) or _GRAPHQL.fullmatch(target) is not None


def head_of(response: Response, length: int, date: str, *, last: bool) -> bytes:
    """Status line and headers, as aiohttp writes them; ``last`` says that the connection closes.

    Raises ValueError if a header would end its line.
    """
    lines = [f"HTTP/1.1 {response.status} {_PHRASES.get(response.status, '')}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items() if name.lower() != "content-length"]
    lines.append(f"Content-Length: {length}")
    if length and not any(name.lower() == "content-type" for name in response.headers):
        lines.append("Content-Type: application/octet-stream")
    lines.append(f"Date: {date}")
    if last:
        lines.append("Connection: close")
    lines += ("", "")
    text = "\r\n".join(lines)
    if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
        raise ValueError("a header's value holds a line end")
    return text.encode()
