"""What is told of a function apart from its configuration: tags, reserved concurrency, event invoke configs."""

import json
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Account, Context

#: Kinds of settings.
RESERVED_CONCURRENCY, TAGS, EVENT_INVOKE = "reserved-concurrency", "tags", "event-invoke"
_GET = "SELECT value FROM lambda_setting WHERE function_name = ? AND kind = ? AND qualifier = ?"


def get(account: Account, name: str, kind: str, qualifier: str = "") -> Any:
    """The value, or None."""
    row = account.store.one(_GET, (name, kind, qualifier))
    return None if row is None else json.loads(row["value"])


def by_qualifier(account: Account, name: str, kind: str) -> dict[str, Any]:
    """Every qualifier's value."""
    sql = "SELECT qualifier, value FROM lambda_setting WHERE function_name = ? AND kind = ? ORDER BY qualifier"
    return {row["qualifier"]: json.loads(row["value"]) for row in account.store.all(sql, (name, kind))}


def put_in(tx: Transaction, name: str, kind: str, value: Any, qualifier: str = "") -> None:
    """Inside a write: set a value."""
    row = (name, kind, qualifier, json.dumps(value))
    tx.execute("INSERT OR REPLACE INTO lambda_setting VALUES (?, ?, ?, ?)", row)


async def put(ctx: Context, name: str, kind: str, value: Any, qualifier: str = "") -> None:
    """Set a value; None removes it."""
    if value is not None:
        await ctx.store.write(lambda tx: put_in(tx, name, kind, value, qualifier))
        return
    sql = "DELETE FROM lambda_setting WHERE function_name = ? AND kind = ? AND qualifier = ?"
    await ctx.store.write(lambda tx: _remove(tx, sql, (name, kind, qualifier)))


def _remove(tx: Transaction, sql: str, key: tuple[str, str, str]) -> None:
    tx.execute(sql, key)
