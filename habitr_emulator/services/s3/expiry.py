"""Does what lifecycle rules say, when the emulator's clock has passed a midnight.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html
"""

import asyncio
import json
import logging
from collections.abc import Iterator, Sequence
from itertools import groupby

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.s3 import archives, lifecycle, locks, multipart, notifications, writing
from habitr_emulator.services.s3.lifecycle import Rule

#: Seconds of real time between looks at the emulator's clock, which may have been moved.
INTERVAL = 1.0
#: Smaller objects stay in their storage class, unless the rule or the bucket says otherwise.
LEAST_TRANSITION = 128 * 1024
_SLICE = 500
_CONFIGURED = "SELECT bucket, document FROM s3_bucket_settings WHERE name = 'lifecycle'"
_KEYS = "SELECT DISTINCT key FROM s3_versions WHERE bucket = ? AND key > ? ORDER BY key LIMIT ?"
_VERSIONS = "SELECT * FROM s3_versions WHERE bucket = ? AND key >= ? AND key <= ? ORDER BY key, sequence DESC"
_log = logging.getLogger(__name__)


class Upkeep:
    """Looks once a second, in the background, for what is due (an account part; asking for it starts it)."""

    def __init__(self, account: Account) -> None:
        self._context = account.context(Caller("service", arn="s3.amazonaws.com"))
        #: Bucket and rules -> the day on which they were last applied.
        self._done: dict[tuple[str, str], int] = {}
        account.bus.subscribe("store.restored", lambda _: self._done.clear())
        account.agenda.add(self.due, self.look)
        account.bus.spawn(self._run())

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:  # the next look may do better; nobody else would
                _log.exception("the upkeep of buckets failed")
            await asyncio.sleep(INTERVAL)

    def due(self) -> float | None:
        """The next midnight at which rules are to be applied; None if there are no rules."""
        ctx = self._context
        today = int(ctx.clock.now() // lifecycle.DAY)
        days = [self._done.get((row["bucket"], row["document"]), today - 1) for row in ctx.store.all(_CONFIGURED)]
        return float((min(days) + 1) * lifecycle.DAY) if days else None

    async def look(self) -> None:
        """Apply the rules of every bucket to which they were not applied on this day of the emulator's clock."""
        ctx, now = self._context, self._context.clock.now()
        for row in ctx.store.all(_CONFIGURED):
            key = (row["bucket"], row["document"])
            if self._done.get(key) != int(now // lifecycle.DAY):
                await apply(ctx, row["bucket"], now)
                self._done[key] = int(now // lifecycle.DAY)


async def apply(ctx: Context, bucket: str, now: float) -> None:
    """Do to one bucket what its rules say is due."""
    rules = lifecycle.rules(ctx, bucket)
    after = ""
    while rules and (keys := ctx.store.all(_KEYS, (bucket, after, _SLICE))):
        first, after = keys[0]["key"], keys[-1]["key"]
        rows = ctx.store.all(_VERSIONS, (bucket, first, after))
        for _, versions in groupby(rows, key=lambda row: row["key"]):
            await _apply_to_key(ctx, rules, list(versions), now)
        await asyncio.sleep(0)
    for upload in ctx.store.all("SELECT * FROM s3_uploads WHERE bucket = ?", (bucket,)):
        if any(at <= now for at, _ in lifecycle.aborts(rules, upload["key"], upload["initiated_at"])):
            await multipart.abort(ctx, {"Bucket": bucket, "Key": upload["key"], "UploadId": upload["id"]})


async def _apply_to_key(ctx: Context, rules: Sequence[Rule], versions: list[Row], now: float) -> None:
    current, noncurrent = versions[0], versions[1:]
    for row in _expired_noncurrent(rules, versions, now):
        await _remove(ctx, row, now)
        noncurrent.remove(row)
    if current["delete_marker"]:
        if not noncurrent and _marker_is_due(rules, current, now):
            await _remove(ctx, current, now)
        return
    tags = json.loads(current["tags"])
    at, _ = lifecycle.expiry(rules, current["key"], current["size"], tags, current["modified_at"])
    if at <= now:
        removed = await writing.expire(ctx, current)
        notifications.tell_of_removed(ctx, current["bucket"], current["key"], removed, "LifecycleExpiration")
        return
    await _transition(ctx, rules, versions, now)


def _expired_noncurrent(rules: Sequence[Rule], versions: list[Row], now: float) -> Iterator[Row]:
    """Noncurrent versions that are due. Each is noncurrent since the next newer one was written."""
    for newer, row in enumerate(versions[1:]):
        since, tags = versions[newer]["modified_at"], json.loads(row["tags"])
        for rule in rules:
            action = rule.get("NoncurrentVersionExpiration")
            if action is None or not lifecycle.is_for(rule, row["key"], row["size"], tags):
                continue
            kept = action.get("NewerNoncurrentVersions", 0)
            if newer >= kept and lifecycle.after(action["NoncurrentDays"], since) <= now:
                yield row
                break


def _marker_is_due(rules: Sequence[Rule], marker: Row, now: float) -> bool:
    """A delete marker with nothing below it goes, at once or when its days are over."""
    for rule in rules:
        action = rule.get("Expiration") or {}
        if not marker["key"].startswith(lifecycle.prefix_of(rule)):
            continue
        if action.get("ExpiredObjectDeleteMarker"):
            return True
        at = lifecycle.due(action, marker["modified_at"]) if "Days" in action else None
        if at is not None and at <= now:
            return True
    return False


async def _remove(ctx: Context, row: Row, now: float) -> None:
    """Remove a version for good, unless it is locked."""
    try:
        locks.check_removable(row, now, bypass=False)
        named = {"Bucket": row["bucket"], "Key": row["key"], "VersionId": row["version_id"]}
        removed = await writing.delete(ctx, named)
    except AwsError as error:
        _log.debug("a lifecycle rule left %s: %s", row["key"], error)
    else:
        notifications.tell_of_removed(ctx, row["bucket"], row["key"], removed, "LifecycleExpiration")


async def _transition(ctx: Context, rules: Sequence[Rule], versions: list[Row], now: float) -> None:
    """Move versions to the storage class of the latest transition that is due."""
    for newer, row in enumerate(versions):
        if row["delete_marker"]:
            continue
        since = row["modified_at"] if newer == 0 else versions[newer - 1]["modified_at"]
        wanted = max(_transitions(ctx, rules, row, (newer, since)), default=None)
        if wanted is not None and wanted[0] <= now:
            await archives.move(ctx, row, wanted[1])


def _transitions(
    ctx: Context, rules: Sequence[Rule], row: Row, place: tuple[int, float]
) -> Iterator[tuple[float, str]]:
    newer, since = place
    now = ctx.clock.now()
    small = row["size"] < LEAST_TRANSITION and not archives.moves_small(ctx, row["bucket"])
    for rule in rules:
        if not lifecycle.is_for(rule, row["key"], row["size"], json.loads(row["tags"])):
            continue
        if small and not lifecycle.has_size(rule):
            continue
        if newer == 0:
            dates = [(lifecycle.due(each, since), each) for each in rule.get("Transitions", ())]
        else:
            dates = [
                (lifecycle.after(each["NoncurrentDays"], since), each)
                for each in rule.get("NoncurrentVersionTransitions", ())
                if newer > each.get("NewerNoncurrentVersions", 0)
            ]
        yield from ((at, each["StorageClass"]) for at, each in dates if at is not None and at <= now)
