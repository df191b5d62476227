"""The long-term keys of users."""

from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.iam.credentials import KEY_ALPHABET
from habitr_emulator.services.iam.errors import LimitExceeded, NoSuchEntity, ValidationError

KEYS_A_USER = 2
_SHOWN = {"user_name": "UserName", "id": "AccessKeyId", "status": "Status", "created_at": "CreateDate"}


def user_of(ctx: Context, request: dict[str, Any]) -> str:
    """The user whose keys a request means: named, or the caller. Raises ValidationError."""
    name = arns.user_name(request, ctx)
    if not name:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return name


async def create(ctx: Context, user: str) -> dict[str, Any]:
    """A new key with its secret; raises NoSuchEntity, LimitExceeded."""
    key_id, secret = f"AKIA{ctx.ids.text(16, KEY_ALPHABET)}", ctx.ids.base62(40)
    now = ctx.clock.now()

    def write(tx: Transaction) -> None:
        identities.check(tx, "user", user)
        if len(tx.all("SELECT 1 FROM iam_access_keys WHERE user_name = ?", (user,))) >= KEYS_A_USER:
            raise LimitExceeded(f"Cannot exceed quota for AccessKeysPerUser: {KEYS_A_USER}")
        tx.execute("INSERT INTO iam_access_keys VALUES (?, ?, ?, 'Active', ?)", (key_id, user, secret, now))

    await ctx.store.write(write)
    return {
        "UserName": user,
        "AccessKeyId": key_id,
        "Status": "Active",
        "SecretAccessKey": secret,
        "CreateDate": now,
    }


async def update(ctx: Context, user: str, key_id: str, status: str) -> None:
    """Make a key ``Active`` or ``Inactive``; raises NoSuchEntity."""
    await _change(
        ctx, "UPDATE iam_access_keys SET status = ? WHERE id = ? AND user_name = ?", status, key_id, user
    )


async def delete(ctx: Context, user: str, key_id: str) -> None:
    """End a key; raises NoSuchEntity."""
    await _change(ctx, "DELETE FROM iam_access_keys WHERE id = ? AND user_name = ?", key_id, user)


def of_user(ctx: Context, user: str) -> list[dict[str, Any]]:
    """A user's keys without their secrets; raises NoSuchEntity."""
    identities.require(ctx, "user", user)
    rows = ctx.store.all("SELECT * FROM iam_access_keys WHERE user_name = ? ORDER BY created_at, id", (user,))
    return [{shown: row[column] for column, shown in _SHOWN.items()} for row in rows]


async def _change(ctx: Context, sql: str, *values: str) -> None:
    *_, key_id, user = values

    def write(tx: Transaction) -> None:
        identities.check(tx, "user", user)
        if not tx.execute(sql, values).rowcount:
            raise NoSuchEntity(f"The Access Key with id {key_id} cannot be found.")

    await ctx.store.write(write)
