"""An HTTP request and response as the wire formats see them: raw, without any web framework."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, unquote_plus


class Headers:
    """Header lines in wire order: lower-case names, values as sent (outer blanks stripped), duplicates kept."""

    __slots__ = ("_first", "lines")

    def __init__(self, lines: list[tuple[str, str]] | None = None) -> None:
        self.lines: list[tuple[str, str]] = lines if lines is not None else []
        self._first: dict[str, str] = dict(self.lines)
        if len(self._first) != len(self.lines):
            for name, value in reversed(self.lines):
                self._first[name] = value

    @property
    def first(self) -> dict[str, str]:
        """The first value of each name."""
        return self._first

    def get(self, name: str, default: str = "") -> str:
        """The first value of a lower-case name."""
        return self._first.get(name, default)

    def all(self, name: str) -> list[str]:
        """Every value of a lower-case name, in wire order."""
        return [value for key, value in self.lines if key == name]

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.lines)


@dataclass(slots=True)
class Request:
    """One request. ``target`` is the request line's target, untouched; ``stream`` is set instead of ``body``
    for requests whose body is not read ahead (S3 objects).
    """

    method: str
    target: str
    headers: Headers
    body: bytes = b""
    stream: AsyncIterator[bytes] | None = None
    scheme: str = "http"
    peer: str = "127.0.0.1"

    @property
    def raw_path(self) -> str:
        """The target up to ``?``, percent-encoding untouched."""
        return self.target.partition("?")[0]

    @property
    def raw_query(self) -> str:
        """The target after ``?``, untouched."""
        return self.target.partition("?")[2]

    @property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(self.raw_path)

    @property
    def host(self) -> str:
        """The Host header in lower case, with its port if it has one."""
        return self.headers.get("host").lower()

    def query(self, *, plus: bool = True) -> list[tuple[str, str]]:
        """Decoded query pairs in wire order; ``plus`` False keeps a bare ``+`` (S3 keys and signatures)."""
        decode = unquote_plus if plus else unquote
        pieces = (piece.partition("=") for piece in self.raw_query.split("&") if piece)
        return [(decode(name), decode(value)) for name, _, value in pieces]


@dataclass(frozen=True, slots=True)
class FileRange:
    """``length`` bytes of a file from ``offset``, to be sent without reading them into memory."""

    path: Path
    offset: int
    length: int


@dataclass(slots=True)
class Response:
    """One response. A body of file ranges is sent with sendfile, an iterator as it comes."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | tuple[FileRange, ...] | AsyncIterator[bytes] = b""
