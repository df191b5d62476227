"""The parts of the canonical request of Signature Version 4: the text that client and server both hash.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote_to_bytes

from habitr_emulator.wire.http import Headers

_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_PLAIN = re.compile(r"[A-Za-z0-9\-._~/]*", re.ASCII)


def canonical_path(raw_path: str, *, s3: bool) -> str:
    """The path line. S3 decodes and encodes once and normalises nothing; all others drop dot segments and empty
    ones, then encode what was on the wire once more.
    """
    if _PLAIN.fullmatch(raw_path) and (s3 or ("/." not in raw_path and "//" not in raw_path)):
        return raw_path or "/"
    if s3:
        return quote(unquote_to_bytes(_octets(raw_path)), safe="/") or "/"
    kept: list[str] = []
    for segment in raw_path.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(quote(_octets(segment), safe=""))
    ends = raw_path.endswith(("/", "/.", "/.."))
    return "/" + "/".join(kept) + ("/" if ends and kept else "")


def canonical_query(raw_query: str, *, without: str | None = None, plus_is_blank: bool = False) -> str:
    """The query line: decoded, strictly encoded, sorted by name and then value. ``without`` is left out
    (a presigned URL's own signature). A bare ``+`` is a plus sign unless ``plus_is_blank``.
    """
    pairs = []
    for piece in raw_query.split("&"):
        if piece:
            name, _, value = piece.partition("=")
            pairs.append((_strict(name, plus_is_blank), _strict(value, plus_is_blank)))
    pairs.sort()
    return "&".join(f"{name}={value}" for name, value in pairs if name != without)


def _strict(text: str, plus_is_blank: bool) -> str:
    if plus_is_blank:
        text = text.replace("+", "%20")
    return quote(unquote_to_bytes(_octets(text)), safe="")


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def canonical_headers(headers: Headers, signed: Sequence[str], host: str) -> str | None:
    """A line for each signed header, in the order given; None if one is not there. ``host`` stands for Host."""
    found: dict[str, list[str]] = {name: [] for name in signed}
    for name, value in headers:
        if name in found:
            found[name].append(folded(value))
    if "host" in found:
        found["host"] = [host]
    if not all(found.values()):
        return None
    return "".join(f"{name}:{','.join(found[name])}\n" for name in signed)


def folded(value: str) -> str:
    """A header value, trimmed, each run of blanks one blank."""
    return _BLANKS.sub(" ", value).strip(" ")
