"""Object lock: retention periods and legal holds, which keep versions from being removed.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
"""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.errors import (
    AccessDenied,
    InvalidArgument,
    InvalidRequest,
    MalformedXML,
    NoSuchVersion,
)
from habitr_emulator.services.s3.setting_errors import InvalidRetentionPeriod

GOVERNANCE, COMPLIANCE = "GOVERNANCE", "COMPLIANCE"
_DAY = 86_400
_YEAR = 365 * _DAY
_BOTH = "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied"
_PROTECTED = "Access Denied because object protected by object lock."


def enabled(ctx: Context, bucket: str) -> bool:
    """Whether the bucket's objects can be locked."""
    return buckets.setting(ctx.account, bucket, "object-lock") is not None


def require_enabled(ctx: Context, request: Mapping[str, Any]) -> None:
    """Raise NoSuchBucket, or InvalidRequest if the bucket's objects cannot be locked."""
    buckets.require(ctx, request)
    if not enabled(ctx, request["Bucket"]):
        raise InvalidRequest("Bucket is missing Object Lock Configuration")


def of_new_object(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The lock of an object that is about to be written: what the request asks for, else the bucket's default.

    ``Mode``, ``RetainUntilDate`` (seconds) and ``LegalHold``. Raises InvalidRequest and
    InvalidArgument.
    """
    mode, until = request.get("ObjectLockMode"), request.get("ObjectLockRetainUntilDate")
    hold = request.get("ObjectLockLegalHoldStatus")
    asked = mode is not None or until is not None or hold is not None
    document = buckets.setting(ctx.account, request["Bucket"], "object-lock")
    if document is None:
        if asked:
            raise InvalidRequest("Bucket is missing Object Lock Configuration")
        return None
    lock: dict[str, Any] = {}
    if mode is not None or until is not None:
        if mode is None or until is None:
            raise InvalidArgument(_BOTH)
        check_mode(mode)
        check_until(ctx, until)
        authorization.authorize_object(ctx, "s3:PutObjectRetention", request, retention_conditions(ctx, until))
        lock = {"Mode": mode, "RetainUntilDate": until}
    else:
        lock = _default(ctx, document)
    if hold is not None:
        if hold not in ("ON", "OFF"):
            raise InvalidArgument("Legal Hold must be either of 'ON' or 'OFF'")
        authorization.authorize_object(ctx, "s3:PutObjectLegalHold", request)
        lock["LegalHold"] = hold
    return lock or None


def _default(ctx: Context, document: Mapping[str, Any]) -> dict[str, Any]:
    default = (document.get("Rule") or {}).get("DefaultRetention")
    if not default:
        return {}
    seconds = default["Days"] * _DAY if "Days" in default else default["Years"] * _YEAR
    return {"Mode": default["Mode"], "RetainUntilDate": ctx.clock.now() + seconds}


def check_mode(mode: str) -> None:
    """Raise InvalidArgument for a retention mode that there is not."""
    if mode not in (GOVERNANCE, COMPLIANCE):
        raise InvalidArgument("Unknown wormMode directive.")


def check_until(ctx: Context, until: float) -> None:
    """Raise InvalidArgument for a retention that has ended already."""
    if until <= ctx.clock.now():
        raise InvalidArgument("The retain until date must be in the future!")


def retention_conditions(ctx: Context, until: float) -> authorization.Conditions:
    """The condition keys of a retention."""
    days = max(0, int((until - ctx.clock.now()) // _DAY))
    return {"s3:object-lock-remaining-retention-days": str(days)}


def members(row: Row) -> dict[str, Any]:
    """The lock as GetObject shows it."""
    lock = json.loads(row["lock"]) if row["lock"] else {}
    shown = {
        "ObjectLockMode": lock.get("Mode"),
        "ObjectLockRetainUntilDate": lock.get("RetainUntilDate"),
        "ObjectLockLegalHoldStatus": lock.get("LegalHold"),
    }
    return {name: value for name, value in shown.items() if value is not None}


def may_bypass(ctx: Context, request: Mapping[str, Any]) -> bool:
    """Whether the request asks to bypass governance; raises AccessDenied if its caller may not."""
    if not request.get("BypassGovernanceRetention"):
        return False
    if enabled(ctx, request["Bucket"]):
        authorization.authorize_object(ctx, "s3:BypassGovernanceRetention", request)
    return True


def check_removable(row: Row, now: float, *, bypass: bool) -> None:
    """Raise AccessDenied for a version that its lock protects at ``now``."""
    lock = json.loads(row["lock"]) if row["lock"] else {}
    if lock.get("LegalHold") == "ON":
        raise AccessDenied(_PROTECTED, why="a legal hold is on")
    if lock.get("Mode") and lock["RetainUntilDate"] > now and not (bypass and lock["Mode"] == GOVERNANCE):
        raise AccessDenied(_PROTECTED, why=f"{lock['Mode']} retention has not ended")


async def set_retention(ctx: Context, row: Row, retention: Mapping[str, Any], *, bypass: bool) -> None:
    """Set or lift a version's retention; raises AccessDenied for what would weaken one that holds."""
    now = ctx.clock.now()

    def change(lock: dict[str, Any]) -> None:
        if lock.get("Mode") and lock["RetainUntilDate"] > now:
            _refuse_weaker(lock, retention, bypass=bypass)
        lock.pop("Mode", None)
        lock.pop("RetainUntilDate", None)
        lock.update(retention)

    await _change(ctx, row, change)


def _refuse_weaker(lock: Mapping[str, Any], retention: Mapping[str, Any], *, bypass: bool) -> None:
    """A running retention may only be made longer; GOVERNANCE anything, with the bypass header."""
    longer = retention.get("Mode") == lock["Mode"] and retention["RetainUntilDate"] >= lock["RetainUntilDate"]
    if not longer and not (bypass and lock["Mode"] == GOVERNANCE):
        raise AccessDenied(_PROTECTED, why=f"{lock['Mode']} retention can only be made longer")


async def set_legal_hold(ctx: Context, row: Row, status: str) -> None:
    """Switch a version's legal hold ``ON`` or ``OFF``."""
    await _change(ctx, row, lambda lock: lock.update({"LegalHold": status}))


async def _change(ctx: Context, row: Row, change: Any) -> None:
    where = (row["bucket"], row["key"], row["version_id"])

    def write(tx: Transaction) -> None:
        sql = "SELECT lock FROM s3_versions WHERE bucket = ? AND key = ? AND version_id = ?"
        found = tx.one(sql, where)
        if found is None:
            raise NoSuchVersion(Key=row["key"], VersionId=row["version_id"])
        lock = json.loads(found["lock"]) if found["lock"] else {}
        change(lock)
        tx.execute(
            "UPDATE s3_versions SET lock = ? WHERE bucket = ? AND key = ? AND version_id = ?",
            (json.dumps(lock) if lock else None, *where),
        )

    await ctx.store.write(write)


def checked_default(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """An ObjectLockConfiguration to keep; raises MalformedXML, InvalidRetentionPeriod."""
    if configuration.get("ObjectLockEnabled") != "Enabled":
        raise MalformedXML
    default = (configuration.get("Rule") or {}).get("DefaultRetention")
    if "Rule" in configuration and not default:
        raise MalformedXML
    if default:
        _check_default(default)
    return dict(configuration)


def _check_default(default: Mapping[str, Any]) -> None:
    if "DefaultEventHold" in default:
        raise NotBuilt("Event holds are not built in habitr-emulator.", why="not built for S3: event holds")
    if "Mode" not in default or ("Days" in default) == ("Years" in default):
        raise MalformedXML
    amount, most = (default["Days"], 36_500) if "Days" in default else (default["Years"], 100)
    if amount <= 0:
        raise InvalidRetentionPeriod("The retention period must be a positive integer value.")
    if amount > most:
        raise InvalidRetentionPeriod
