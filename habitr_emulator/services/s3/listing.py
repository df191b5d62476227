"""Listing keys: bytewise order, a delimiter rolled up by seeking past each common prefix, pages.

Pure over ``seek``. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar
from urllib.parse import quote_plus

from habitr_emulator.services.s3.errors import InvalidArgument

MOST = 1000
_SURROGATES = (0xD800, 0xDFFF)
_LAST = 0x10FFFF


class Keyed(Protocol):
    """A row with a key."""

    def __getitem__(self, name: str, /) -> object:
        """``row["key"]``."""


R = TypeVar("R", bound=Keyed)
#: Rows with ``from <= key < below``, in order; ``below`` empty is no bound.
Seek = Callable[[str, str], Iterator[R]]


@dataclass(slots=True)
class Page(Generic[R]):
    """One page: rows and common prefixes; ``last`` is the last entry of either kind."""

    rows: list[R] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    truncated: bool = False
    last: str = ""

    @property
    def count(self) -> int:
        """Entries of both kinds."""
        return len(self.rows) + len(self.prefixes)


def page_of(seek: "Seek[R]", prefix: str, delimiter: str, after: str, most: int) -> Page[R]:
    """The entries after ``after`` (exclusive), at most ``most`` of them.

    A common prefix is an entry itself: a page may end on one, and the next page then skips all below it.
    """
    page: Page[R] = Page()
    below = successor(prefix)
    position = start(prefix, delimiter, after)
    while position is not None and most:
        position = _fill(page, seek(position, below), (prefix, delimiter), most)
    return page


def _fill(page: "Page[R]", rows: Iterator[R], rolling: tuple[str, str], most: int) -> str | None:
    """Take rows up to the next common prefix; returns where to seek then, None at the end."""
    for row in rows:
        if page.count >= most:
            page.truncated = True
            return None
        key = str(row["key"])
        common = common_prefix(key, *rolling)
        page.last = common or key
        if common:
            page.prefixes.append(common)
            return successor(common) or None
        page.rows.append(row)
    return None


def common_prefix(key: str, prefix: str, delimiter: str) -> str:
    """``key`` up to the first delimiter after ``prefix``; empty if there is none."""
    if not delimiter:
        return ""
    at = key.find(delimiter, len(prefix))
    return "" if at < 0 else key[: at + len(delimiter)]


def successor(prefix: str) -> str:
    """The smallest text above everything that begins with ``prefix``; empty if there is none."""
    while prefix:
        code = ord(prefix[-1]) + 1
        if code <= _LAST:
            return prefix[:-1] + chr(_SURROGATES[1] + 1 if code == _SURROGATES[0] else code)
        prefix = prefix[:-1]
    return ""


def start(prefix: str, delimiter: str, after: str, *, within: bool = False) -> str | None:
    """The first key that may come after a key or common prefix (``within``: or is that key); None if none can."""
    if not after or after < prefix:
        return prefix
    if not after.startswith(prefix):
        return None
    common = common_prefix(after, prefix, delimiter)
    if common:
        return successor(common) or None
    return after if within else after + "\0"


def limit(asked: int | None, name: str = "max-keys") -> int:
    """How many entries a page has; raises InvalidArgument for a negative number."""
    if asked is None:
        return MOST
    if asked < 0:
        raise InvalidArgument(
            "Argument maxKeys must be an integer between 0 and 2147483647",
            ArgumentName=name,
            ArgumentValue=str(asked),
        )
    return min(asked, MOST)


def token_of(entry: str) -> str:
    """An opaque continuation token: go on after ``entry``."""
    return base64.urlsafe_b64encode(b"1" + entry.encode()).decode()


def entry_of(token: str) -> str:
    """What ``token_of`` was given; raises InvalidArgument."""
    try:
        text = base64.urlsafe_b64decode(token.encode("ascii")).decode()
    except (binascii.Error, UnicodeError):
        text = ""
    if not text.startswith("1"):
        raise InvalidArgument("The continuation token provided is incorrect", ArgumentName="continuation-token")
    return text[1:]


def encoder(request: Mapping[str, object]) -> Callable[[str], str]:
    """How an answer shows keys: URL-encoded if the request says so, which XML cannot always do without."""
    if request.get("EncodingType") == "url":
        return lambda text: quote_plus(text, safe="/*")
    return lambda text: text
