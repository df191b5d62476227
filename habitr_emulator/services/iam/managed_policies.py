"""Policies of their own, the account's or AWS's, attached to roles, users and groups by ARN."""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import aws_policies, documents, identities
from habitr_emulator.services.iam.errors import DeleteConflict, EntityAlreadyExists, NoSuchEntity
from habitr_emulator.services.iam.identities import Kind

_WITH_COUNT = """
SELECT iam_managed_policies.*, (SELECT count(*) FROM iam_attachments WHERE policy_arn = arn) AS attachments
FROM iam_managed_policies
"""


async def create(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreatePolicy's answer; raises EntityAlreadyExists, MalformedPolicyDocument."""
    documents.read(request["PolicyDocument"], "identity")
    path, name = request.get("Path", "/"), request["PolicyName"]
    arn = ctx.account.arn("iam", f"policy{path}{name}", region=False)
    document, now = request["PolicyDocument"], ctx.clock.now()
    values = (
        arn,
        name,
        identities.new_id(ctx, "ANPA"),
        path,
        request.get("Description"),
        document,
        json.dumps(request.get("Tags", [])),
        now,
        now,
    )

    def write(tx: Transaction) -> None:
        if tx.one("SELECT 1 FROM iam_managed_policies WHERE name = ?", (name,)) is not None:
            raise EntityAlreadyExists(f"A policy called {name} already exists. Duplicate names are not allowed.")
        tx.execute("INSERT INTO iam_managed_policies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1)", values)
        tx.execute("INSERT INTO iam_policy_versions VALUES (?, 1, ?, ?)", (arn, document, now))

    await ctx.store.write(write)
    return {"Policy": shown(require(ctx, arn))}


def require(ctx: Context, arn: str) -> Mapping[str, Any]:
    """A policy's row, AWS's or the account's own; raises NoSuchEntity."""
    if arn in aws_policies.POLICIES:
        return _of_aws(ctx, arn)
    row = ctx.store.one(f"{_WITH_COUNT} WHERE arn = ?", (arn,))
    if row is None:
        raise missing(arn)
    return dict(row)


def exists(tx: Transaction, arn: str) -> bool:
    """Inside a write: whether there is such a policy."""
    found = tx.one("SELECT 1 FROM iam_managed_policies WHERE arn = ?", (arn,)) is not None
    return found or arn in aws_policies.POLICIES


def all_of(ctx: Context, scope: str = "All", path_prefix: str = "/") -> list[dict[str, Any]]:
    """Every policy below a path, by name; ``scope`` is ``AWS``, ``Local`` or ``All``."""
    rows: list[Mapping[str, Any]] = []
    if scope != "Local":
        rows += [_of_aws(ctx, arn) for arn in aws_policies.POLICIES]
    if scope != "AWS":
        rows += [dict(row) for row in ctx.store.all(_WITH_COUNT)]
    below = [row for row in rows if row["path"].startswith(path_prefix)]
    return [shown(row) for row in sorted(below, key=lambda row: str(row["name"]))]


def _of_aws(ctx: Context, arn: str) -> Mapping[str, Any]:
    name = arn.partition(":policy/")[2]
    count = "SELECT count(*) AS attachments FROM iam_attachments WHERE policy_arn = ?"
    return {
        "arn": arn,
        "name": name.rpartition("/")[2],
        "path": f"/{name.rpartition('/')[0]}/".replace("//", "/"),
        "id": identities.derived_id("ANPA", ctx.account, name),
        "description": None,
        "document": json.dumps(aws_policies.POLICIES[arn]),
        "tags": "[]",
        "created_at": 0.0,
        "updated_at": 0.0,
        "default_version": 1,
        **dict(ctx.store.all(count, (arn,))[0]),
    }


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A policy as IAM answers with it."""
    tags = json.loads(row["tags"])
    return {
        "PolicyName": row["name"],
        "PolicyId": row["id"],
        "Arn": row["arn"],
        "Path": row["path"],
        "DefaultVersionId": f"v{row['default_version']}",
        "AttachmentCount": row["attachments"],
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": row["created_at"],
        "UpdateDate": row["updated_at"],
        **({"Description": row["description"]} if row["description"] else {}),
        **({"Tags": tags} if tags else {}),
    }


async def delete(ctx: Context, arn: str) -> None:
    """Delete a policy; raises NoSuchEntity, and DeleteConflict while it is attached or has further versions."""

    def write(tx: Transaction) -> None:
        if tx.one("SELECT 1 FROM iam_attachments WHERE policy_arn = ?", (arn,)) is not None:
            raise DeleteConflict("Cannot delete a policy attached to entities.")
        if len(tx.all("SELECT 1 FROM iam_policy_versions WHERE policy_arn = ?", (arn,))) > 1:
            raise DeleteConflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's"
                " versions. The default version is deleted with the policy."
            )
        tx.execute("DELETE FROM iam_policy_versions WHERE policy_arn = ?", (arn,))
        if not tx.execute("DELETE FROM iam_managed_policies WHERE arn = ?", (arn,)).rowcount:
            raise missing(arn)

    await ctx.store.write(write)
    identities.changed(ctx)


async def attach(ctx: Context, kind: Kind, owner: str, arn: str) -> None:
    """Let a policy bind a role or user; raises NoSuchEntity."""

    def write(tx: Transaction) -> None:
        identities.check(tx, kind, owner)
        if not exists(tx, arn):
            raise missing(arn)
        tx.execute("INSERT OR IGNORE INTO iam_attachments VALUES (?, ?, ?)", (kind, owner, arn))

    await ctx.store.write(write)
    identities.changed(ctx)


async def detach(ctx: Context, kind: Kind, owner: str, arn: str) -> None:
    """End ``attach``; raises NoSuchEntity if it was not attached."""

    def write(tx: Transaction) -> None:
        identities.check(tx, kind, owner)
        found = tx.execute(
            "DELETE FROM iam_attachments WHERE kind = ? AND owner = ? AND policy_arn = ?", (kind, owner, arn)
        )
        if not found.rowcount:
            raise NoSuchEntity(f"Policy {arn} was not found.")

    await ctx.store.write(write)
    identities.changed(ctx)


def attached(ctx: Context, kind: Kind, owner: str) -> list[dict[str, str]]:
    """Name and ARN of the policies attached to a role or user; raises NoSuchEntity."""
    identities.require(ctx, kind, owner)
    sql = "SELECT policy_arn FROM iam_attachments WHERE kind = ? AND owner = ?"
    found = [require(ctx, row["policy_arn"]) for row in ctx.store.all(sql, (kind, owner))]
    listed = [{"PolicyName": row["name"], "PolicyArn": row["arn"]} for row in found]
    return sorted(listed, key=lambda policy: str(policy["PolicyName"]))


def holders(ctx: Context, arn: str) -> list[tuple[Kind, str]]:
    """Whom a policy is attached to; raises NoSuchEntity."""
    require(ctx, arn)
    sql = "SELECT kind, owner FROM iam_attachments WHERE policy_arn = ? ORDER BY kind, owner"
    return [(row["kind"], row["owner"]) for row in ctx.store.all(sql, (arn,))]


def missing(arn: str) -> NoSuchEntity:
    """AWS's answer for an ARN that is no policy's."""
    return NoSuchEntity(f"Policy {arn} does not exist or is not attachable.")
