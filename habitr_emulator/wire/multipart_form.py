"""Reads multipart/form-data as it comes: a browser's upload form. No I/O in ``Reader``; ``opened`` drives it.

    form = await opened(request)     # the fields before the file; raises AwsError
    async for piece in form.file:    # the file, never held whole

https://datatracker.ietf.org/doc/html/rfc7578
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field

from habitr_emulator.wire.http import Request
from habitr_emulator.wire.refusals import error_class

#: Bytes of the names and values of all fields before the file.
MOST_FIELDS = 20 * 1024
_LONGEST_BOUNDARY = 200
_LONGEST_HEADERS = 8192
_DRAINED = 64 * 1024
_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)
_PARAMETER = re.compile(r';\s*(name|filename)=(?:"((?:\\"|[^"])*)"|([^\s;"]+))', re.IGNORECASE)
_DISPOSITION = re.compile(r"content-disposition\s*:\s*form-data(;.*)", re.IGNORECASE)
_TYPE = re.compile(r"content-type\s*:\s*(.*?)\s*", re.IGNORECASE)

MalformedPOSTRequest = error_class("MalformedPOSTRequest", 400)
TooMuchBeforeFile = error_class("MaxPostPreDataLengthExceededError", 400)
InvalidArgument = error_class("InvalidArgument", 400)
_MALFORMED = "The body of your POST request is not well-formed multipart/form-data."


class Malformed(Exception):
    """The bytes are no multipart/form-data; the text says where."""


@dataclass(frozen=True, slots=True)
class Part:
    """The head of one part; ``filename`` is None if it has none."""

    name: str
    filename: str | None
    content_type: str


@dataclass(slots=True)
class Reader:
    """Feed it the body; it gives a ``Part`` where one begins and then its bytes. ``done`` after the last one.

    States: ``data`` (of a part, or before the first), ``delimiter`` (what follows a boundary), ``head``, ``done``.
    """

    boundary: bytes
    _state: str = "data"
    _in_part: bool = False
    _buffer: bytearray = field(default_factory=lambda: bytearray(b"\r\n"))

    @property
    def done(self) -> bool:
        """Whether the closing boundary was read."""
        return self._state == "done"

    def feed(self, data: bytes) -> Iterator[Part | bytes]:
        """What ``data`` adds; raises Malformed."""
        if self._state == "done":
            return
        self._buffer += data
        steps = {"data": self._data, "delimiter": self._delimiter, "head": self._head}
        while self._state != "done":
            before = self._state
            piece = steps[before]()
            if piece:
                yield piece
            if self._state == before:
                return

    def _data(self) -> bytes | None:
        """Up to the next boundary; without one all that cannot be its beginning."""
        end = self._buffer.find(self.boundary)
        if end >= 0:
            piece, used = bytes(self._buffer[:end]), end + len(self.boundary)
            self._state = "delimiter"
        else:
            used = max(0, len(self._buffer) - len(self.boundary) + 1)
            piece = bytes(self._buffer[:used])
        del self._buffer[:used]
        return piece if self._in_part else None

    def _delimiter(self) -> None:
        """``--`` ends the form, CRLF (blanks before it are allowed) begins a part."""
        if self._buffer.startswith(b"--"):
            self._state = "done"
            return
        end = self._buffer.find(b"\r\n", 0, 64)
        if end >= 0 and not self._buffer[:end].strip(b" \t"):
            del self._buffer[:end]  # the CRLF stays: an empty head is found by it
            self._state = "head"
        elif end >= 0 or len(self._buffer) >= 64:
            raise Malformed("a boundary is not followed by a line break")

    def _head(self) -> Part | None:
        end = self._buffer.find(b"\r\n\r\n", 0, _LONGEST_HEADERS)
        if end < 0:
            if len(self._buffer) >= _LONGEST_HEADERS:
                raise Malformed("a part's headers are too long")
            return None
        lines = bytes(self._buffer[:end]).decode("utf-8", "surrogateescape").split("\r\n")
        del self._buffer[: end + 4]
        self._state, self._in_part = "data", True
        return _part(lines)


def _part(lines: list[str]) -> Part:
    found = [match for line in lines if (match := _DISPOSITION.fullmatch(line))]
    if len(found) != 1:
        raise Malformed("a part has no Content-Disposition: form-data")
    named = {
        name.lower(): (quoted or bare).replace('\\"', '"')
        for name, quoted, bare in _PARAMETER.findall(found[0][1])
    }
    if not named.get("name"):
        raise Malformed("a part has no name")
    kinds = [match[1] for line in lines if (match := _TYPE.fullmatch(line))]
    return Part(named["name"], named.get("filename"), kinds[0] if kinds else "")


@dataclass(frozen=True, slots=True)
class Form:
    """An upload form: ``fields`` before the file by lower-case name, and the file, which is still coming.

    ``filename`` is the last component of the name that the browser gave.
    """

    fields: Mapping[str, str]
    filename: str
    content_type: str
    file: AsyncIterator[bytes]


def boundary_of(content_type: str) -> bytes | None:
    """What separates the parts, as it stands in the body with its line break; None if there is none."""
    found = _BOUNDARY.search(content_type)
    text = (found[1] or found[2]) if found else ""
    if not text or len(text) > _LONGEST_BOUNDARY or not text.isascii():
        return None
    return b"\r\n--" + text.encode()


async def opened(request: Request) -> Form:
    """Read a form up to its file. Raises MalformedPOSTRequest, InvalidArgument without a file, and
    MaxPostPreDataLengthExceededError.
    """
    boundary = boundary_of(request.headers.get("content-type"))
    if boundary is None:
        raise MalformedPOSTRequest(_MALFORMED, why="the request is no multipart/form-data with a boundary")
    pieces = _pieces(_body(request), Reader(boundary))
    fields: dict[str, str] = {}
    name, value, size = "", bytearray(), 0
    async for piece in pieces:
        size += len(piece) if isinstance(piece, bytes) else len(piece.name)
        if size > MOST_FIELDS:
            raise TooMuchBeforeFile("Your POST request fields preceding the upload file were too large.")
        if isinstance(piece, bytes):
            value += piece
            continue
        if name:
            fields.setdefault(name, value.decode("utf-8", "surrogateescape"))
        name, value = piece.name.lower(), bytearray()
        if name == "file":
            filename = re.split(r"[/\\]", piece.filename or "")[-1]
            return Form(fields, filename, piece.content_type, _file(pieces))
    raise InvalidArgument(
        "POST requires exactly one file upload per request.", ArgumentName="file", ArgumentValue="0"
    )


async def _body(request: Request) -> AsyncIterator[bytes]:
    if request.stream is None:
        yield request.body
        return
    async for piece in request.stream:
        yield piece


async def _pieces(body: AsyncIterator[bytes], reader: Reader) -> AsyncIterator[Part | bytes]:
    """What the reader makes of the body; what follows the form is read and dropped, if it is little."""
    dropped = 0
    try:
        async for data in body:
            dropped += len(data) if reader.done else 0
            if dropped > _DRAINED:
                return
            for piece in reader.feed(data):
                yield piece
    except Malformed as malformed:
        raise MalformedPOSTRequest(_MALFORMED, why=str(malformed)) from None
    if not reader.done:
        raise MalformedPOSTRequest(_MALFORMED, why="the form ends before its closing boundary")


async def _file(pieces: AsyncIterator[Part | bytes]) -> AsyncIterator[bytes]:
    """The file's bytes; fields behind it are ignored, a second file is refused."""
    ended, dropped = False, 0
    async for piece in pieces:
        if isinstance(piece, Part):
            ended = True
            if piece.name.lower() == "file":
                raise InvalidArgument(
                    "POST requires exactly one file upload per request.", ArgumentName="file", ArgumentValue="2"
                )
        elif not ended:
            yield piece
        else:
            dropped += len(piece)
            if dropped > MOST_FIELDS:
                raise MalformedPOSTRequest(_MALFORMED, why="there is too much behind the file")
