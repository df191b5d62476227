"""Groups of users: a group's policies bind its members.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html
"""

from typing import Any

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.iam import identities
from habitr_emulator.services.iam.errors import NoSuchEntity


async def create(ctx: Context, name: str, path: str) -> dict[str, Any]:
    """CreateGroup's answer; raises EntityAlreadyExists."""
    values = {
        "name": name,
        "id": identities.new_id(ctx, "AGPA"),
        "path": path,
        "created_at": ctx.clock.now(),
    }
    await ctx.store.write(lambda tx: identities.insert(tx, "group", values))
    identities.changed(ctx)
    return shown(ctx.account, identities.require(ctx, "group", name))


def shown(account: Account, row: Row) -> dict[str, Any]:
    """A group as IAM answers with it."""
    return {
        "Path": row["path"],
        "GroupName": row["name"],
        "GroupId": row["id"],
        "Arn": account.arn("iam", f"group{row['path']}{row['name']}", region=False),
        "CreateDate": row["created_at"],
    }


def listed(ctx: Context, path_prefix: str) -> list[dict[str, Any]]:
    """Every group below a path, by name."""
    rows = ctx.store.all(
        "SELECT * FROM iam_groups WHERE substr(path, 1, ?) = ? ORDER BY name", (len(path_prefix), path_prefix)
    )
    return [shown(ctx.account, row) for row in rows]


def members(ctx: Context, name: str) -> list[dict[str, Any]]:
    """The users of a group, by name."""
    sql = "SELECT iam_users.* FROM iam_group_members JOIN iam_users ON name = user_name WHERE group_name = ?"
    rows = ctx.store.all(f"{sql} ORDER BY name", (name,))
    return [identities.shown_user(ctx.account, row) for row in rows]


def of_user(ctx: Context, user: str) -> list[dict[str, Any]]:
    """The groups of a user, by name; raises NoSuchEntity."""
    identities.require(ctx, "user", user)
    sql = "SELECT iam_groups.* FROM iam_group_members JOIN iam_groups ON name = group_name WHERE user_name = ?"
    return [shown(ctx.account, row) for row in ctx.store.all(f"{sql} ORDER BY name", (user,))]


async def add(ctx: Context, name: str, user: str) -> None:
    """Make a user a member; raises NoSuchEntity."""

    def write(tx: Transaction) -> None:
        identities.check(tx, "group", name)
        identities.check(tx, "user", user)
        tx.execute("INSERT OR IGNORE INTO iam_group_members VALUES (?, ?)", (name, user))

    await ctx.store.write(write)
    identities.changed(ctx)


async def remove(ctx: Context, name: str, user: str) -> None:
    """End a membership; raises NoSuchEntity."""

    def write(tx: Transaction) -> None:
        identities.check(tx, "group", name)
        identities.check(tx, "user", user)
        found = tx.execute("DELETE FROM iam_group_members WHERE group_name = ? AND user_name = ?", (name, user))
        if not found.rowcount:
            raise NoSuchEntity(f"User {user} is not in group {name}.")

    await ctx.store.write(write)
    identities.changed(ctx)
