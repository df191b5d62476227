"""Pages of versions: newest first for each key, common prefixes rolled up.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import listing

_COLUMNS = (
    "SELECT key, sequence, version_id, delete_marker, size, etag, modified_at, checksum,"
    " json_extract(properties, '$.StorageClass') AS storage_class FROM s3_versions WHERE bucket = ? AND key >= ?"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A version, and whether it is its key's current one."""

    row: Row
    latest: bool

    @property
    def version(self) -> bool:
        """Whether it is a version, not a delete marker."""
        return not self.row["delete_marker"]


@dataclass(slots=True)
class Page:
    """Versions and common prefixes; ``last`` and ``last_version`` are where the next page goes on."""

    entries: list[Entry] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    truncated: bool = False
    last: str = ""
    last_version: str = ""


def page_of(ctx: Context, request: Mapping[str, Any], after: tuple[str, str], most: int) -> Page:
    """At most ``most`` versions and prefixes that come after a key and, if not "", its version."""
    page = Page()
    prefix, delimiter = request.get("Prefix") or "", request.get("Delimiter") or ""
    below = listing.successor(prefix)
    position = listing.start(prefix, delimiter, after[0], within=bool(after[1]))
    while position is not None and most:
        rows = _after(_rows(ctx, request["Bucket"], position, below), after)
        position = _fill(page, rows, (prefix, delimiter), most)
    return page


def _rows(ctx: Context, bucket: str, start: str, below: str) -> Iterator[Row]:
    bound, values = (" AND key < ?", (bucket, start, below)) if below else ("", (bucket, start))
    return ctx.store.rows(f"{_COLUMNS}{bound} ORDER BY key, sequence DESC", values)


def _after(rows: Iterator[Row], after: tuple[str, str]) -> Iterator[Entry]:
    """What comes after a version of a key: its older ones, then all other keys."""
    key_marker, version_marker = after
    passed = not version_marker
    last = None
    for row in rows:
        latest, last = row["key"] != last, row["key"]
        if row["key"] == key_marker and version_marker:
            if passed:
                yield Entry(row, latest)
            passed = passed or row["version_id"] == version_marker
        else:
            yield Entry(row, latest)


def _fill(page: Page, entries: Iterator[Entry], rolling: tuple[str, str], most: int) -> str | None:
    """Take entries up to the next common prefix; returns where to seek then, None at the end."""
    for entry in entries:
        if len(page.entries) + len(page.prefixes) >= most:
            page.truncated = True
            return None
        key = str(entry.row["key"])
        common = listing.common_prefix(key, *rolling)
        page.last, page.last_version = (common, "") if common else (key, entry.row["version_id"])
        if common:
            page.prefixes.append(common)
            return listing.successor(common) or None
        page.entries.append(entry)
    return None


def version(entry: Entry, shown: Callable[[str], str], owner: Mapping[str, str]) -> dict[str, Any]:
    """A ``Version`` of the answer."""
    row = entry.row
    checksum = json.loads(row["checksum"]) if row["checksum"] else None
    facts = {"ChecksumAlgorithm": [checksum["Algorithm"]], "ChecksumType": checksum["Type"]} if checksum else {}
    return {
        **marker(entry, shown, owner),
        **facts,
        "ETag": f'"{row["etag"]}"',
        "Size": row["size"],
        "StorageClass": row["storage_class"] or "STANDARD",
    }


def marker(entry: Entry, shown: Callable[[str], str], owner: Mapping[str, str]) -> dict[str, Any]:
    """A ``DeleteMarker`` of the answer."""
    row = entry.row
    return {
        "Key": shown(row["key"]),
        "VersionId": row["version_id"],
        "IsLatest": entry.latest,
        "LastModified": row["modified_at"],
        "Owner": owner,
    }
