"""Event notifications: Lambda functions that a bucket tells of its objects, after the fact.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import buckets
from habitr_emulator.services.s3.objects import NewObject
from habitr_emulator.services.s3.writing import Removed, Written

LAMBDA = "LambdaFunctionConfigurations"
_EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e"
_log = logging.getLogger(__name__)


def tell_of_new(ctx: Context, event: str, new: NewObject, written: Written) -> None:
    """Tell that an object was made; ``event`` is ``ObjectCreated:Put`` or its like."""
    shown = {"key": new.key, "size": new.size, "eTag": new.etag, "versionId": written.version_id}
    _tell(ctx, event, new.bucket, shown)


def tell_of_removed(ctx: Context, bucket: str, key: str, removed: Removed, kind: str = "ObjectRemoved") -> None:
    """Tell that an object was removed, if it was there; ``kind`` is ``LifecycleExpiration`` if a rule did it."""
    if not removed.there:
        return
    if removed.left_marker:
        shown = {"key": key, "eTag": _EMPTY_MD5, "versionId": removed.version_id}
        _tell(ctx, f"{kind}:DeleteMarkerCreated", bucket, shown)
    else:
        _tell(ctx, f"{kind}:Delete", bucket, {"key": key, "versionId": removed.version_id})


def tell_of_change(ctx: Context, event: str, row: Row) -> None:
    """Tell that something of a version changed: ``ObjectTagging:Put``, ``ObjectAcl:Put`` …"""
    shown = {"key": row["key"], "eTag": row["etag"], "versionId": row["version_id"]}
    _tell(ctx, event, row["bucket"], shown)


def _tell(ctx: Context, event: str, bucket: str, shown: Mapping[str, Any]) -> None:
    document = buckets.setting(ctx.account, bucket, "notification")
    for target in document.get(LAMBDA, ()) if document else ():
        if _wants(target, event, shown["key"]):
            record = _record(ctx, event, bucket, shown, target["Id"])
            ctx.account.bus.spawn(_invoke(ctx, target["LambdaFunctionArn"], record))


def _wants(target: Mapping[str, Any], event: str, key: str) -> bool:
    names = (f"s3:{event}", f"s3:{event.partition(':')[0]}:*")
    prefix, suffix = filters(target)
    return any(name in target["Events"] for name in names) and key.startswith(prefix) and key.endswith(suffix)


def filters(target: Mapping[str, Any]) -> tuple[str, str]:
    """A configuration's prefix and suffix, "" for none."""
    rules = ((target.get("Filter") or {}).get("Key") or {}).get("FilterRules") or ()
    named = {str(rule.get("Name", "")).lower(): str(rule.get("Value", "")) for rule in rules}
    return named.get("prefix", ""), named.get("suffix", "")


async def _invoke(ctx: Context, function: str, record: Mapping[str, Any]) -> None:
    payload = json.dumps({"Records": [record]}).encode()
    told = ctx.as_service("s3.amazonaws.com")
    request = {"FunctionName": function, "InvocationType": "Event", "Payload": payload}
    try:
        await told.services.lambda_.invoke(request)
    except AwsError as error:
        _log.warning("S3 could not tell %s of an event: %s", function, error)


def _record(ctx: Context, event: str, bucket: str, shown: Mapping[str, Any], configuration: str) -> dict[str, Any]:
    now, identity = ctx.clock.now(), {"principalId": ctx.caller.user_id or ctx.account.account_id}
    about = {**shown, "key": quote_plus(shown["key"], safe="/"), "sequencer": f"{int(now * 1_000_000):018X}"}
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": ctx.account.region,
        "eventTime": iso8601(now),
        "eventName": event,
        "userIdentity": identity,
        "requestParameters": {"sourceIPAddress": ctx.source_ip},
        "responseElements": {
            "x-amz-request-id": ctx.request_id.replace("-", "")[:16].upper(),
            "x-amz-id-2": ctx.request_id,
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration,
            "bucket": {
                "name": bucket,
                "ownerIdentity": {"principalId": ctx.account.account_id},
                "arn": buckets.arn(bucket),
            },
            "object": {name: value for name, value in about.items() if value not in ("", None)},
        },
    }


def overlapping(targets: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The ids of configurations that would both be told of one event."""
    for number, first in enumerate(targets):
        for second in targets[number + 1 :]:
            both = any(_same_event(one, other) for one in first["Events"] for other in second["Events"])
            if both and _filters_meet(filters(first), filters(second)):
                yield first["Id"], second["Id"]


def _same_event(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return one == other or (shorter.endswith("*") and longer.startswith(shorter[:-1]))


def _filters_meet(first: tuple[str, str], second: tuple[str, str]) -> bool:
    prefixes = first[0].startswith(second[0]) or second[0].startswith(first[0])
    return prefixes and (first[1].endswith(second[1]) or second[1].endswith(first[1]))
