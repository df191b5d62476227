"""Pages of users: every query walks an index from where the last page ended."""

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.cognito_idp.filters import COLUMNS, Filter, upper_bound
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context

_LAST = "\U0010ffff"


def page(ctx: Context, pool: Pool, chosen: Filter | None, after: list[str], limit: int) -> list[Row]:
    """Up to ``limit`` user rows (with ``found``, the searched value) behind the key ``after``."""
    if chosen is None or chosen.attribute == "username":
        return _by_username(ctx, pool, chosen, after, limit)
    if chosen.attribute == "sub":
        return _by_sub(ctx, pool, chosen, after, limit)
    if chosen.attribute in COLUMNS:
        return _by_state(ctx, pool, chosen, after, limit)
    return _by_attribute(ctx, pool, chosen, after, limit)


def key(row: Row) -> list[str]:
    """The key of a row, for the page behind it."""
    return [row["found"], row["username"]]


def _range(chosen: Filter, value: str) -> tuple[str, str]:
    if not chosen.prefix:
        return value, value
    # An index compares text by code points: everything from the prefix up to its bound starts with it.
    return value, (upper_bound(value) or _LAST)


def _from(after: list[str]) -> str:
    """The one lower bound of a page: SQLite looks up one in the index, and would walk from it to a second."""
    return ">" if after else ">="


def _by_username(ctx: Context, pool: Pool, chosen: Filter | None, after: list[str], limit: int) -> list[Row]:
    low, high = _range(chosen, pool.fold(chosen.value)) if chosen else ("", _LAST)
    exact = chosen is not None and not chosen.prefix
    sql = f"""SELECT *, username AS found FROM cognito_idp_users WHERE user_pool_id = ?
              AND username {_from(after)} ? AND username {"<=" if exact else "<"} ?
              ORDER BY username LIMIT ?"""  # noqa: S608 - fixed operators
    return ctx.store.all(sql, (pool.id, after[1] if after else low, high, limit))


def _by_sub(ctx: Context, pool: Pool, chosen: Filter, after: list[str], limit: int) -> list[Row]:
    low, high = _range(chosen, chosen.value.lower())
    sql = f"""SELECT *, sub AS found FROM cognito_idp_users WHERE user_pool_id = ? AND sub {_from(after)} ?
              AND sub {"<" if chosen.prefix else "<="} ? ORDER BY sub LIMIT ?"""  # noqa: S608 - fixed operators
    return ctx.store.all(sql, (pool.id, after[0] if after else low, high, limit))


def _by_state(ctx: Context, pool: Pool, chosen: Filter, after: list[str], limit: int) -> list[Row]:
    column = COLUMNS[chosen.attribute]
    value: str | int = chosen.value.upper()
    if column == "enabled":
        value = {"ENABLED": 1, "DISABLED": 0}.get(str(value), -1)
    sql = f"""SELECT *, '' AS found FROM cognito_idp_users WHERE user_pool_id = ? AND {column} = ?
              AND username > ? ORDER BY username LIMIT ?"""  # noqa: S608 - one of two fixed names
    return ctx.store.all(sql, (pool.id, value, after[1] if after else "", limit))


def _by_attribute(ctx: Context, pool: Pool, chosen: Filter, after: list[str], limit: int) -> list[Row]:
    low, high = _range(chosen, pool.fold(chosen.value))
    last = after or [low, ""]
    sql = f"""SELECT u.*, a.value AS found FROM cognito_idp_user_attributes a JOIN cognito_idp_users u
              ON u.user_pool_id = a.user_pool_id AND u.username = a.username
              WHERE a.user_pool_id = ? AND a.name = ?
              AND (a.value, a.username) > (?, ?) AND a.value {"<" if chosen.prefix else "<="} ?
              ORDER BY a.value, a.username LIMIT ?"""  # noqa: S608 - fixed operators
    return ctx.store.all(sql, (pool.id, chosen.attribute, *last, high, limit))
