"""Roles, users and groups: their rows, and how IAM's answers show them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

import json
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import quote

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.kernel.ids import derived_text
from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.iam.attached import AttachedPolicies
from habitr_emulator.services.iam.credentials import KEY_ALPHABET
from habitr_emulator.services.iam.errors import DeleteConflict, EntityAlreadyExists, LimitExceeded, NoSuchEntity

Kind = Literal["role", "user", "group"]
TABLES = {"role": "iam_roles", "user": "iam_users", "group": "iam_groups"}
ID_LENGTH = 17
MOST_TAGS = 50


def require(ctx: Context, kind: Kind, name: str) -> Row:
    """The row of a role or user; raises NoSuchEntity."""
    row = ctx.store.one(f"SELECT * FROM {TABLES[kind]} WHERE name = ?", (name,))  # noqa: S608
    if row is None:
        raise missing(kind, name)
    return row


def check(tx: Transaction, kind: Kind, name: str) -> None:
    """Inside a write: raise NoSuchEntity unless it exists."""
    if tx.one(f"SELECT 1 FROM {TABLES[kind]} WHERE name = ?", (name,)) is None:  # noqa: S608
        raise missing(kind, name)


def missing(kind: Kind, name: str) -> NoSuchEntity:
    """AWS's answer for a name that is nobody's."""
    return NoSuchEntity(f"The {kind} with name {name} cannot be found.")


def changed(ctx: Context) -> None:
    """Policies or their owners changed: what is remembered of them is read again."""
    ctx.account.part(AttachedPolicies).forget()


def new_id(ctx: Context, prefix: str) -> str:
    """A unique id (``AROA…``, ``AIDA…``, ``ANPA…``)."""
    return prefix + ctx.ids.text(ID_LENGTH, KEY_ALPHABET)


def derived_id(prefix: str, account: Account, name: str) -> str:
    """The unique id of something that the project deploys: the same on every machine."""
    return prefix + derived_text(ID_LENGTH, KEY_ALPHABET, "iam", account.account_id, prefix, name)


async def delete(ctx: Context, kind: Kind, name: str) -> None:
    """Delete a role or user; raises NoSuchEntity, and DeleteConflict while it still has something."""

    def write(tx: Transaction) -> None:
        check(tx, kind, name)
        _refuse_if_owning(tx, kind, name)
        tx.execute(f"DELETE FROM {TABLES[kind]} WHERE name = ?", (name,))  # noqa: S608

    await ctx.store.write(write)
    changed(ctx)


def _refuse_if_owning(tx: Transaction, kind: Kind, name: str) -> None:
    owned = {
        "detach all policies": "SELECT 1 FROM iam_attachments WHERE kind = ? AND owner = ?",
        "delete policies": "SELECT 1 FROM iam_inline_policies WHERE kind = ? AND owner = ?",
        "delete access keys": "SELECT 1 FROM iam_access_keys WHERE 'user' = ? AND user_name = ?",
        "remove users from group": "SELECT 1 FROM iam_group_members WHERE 'group' = ? AND group_name = ?",
        "remove the user from its groups": "SELECT 1 FROM iam_group_members WHERE 'user' = ? AND user_name = ?",
    }
    for remedy, query in owned.items():
        if tx.one(query, (kind, name)) is not None:
            raise DeleteConflict(f"Cannot delete entity, must {remedy} first.")


def refuse_boundary(request: dict[str, Any]) -> None:
    """Raise NotBuilt if a request asks for a permissions boundary, which would limit what policies allow."""
    if request.get("PermissionsBoundary"):
        raise NotBuilt(
            "Permissions boundaries are not built in habitr-emulator.", why="not built: IAM PermissionsBoundary"
        )


def insert(tx: Transaction, kind: Kind, values: dict[str, Any]) -> None:
    """Inside a write: add a role or user; raises EntityAlreadyExists."""
    table = TABLES[kind]
    if tx.one(f"SELECT 1 FROM {table} WHERE name = ?", (values["name"],)) is not None:  # noqa: S608
        raise EntityAlreadyExists(f"{kind.capitalize()} with name {values['name']} already exists.")
    marks = ", ".join(f":{column}" for column in values)
    tx.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", values)  # noqa: S608


async def update(ctx: Context, kind: Kind, name: str, changes: dict[str, Any]) -> None:
    """Set columns of a role or user to what is not None; raises NoSuchEntity."""
    given = {column: value for column, value in changes.items() if value is not None}

    def write(tx: Transaction) -> None:
        check(tx, kind, name)
        for column, value in given.items():
            tx.execute(f"UPDATE {TABLES[kind]} SET {column} = ? WHERE name = ?", (value, name))  # noqa: S608

    await ctx.store.write(write)
    changed(ctx)


async def rename_user(ctx: Context, name: str, new_name: str | None, new_path: str | None) -> None:
    """Give a user another name or path; raises NoSuchEntity, EntityAlreadyExists."""
    moved = (
        "UPDATE iam_access_keys SET user_name = ? WHERE user_name = ?",
        "UPDATE iam_group_members SET user_name = ? WHERE user_name = ?",
        "UPDATE iam_inline_policies SET owner = ? WHERE kind = 'user' AND owner = ?",
        "UPDATE iam_attachments SET owner = ? WHERE kind = 'user' AND owner = ?",
        "UPDATE iam_users SET name = ? WHERE name = ?",
    )

    def write(tx: Transaction) -> None:
        check(tx, "user", name)
        if new_path:
            tx.execute("UPDATE iam_users SET path = ? WHERE name = ?", (new_path, name))
        if not new_name:
            return
        other = tx.one("SELECT 1 FROM iam_users WHERE name = ?", (new_name,)) is not None
        if other and new_name.lower() != name.lower():
            raise EntityAlreadyExists(f"User with name {new_name} already exists.")
        for statement in moved:
            tx.execute(statement, (new_name, name))

    await ctx.store.write(write)
    changed(ctx)


async def tag(ctx: Context, kind: Kind, name: str, add: list[dict[str, str]], remove: Sequence[str] = ()) -> None:
    """Add or replace tags, and remove others; raises NoSuchEntity, LimitExceeded."""

    def write(tx: Transaction) -> None:
        check(tx, kind, name)
        row = tx.one(f"SELECT tags FROM {TABLES[kind]} WHERE name = ?", (name,))  # noqa: S608
        tags = {each["Key"]: each for each in [*json.loads(row["tags"] if row else "[]"), *add]}
        kept = [each for key, each in tags.items() if key not in remove]
        if len(kept) > MOST_TAGS:
            raise LimitExceeded(f"The number of tags has reached the maximum limit of {MOST_TAGS}.")
        tx.execute(f"UPDATE {TABLES[kind]} SET tags = ? WHERE name = ?", (json.dumps(kept), name))  # noqa: S608

    await ctx.store.write(write)
    changed(ctx)


def shown_role(account: Account, row: Row) -> dict[str, Any]:
    """A role as IAM answers with it: the trust policy is URL-encoded JSON."""
    return {
        **_shown(account, "role", row),
        "RoleName": row["name"],
        "RoleId": row["id"],
        "AssumeRolePolicyDocument": quote(row["trust_policy"], safe=""),
        "MaxSessionDuration": row["max_session_duration"],
        **({"Description": row["description"]} if row["description"] else {}),
    }


def shown_user(account: Account, row: Row) -> dict[str, Any]:
    """A user as IAM answers with it."""
    return {**_shown(account, "user", row), "UserName": row["name"], "UserId": row["id"]}


def _shown(account: Account, kind: Kind, row: Row) -> dict[str, Any]:
    tags = json.loads(row["tags"])
    return {
        "Path": row["path"],
        "Arn": account.arn("iam", f"{kind}{row['path']}{row['name']}", region=False),
        "CreateDate": row["created_at"],
        **({"Tags": tags} if tags else {}),
    }
