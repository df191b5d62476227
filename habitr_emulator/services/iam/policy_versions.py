"""The versions of a managed policy: five at most, of which the default one is in force.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
"""

from typing import Any
from urllib.parse import quote

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import aws_policies, documents, identities, managed_policies
from habitr_emulator.services.iam.errors import DeleteConflict, LimitExceeded, NoSuchEntity

MOST_VERSIONS = 5
_SHOWN = "SELECT * FROM iam_policy_versions WHERE policy_arn = ? ORDER BY version DESC"


def of(ctx: Context, arn: str) -> list[dict[str, Any]]:
    """Every version as IAM answers with it, the newest first; raises NoSuchEntity."""
    policy = managed_policies.require(ctx, arn)
    if arn in aws_policies.POLICIES:
        return [_shown(policy["default_version"], policy, policy["document"], policy["created_at"])]
    rows = ctx.store.all(_SHOWN, (arn,))
    return [_shown(row["version"], policy, row["document"], row["created_at"]) for row in rows]


def require(ctx: Context, arn: str, version_id: str) -> dict[str, Any]:
    """One version (``v2``); raises NoSuchEntity."""
    for version in of(ctx, arn):
        if version["VersionId"] == version_id:
            return version
    raise _missing(arn, version_id)


async def create(ctx: Context, arn: str, document: str, *, set_as_default: bool) -> dict[str, Any]:
    """A new version without its document; raises NoSuchEntity, LimitExceeded, MalformedPolicyDocument."""
    documents.read(document, "identity")
    now = ctx.clock.now()

    def write(tx: Transaction) -> int:
        if len(tx.all("SELECT 1 FROM iam_policy_versions WHERE policy_arn = ?", (arn,))) >= MOST_VERSIONS:
            raise LimitExceeded(
                f"A managed policy can have up to {MOST_VERSIONS} versions. Before you create a new version, you"
                " must delete an existing version."
            )
        counted = "UPDATE iam_managed_policies SET latest_version = latest_version + 1, updated_at = ?"
        found = tx.one(f"{counted} WHERE arn = ? RETURNING latest_version", (now, arn))
        if found is None:
            raise managed_policies.missing(arn)
        version = int(found["latest_version"])
        tx.execute("INSERT INTO iam_policy_versions VALUES (?, ?, ?, ?)", (arn, version, document, now))
        if set_as_default:
            _make_default(tx, arn, version, now)
        return version

    created = await ctx.store.write(write)
    identities.changed(ctx)
    shown = require(ctx, arn, f"v{created}")
    return {name: value for name, value in shown.items() if name != "Document"}


async def set_default(ctx: Context, arn: str, version_id: str) -> None:
    """Put a version in force; raises NoSuchEntity."""
    require(ctx, arn, version_id)
    now = ctx.clock.now()

    def write(tx: Transaction) -> None:
        if not _make_default(tx, arn, _number(version_id), now):
            raise _missing(arn, version_id)

    await ctx.store.write(write)
    identities.changed(ctx)


async def delete(ctx: Context, arn: str, version_id: str) -> None:
    """Delete a version that is not in force; raises NoSuchEntity, DeleteConflict."""
    require(ctx, arn, version_id)
    number = _number(version_id)

    def write(tx: Transaction) -> None:
        default = "SELECT 1 FROM iam_managed_policies WHERE arn = ? AND default_version = ?"
        if tx.one(default, (arn, number)) is not None:
            raise DeleteConflict("Cannot delete the default version of a policy.")
        tx.execute("DELETE FROM iam_policy_versions WHERE policy_arn = ? AND version = ?", (arn, number))

    await ctx.store.write(write)


def _make_default(tx: Transaction, arn: str, version: int, now: float) -> bool:
    chosen = "SELECT document FROM iam_policy_versions WHERE policy_arn = ? AND version = ?"
    row = tx.one(chosen, (arn, version))
    if row is None:
        return False
    put = "UPDATE iam_managed_policies SET default_version = ?, document = ?, updated_at = ? WHERE arn = ?"
    tx.execute(put, (version, row["document"], now, arn))
    return True


def _shown(version: int, policy: Any, document: str, created_at: float) -> dict[str, Any]:
    return {
        "Document": quote(document, safe=""),
        "VersionId": f"v{version}",
        "IsDefaultVersion": version == policy["default_version"],
        "CreateDate": created_at,
    }


def _number(version_id: str) -> int:
    return int(version_id.removeprefix("v"))


def _missing(arn: str, version_id: str) -> NoSuchEntity:
    return NoSuchEntity(f"Policy {arn} version {version_id} does not exist or is not attachable.")
