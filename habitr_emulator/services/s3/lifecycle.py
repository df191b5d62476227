"""Lifecycle rules: which objects they are for, when they are due, and the headers that tell so.

Days are counted from midnight UTC to midnight UTC by the emulator's clock.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any
from urllib.parse import quote

from habitr_emulator.kernel.clock import http_date
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import buckets
from habitr_emulator.services.s3.objects import NewObject

DAY = 86_400
Rule = Mapping[str, Any]


def rules(ctx: Context, bucket: str) -> Sequence[Rule]:
    """The bucket's enabled rules."""
    document = buckets.setting(ctx.account, bucket, "lifecycle")
    return () if document is None else [rule for rule in document["Rules"] if rule["Status"] == "Enabled"]


def prefix_of(rule: Rule) -> str:
    """The prefix that a rule is for, "" for every key."""
    asked = rule.get("Filter") or {}
    both = asked.get("And") or {}
    return str(rule.get("Prefix") or asked.get("Prefix") or both.get("Prefix") or "")


def is_for(rule: Rule, key: str, size: int, tags: Mapping[str, str]) -> bool:
    """Whether a rule's filter holds an object."""
    asked = rule.get("Filter") or {}
    both = {**asked, **(asked.get("And") or {})}
    wanted = [*both.get("Tags", ()), *([both["Tag"]] if "Tag" in both else ())]
    return (
        key.startswith(prefix_of(rule))
        and size > both.get("ObjectSizeGreaterThan", -1)
        and size < both.get("ObjectSizeLessThan", size + 1)
        and all(tags.get(tag["Key"]) == tag["Value"] for tag in wanted)
    )


def has_size(rule: Rule) -> bool:
    """Whether a rule says how large its objects are."""
    asked = rule.get("Filter") or {}
    both = {**asked, **(asked.get("And") or {})}
    return "ObjectSizeGreaterThan" in both or "ObjectSizeLessThan" in both


def after(days: int, since: float) -> float:
    """The midnight at which ``days`` are over."""
    return float(ceil((since + days * DAY) / DAY) * DAY)


def due(action: Mapping[str, Any], since: float) -> float | None:
    """When an action with ``Days`` or ``Date`` is due for something that is there since a time; None if never."""
    if "Date" in action:
        return float(action["Date"])
    return after(action["Days"], since) if "Days" in action else None


def expiry(found: Sequence[Rule], key: str, size: int, tags: Mapping[str, str], since: float) -> tuple[float, str]:
    """When a current version expires first, and by which rule; infinity and "" if never."""
    dates = [
        (at, str(rule["ID"]))
        for rule in found
        if is_for(rule, key, size, tags) and (at := due(rule.get("Expiration") or {}, since)) is not None
    ]
    return min(dates, default=(float("inf"), ""))


def expiration_member(ctx: Context, row: Row) -> dict[str, str]:
    """``Expiration`` of an object that is read."""
    found = rules(ctx, row["bucket"])
    if not found:
        return {}
    return _shown(expiry(found, row["key"], row["size"], json.loads(row["tags"]), row["modified_at"]))


def expiration_of(ctx: Context, new: NewObject, at: float) -> dict[str, str]:
    """``Expiration`` of an object that was written at a time."""
    found = rules(ctx, new.bucket)
    return _shown(expiry(found, new.key, new.size, new.attributes.tags, at)) if found else {}


def _shown(found: tuple[float, str]) -> dict[str, str]:
    at, rule_id = found
    if at == float("inf"):
        return {}
    return {"Expiration": f'expiry-date="{http_date(at)}", rule-id="{quote(rule_id, safe="")}"'}


def aborts(found: Sequence[Rule], key: str, since: float) -> Iterator[tuple[float, str]]:
    """When an upload of a key is aborted, and by which rules."""
    for rule in found:
        days = (rule.get("AbortIncompleteMultipartUpload") or {}).get("DaysAfterInitiation")
        if days is not None and key.startswith(prefix_of(rule)):
            yield after(days, since), str(rule["ID"])


def abort_members(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """``AbortDate`` and ``AbortRuleId`` of an upload that begins now."""
    first = min(aborts(rules(ctx, request["Bucket"]), request["Key"], ctx.clock.now()), default=None)
    return {} if first is None else {"AbortDate": first[0], "AbortRuleId": first[1]}
