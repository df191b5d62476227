"""Codes that stand for something for five minutes, and work once."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, cast

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context

SECONDS = 300


async def give(ctx: Context, content: Mapping[str, Any]) -> str:
    """A new code (a UUID) for ``content``."""
    code, now, text = ctx.ids.uuid(), ctx.clock.now(), orjson.dumps(content).decode()

    def write(tx: Transaction) -> None:
        tx.execute("DELETE FROM cognito_idp_authorizations WHERE expires_at <= ?", (now,))
        sql = "INSERT INTO cognito_idp_authorizations VALUES (?, ?, ?)"
        tx.execute(sql, (_digest(code), text, now + SECONDS))

    await ctx.store.write(write)
    return code


async def take(ctx: Context, code: str, mine: Callable[[Mapping[str, Any]], bool]) -> dict[str, Any] | None:
    """What a code stands for, and never again; None if it is unknown, used, too old, or not ``mine``."""
    now = ctx.clock.now()

    def write(tx: Transaction) -> dict[str, Any] | None:
        sql = "SELECT content FROM cognito_idp_authorizations WHERE code_digest = ? AND expires_at > ?"
        row = tx.one(sql, (_digest(code), now))
        content = cast("dict[str, Any]", orjson.loads(row["content"])) if row else None
        if content is None or not mine(content):
            return None
        tx.execute("DELETE FROM cognito_idp_authorizations WHERE code_digest = ?", (_digest(code),))
        return content

    return await ctx.store.write(write)


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
