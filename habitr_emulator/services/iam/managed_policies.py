"""Policies of their own, attached to roles and users by ARN."""

import json
from typing import Any

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import documents, identities
from habitr_emulator.services.iam.errors import DeleteConflict, EntityAlreadyExists, NoSuchEntity
from habitr_emulator.services.iam.identities import Kind

_WITH_COUNT = """
SELECT iam_managed_policies.*, (SELECT count(*) FROM iam_attachments WHERE policy_arn = arn) AS attachments
FROM iam_managed_policies
"""
DEFAULT_VERSION = "v1"


async def create(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreatePolicy's answer; raises EntityAlreadyExists, MalformedPolicyDocument."""
    documents.read(request["PolicyDocument"], "identity")
    path, name = request.get("Path", "/"), request["PolicyName"]
    arn = ctx.account.arn("iam", f"policy{path}{name}", region=False)
    values = (
        arn,
        name,
        identities.new_id(ctx, "ANPA"),
        path,
        request.get("Description"),
        request["PolicyDocument"],
        json.dumps(request.get("Tags", [])),
        ctx.clock.now(),
    )

    def write(tx: Transaction) -> None:
        if tx.one("SELECT 1 FROM iam_managed_policies WHERE name = ?", (name,)) is not None:
            raise EntityAlreadyExists(f"A policy called {name} already exists. Duplicate names are not allowed.")
        tx.execute("INSERT INTO iam_managed_policies VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)

    await ctx.store.write(write)
    return {"Policy": shown(require(ctx, arn))}


def require(ctx: Context, arn: str) -> Row:
    """A policy's row; raises NoSuchEntity."""
    row = ctx.store.one(f"{_WITH_COUNT} WHERE arn = ?", (arn,))
    if row is None:
        raise _missing(arn)
    return row


def all_of(ctx: Context, path_prefix: str = "/") -> list[dict[str, Any]]:
    """Every policy below a path, by name."""
    rows = ctx.store.all(
        f"{_WITH_COUNT} WHERE substr(path, 1, ?) = ? ORDER BY name", (len(path_prefix), path_prefix)
    )
    return [shown(row) for row in rows]


def shown(row: Row) -> dict[str, Any]:
    """A policy as IAM answers with it; its document is its only version."""
    tags = json.loads(row["tags"])
    return {
        "PolicyName": row["name"],
        "PolicyId": row["id"],
        "Arn": row["arn"],
        "Path": row["path"],
        "DefaultVersionId": DEFAULT_VERSION,
        "AttachmentCount": row["attachments"],
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": row["created_at"],
        "UpdateDate": row["created_at"],
        **({"Description": row["description"]} if row["description"] else {}),
        **({"Tags": tags} if tags else {}),
    }


async def delete(ctx: Context, arn: str) -> None:
    """Delete a policy; raises NoSuchEntity, and DeleteConflict while it is attached."""

    def write(tx: Transaction) -> None:
        if tx.one("SELECT 1 FROM iam_attachments WHERE policy_arn = ?", (arn,)) is not None:
            raise DeleteConflict("Cannot delete a policy attached to entities.")
        if not tx.execute("DELETE FROM iam_managed_policies WHERE arn = ?", (arn,)).rowcount:
            raise _missing(arn)

    await ctx.store.write(write)


async def attach(ctx: Context, kind: Kind, owner: str, arn: str) -> None:
    """Let a policy bind a role or user; raises NoSuchEntity."""

    def write(tx: Transaction) -> None:
        identities.check(tx, kind, owner)
        if tx.one("SELECT 1 FROM iam_managed_policies WHERE arn = ?", (arn,)) is None:
            raise _missing(arn)
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
    rows = ctx.store.all(
        "SELECT name, arn FROM iam_attachments JOIN iam_managed_policies ON arn = policy_arn"
        " WHERE kind = ? AND owner = ? ORDER BY name",
        (kind, owner),
    )
    return [{"PolicyName": row["name"], "PolicyArn": row["arn"]} for row in rows]


def _missing(arn: str) -> NoSuchEntity:
    return NoSuchEntity(f"Policy {arn} does not exist or is not attachable.")
