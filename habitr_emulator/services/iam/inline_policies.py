"""Policies that live in a role or user and end with it."""

from typing import Any
from urllib.parse import quote

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import documents, identities
from habitr_emulator.services.iam.errors import NoSuchEntity
from habitr_emulator.services.iam.identities import Kind

_PUT = """
INSERT INTO iam_inline_policies (kind, owner, name, document) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, owner, name) DO UPDATE SET document = excluded.document
"""


async def put(ctx: Context, kind: Kind, owner: str, name: str, document: str) -> None:
    """Add or replace one; ``document`` is JSON. Raises NoSuchEntity, MalformedPolicyDocument."""
    documents.read(document, "identity")

    def write(tx: Transaction) -> None:
        identities.check(tx, kind, owner)
        tx.execute(_PUT, (kind, owner, name, document))

    await ctx.store.write(write)
    identities.changed(ctx)


def get(ctx: Context, kind: Kind, owner: str, name: str) -> dict[str, Any]:
    """One, as GetRolePolicy answers: the document is URL-encoded JSON. Raises NoSuchEntity."""
    row = ctx.store.one(
        "SELECT document FROM iam_inline_policies WHERE kind = ? AND owner = ? AND name = ?", (kind, owner, name)
    )
    if row is None:
        raise _missing(kind, name)
    return {"PolicyName": name, "PolicyDocument": quote(row["document"], safe="")}


def names(ctx: Context, kind: Kind, owner: str) -> list[str]:
    """The names of all of an owner's; raises NoSuchEntity."""
    identities.require(ctx, kind, owner)
    rows = ctx.store.all(
        "SELECT name FROM iam_inline_policies WHERE kind = ? AND owner = ? ORDER BY name", (kind, owner)
    )
    return [row["name"] for row in rows]


async def delete(ctx: Context, kind: Kind, owner: str, name: str) -> None:
    """Remove one; raises NoSuchEntity."""

    def write(tx: Transaction) -> None:
        found = tx.execute(
            "DELETE FROM iam_inline_policies WHERE kind = ? AND owner = ? AND name = ?", (kind, owner, name)
        )
        if not found.rowcount:
            raise _missing(kind, name)

    await ctx.store.write(write)
    identities.changed(ctx)


def _missing(kind: Kind, name: str) -> NoSuchEntity:
    return NoSuchEntity(f"The {kind} policy with name {name} cannot be found.")
