"""GetObject and HeadObject: conditions, ranges, parts, and the answer's headers.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import archives, encryption, lifecycle, locks, objects
from habitr_emulator.services.s3.errors import (
    InvalidArgument,
    InvalidPartNumber,
    InvalidRange,
    InvalidRequest,
    PreconditionFailed,
)
from habitr_emulator.services.s3.writing import same_etag

_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,19})\s*-\s*(\d{0,19})\s*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_OVERRIDES = {
    "ResponseCacheControl": "CacheControl",
    "ResponseContentDisposition": "ContentDisposition",
    "ResponseContentEncoding": "ContentEncoding",
    "ResponseContentLanguage": "ContentLanguage",
    "ResponseContentType": "ContentType",
    "ResponseExpires": "Expires",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which bytes are asked for; ``partial`` if not simply all, ``part`` if one part by number."""

    offset: int
    length: int
    partial: bool = False
    part: objects.Part | None = None


def unchanged(request: Mapping[str, Any], row: Row) -> bool:
    """Whether the client's copy is good (304); raises PreconditionFailed, and what a wrong customer key raises.

    If-Match decides before If-Unmodified-Since, If-None-Match before If-Modified-Since.
    """
    encryption.check_reader(row["customer_key"], request)
    etag, modified = row["etag"], int(row["modified_at"])
    if request.get("IfMatch") is not None:
        if not same_etag(request["IfMatch"], etag):
            raise PreconditionFailed(Condition="If-Match")
    elif request.get("IfUnmodifiedSince") is not None and modified > request["IfUnmodifiedSince"]:
        raise PreconditionFailed(Condition="If-Unmodified-Since")
    if request.get("IfNoneMatch") is not None:
        return same_etag(request["IfNoneMatch"], etag)
    since = request.get("IfModifiedSince")
    return since is not None and modified <= since


def select(request: Mapping[str, Any], row: Row) -> Selection:
    """The bytes that Range or partNumber ask for; raises InvalidRange, InvalidPartNumber, InvalidRequest."""
    if request.get("PartNumber") is not None:
        if request.get("Range"):
            raise InvalidRequest("Cannot specify both Range header and partNumber query parameter")
        return _select_part(request["PartNumber"], row)
    found = _RANGE.fullmatch(request.get("Range") or "")
    size: int = row["size"]
    if found is None or found[0].strip().endswith("=-") or not (found[1] or found[2]):
        return Selection(0, size)
    first, last = found[1], found[2]
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if first and last and int(first) > int(last):
        return Selection(0, size)
    if start >= size:
        raise InvalidRange(RangeRequested=request["Range"], ActualObjectSize=size)
    return Selection(start, end - start + 1, partial=True)


def _select_part(number: int, row: Row) -> Selection:
    parts = objects.parts_of(row)
    if number == 1 and not parts[0].number:
        return Selection(0, row["size"], partial=bool(row["size"]))
    if not 1 <= number <= len(parts) or not parts[0].number:
        raise InvalidPartNumber(ActualPartCount=len(parts), PartNumberRequested=number)
    offset = sum(part.blob.size for part in parts[: number - 1])
    part = parts[number - 1]
    return Selection(offset, part.blob.size, partial=True, part=part)


def answer(request: Mapping[str, Any], row: Row, selection: Selection, ctx: Context) -> dict[str, Any]:
    """Every output member but the body; sets the status 206 for a part of the object."""
    kept = json.loads(row["properties"])
    shown = {
        **kept,
        **objects.version_members(ctx, row),
        **locks.members(row),
        **lifecycle.expiration_member(ctx, row),
        **archives.members(ctx, kept),
        "AcceptRanges": "bytes",
        "LastModified": row["modified_at"],
        "ETag": f'"{row["etag"]}"',
        "ContentLength": selection.length,
        **_overrides(request, ctx),
    }
    tags = json.loads(row["tags"])
    if tags:
        shown["TagCount"] = len(tags)
    if selection.partial:
        end = selection.offset + selection.length - 1
        shown["ContentRange"] = f"bytes {selection.offset}-{end}/{row['size']}"
        ctx.response_status = 206
    if selection.part is not None:
        shown["PartsCount"] = len(objects.parts_of(row))
    if request.get("ChecksumMode") == "ENABLED":
        shown |= _checksum(row, selection)
    return shown


def not_modified(row: Row, ctx: Context) -> dict[str, Any]:
    """The answer 304: no body, but what caches need."""
    ctx.response_status = 304
    kept = json.loads(row["properties"])
    cache = {"CacheControl": kept["CacheControl"]} if "CacheControl" in kept else {}
    shown = {"ETag": f'"{row["etag"]}"', "LastModified": row["modified_at"]}
    return {**shown, **objects.version_members(ctx, row), **cache}


def _checksum(row: Row, selection: Selection) -> dict[str, str]:
    whole = objects.checksum_members(row)
    if selection.part is not None and selection.part.checksum and row["checksum"]:
        stored = json.loads(row["checksum"])
        return objects.shown_checksum({**stored, "Value": selection.part.checksum})
    return whole if selection.length == row["size"] else {}


def _overrides(request: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    asked = {member: request[name] for name, member in _OVERRIDES.items() if request.get(name) is not None}
    if asked and ctx.caller.kind == "anonymous":
        raise InvalidRequest("Request specific response headers cannot be used for anonymous GET requests.")
    for name in _OVERRIDES:
        if _CONTROL.search(str(request.get(name, ""))):
            raise InvalidArgument(
                "Header value cannot be represented using ISO-8859-1.",
                why=f"{name} holds a control character, which would end its header line",
            )
    return asked
