"""Decodes aws-chunked bodies: S3's own chunks, signed or not, with or without trailers. No I/O.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.refusals import error_class

_LONGEST_LINE = 1024
_LONGEST_TRAILERS = 16 * 1024
_LEAST_CHUNK = 8192
_EMPTY = hashlib.sha256(b"").hexdigest()
_SIZE = re.compile(rb"([0-9a-fA-F]{1,16})(?:;chunk-signature=(.+))?", re.ASCII)

IncompleteBody = error_class("IncompleteBody", 400)
SignatureDoesNotMatch = error_class("SignatureDoesNotMatch", 403)
MalformedTrailer = error_class("MalformedTrailerError", 400)
InvalidChunkSize = error_class("InvalidChunkSizeError", 400)


def incomplete(why: str) -> AwsError:
    """The error of a body that ends, or is framed, in the wrong place."""
    return IncompleteBody(
        "You did not provide the number of bytes specified by the Content-Length HTTP header", why=why
    )


@dataclass(slots=True)
class ChunkSigner:
    """The chain of chunk signatures: each covers the one before, the first the request's (``previous``)."""

    key: bytes
    timestamp: str
    scope: str
    previous: str

    def check(self, content: str, given: str) -> None:
        """Hold a chunk, whose data hash to ``content``, against its signature."""
        self._advance("PAYLOAD", f"{_EMPTY}\n{content}", given, "a chunk's")

    def check_trailers(self, lines: bytes, given: str) -> None:
        """Hold the trailer, canonical ``lines``, against its signature."""
        self._advance("TRAILER", hashlib.sha256(lines).hexdigest(), given, "the trailer's")

    def _advance(self, what: str, last: str, given: str, whose: str) -> None:
        text = f"AWS4-HMAC-SHA256-{what}\n{self.timestamp}\n{self.scope}\n{self.previous}\n{last}"
        expected = hmac.digest(self.key, text.encode(), "sha256").hex()
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            raise SignatureDoesNotMatch(
                "The request signature we calculated does not match the signature you provided. "
                "Check your key and signing method.",
                why=f"{whose} signature is wrong: its data was changed, or it was signed with another key",
            )
        self.previous = given


@dataclass(slots=True)
class Decoder:
    """Feed it the body as it comes; it gives back the data. ``trailers`` are complete after ``finish``.

    Every error is an AwsError of S3. States: ``size`` (a chunk's first line), ``data``, ``end`` (its CRLF),
    ``trailers``, ``done``.
    """

    signer: ChunkSigner | None
    has_trailers: bool
    trailers: dict[str, str] = field(default_factory=dict)
    _state: str = "size"
    _buffer: bytearray = field(default_factory=bytearray)
    _left: int = 0
    _short: bool = False
    _given: str = ""
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Pieces of the decoded body."""
        self._buffer += data
        while self._buffer:
            if self._state == "data":
                yield self._take()
            elif self._state == "done":
                raise incomplete("there are bytes after the last chunk")
            elif not self._advance():
                return

    def finish(self) -> None:
        """The body has ended; it must have been complete."""
        if self._state != "done":
            raise incomplete(f"the body ended early: aws-chunked, while reading {self._state}")

    def _take(self) -> bytes:
        piece = bytes(self._buffer[: self._left])
        del self._buffer[: len(piece)]
        self._left -= len(piece)
        if self.signer:
            self._hash.update(piece)
        if not self._left:
            self._state = "end"
        return piece

    def _advance(self) -> bool:
        """One step of a state that reads whole lines; False if there is no whole line yet."""
        if self._state == "trailers":
            return self._read_trailers()
        line = self._line()
        if line is None:
            return False
        if self._state == "end":
            if line:
                raise incomplete("a chunk's data is not followed by CRLF")
            self._close()
            self._state = "size"
        else:
            self._open(line)
        return True

    def _line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n", 0, _LONGEST_LINE)
        if end < 0:
            if len(self._buffer) >= _LONGEST_LINE or (self._state == "end" and len(self._buffer) >= 2):
                raise incomplete("a chunk does not begin with its size")
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line

    def _open(self, line: bytes) -> None:
        found = _SIZE.fullmatch(line)
        if found is None or (self.signer is not None) != (found[2] is not None):
            wanted = "size and signature" if self.signer else "size"
            raise incomplete(f"a chunk does not begin with its {wanted}")
        self._left = int(found[1], 16)
        self._given = (found[2] or b"").decode("latin-1")
        self._hash = hashlib.sha256()
        if self._left == 0:
            self._close()
            self._state = "trailers"
            return
        if self._short:
            raise InvalidChunkSize("Only the last chunk is allowed to have a size less than 8192 bytes")
        self._short = self._left < _LEAST_CHUNK
        self._state = "data"

    def _close(self) -> None:
        if self.signer:
            self.signer.check(self._hash.hexdigest(), self._given)

    def _read_trailers(self) -> bool:
        """The lines after the last chunk, up to an empty one."""
        buffer = self._buffer
        if buffer.startswith(b"\r\n"):
            end, lines = 0, []
        else:
            end = buffer.find(b"\r\n\r\n", 0, _LONGEST_TRAILERS)
            if end < 0:
                if len(buffer) >= _LONGEST_TRAILERS:
                    raise MalformedTrailer("The trailers are too long.")
                return False
            lines, end = bytes(buffer[:end]).split(b"\r\n"), end + 2
        del buffer[: end + 2]
        self._understand(lines)
        self._state = "done"
        return True

    def _understand(self, lines: list[bytes]) -> None:
        if bool(lines) and not self.has_trailers:
            raise incomplete("there are trailers, but x-amz-content-sha256 announces none")
        for line in lines:
            name, colon, value = line.decode("utf-8", "replace").partition(":")
            if not colon:
                raise MalformedTrailer(MALFORMED_TRAILER, why="a trailer line has no colon")
            self.trailers[name.strip().lower()] = value.strip()
        signature = self.trailers.pop("x-amz-trailer-signature", "")
        if self.signer and self.has_trailers and (self.trailers or signature):
            canonical = "".join(f"{name}:{value}\n" for name, value in sorted(self.trailers.items()))
            self.signer.check_trailers(canonical.encode(), signature)


MALFORMED_TRAILER = (
    "The request contained trailing data that was not well-formed or did not conform to our published schema."
)
