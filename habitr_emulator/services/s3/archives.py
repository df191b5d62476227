"""Storage classes: moves between them, and archived objects, which must be restored to be read.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
"""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.clock import http_date
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import buckets, writing
from habitr_emulator.services.s3.errors import InvalidObjectState

ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")
_DAY = 86_400


def class_of(row: Row) -> str:
    """A version's storage class."""
    return str(json.loads(row["properties"]).get("StorageClass", "STANDARD"))


def check_readable(ctx: Context, row: Row) -> None:
    """Raise InvalidObjectState for an archived version that is not restored."""
    kept = json.loads(row["properties"])
    found = kept.get("StorageClass")
    if found in ARCHIVES and kept.get("RestoreExpiry", 0) <= ctx.clock.now():
        raise InvalidObjectState(StorageClass=found)


def members(ctx: Context, kept: Mapping[str, Any]) -> dict[str, str]:
    """``Restore``, while a restored copy is there."""
    until = kept.get("RestoreExpiry", 0)
    if until <= ctx.clock.now():
        return {}
    return {"Restore": f'ongoing-request="false", expiry-date="{http_date(until)}"'}


async def restore(ctx: Context, row: Row, days: int) -> bool:
    """Make an archived version readable for ``days``, at once; False if it was already, and now is for longer.

    Raises InvalidObjectState for what is not archived.
    """
    kept = json.loads(row["properties"])
    if kept.get("StorageClass") not in ARCHIVES:
        raise InvalidObjectState(
            "Restore is not allowed for the object's current storage class", StorageClass=class_of(row)
        )
    now = ctx.clock.now()
    fresh = bool(kept.get("RestoreExpiry", 0) <= now)
    until = (int((now + days * _DAY) // _DAY) + 1) * _DAY
    await writing.update(ctx, row, "properties", json.dumps({**kept, "RestoreExpiry": until}))
    return fresh


async def move(ctx: Context, row: Row, storage_class: str) -> None:
    """Put a version into another storage class."""
    if class_of(row) != storage_class:
        kept = {**json.loads(row["properties"]), "StorageClass": storage_class}
        await writing.update(ctx, row, "properties", json.dumps(kept))


def moves_small(ctx: Context, bucket: str) -> bool:
    """Whether the bucket's rules move objects of any size, as rules did before September 2024."""
    document = buckets.setting(ctx.account, bucket, "lifecycle") or {}
    return document.get("TransitionDefaultMinimumObjectSize") == "varies_by_storage_class"
