"""People whom a pool does not know: what they try is counted as a user's is, so that nobody is seen to be missing.

Names are not kept: each falls into one of a bounded number of buckets.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
"""

from collections.abc import Callable

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.ids import derived
from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_idp import codes
from habitr_emulator.services.cognito_idp.codes import Kind
from habitr_emulator.services.cognito_idp.errors import CodeMismatchException
from habitr_emulator.services.cognito_idp.pools import Pool, Reader
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

_BUCKETS = 10_000
_PASSWORD = "password"  # noqa: S105 - what is counted
Key = tuple[str, int, str]


def stranger(ctx: Context, pool: Pool, name: str) -> User:
    """A user of this name who does not exist: without sub; its failures are those of whoever tried the name."""
    now, username = ctx.clock.now(), pool.fold(name)
    user = User(pool.id, username, "", {}, "UNKNOWN", now, now)
    _remember(user, _row(ctx.store, _key(pool.id, username, _PASSWORD)))
    return user


async def count(ctx: Context, user: User, apply: Callable[[User], None]) -> None:
    """Let ``apply`` count a failure of somebody unknown, whose failures are those stored by then."""
    key = _key(user.pool_id, user.username, _PASSWORD)

    def write(tx: Transaction) -> None:
        _remember(user, _row(tx, key))
        apply(user)
        _save(tx, (*key, user.failures, 0, user.locked_until))

    await ctx.store.write(write)


async def pretend_to_send(ctx: Context, pool: Pool, name: str, kind: Kind) -> None:
    """Note that a code seems to have been sent. It works for nobody."""
    row = (*_key(pool.id, pool.fold(name), kind.purpose), 0, 0, ctx.clock.now() + kind.seconds)

    def write(tx: Transaction) -> None:
        before = _row(tx, row[:3])
        _save(tx, (*row[:3], before["attempts"], before["since"], row[-1]) if before else row)

    await ctx.store.write(write)


async def refusal(ctx: Context, pool: Pool, name: str, kind: Kind) -> AwsError:
    """What the code of somebody unknown answers: what a user's wrong code would, and no oftener."""
    key, now = _key(pool.id, pool.fold(name), kind.purpose), ctx.clock.now()
    unknown = CodeMismatchException(why=codes.MISMATCH)

    def write(tx: Transaction) -> AwsError:
        row = _row(tx, key)
        if row is None:
            return unknown
        tried = codes.tried(row["until"], (row["attempts"], row["since"]), now)
        if isinstance(tried, AwsError):
            return tried
        _save(tx, (*key, *tried, row["until"]))
        return unknown

    return await ctx.store.write(write)


def _remember(user: User, row: Row | None) -> None:
    if row is not None:
        user.failures, user.locked_until = row["attempts"], row["until"]


def _row(reader: Reader, key: Key) -> Row | None:
    sql = "SELECT * FROM cognito_idp_strangers WHERE user_pool_id = ? AND bucket = ? AND purpose = ?"
    return reader.one(sql, key)


def _save(tx: Transaction, row: tuple[str, int, str, int, float, float]) -> None:
    tx.execute("INSERT OR REPLACE INTO cognito_idp_strangers VALUES (?, ?, ?, ?, ?, ?)", row)


def _key(pool_id: str, username: str, purpose: str) -> Key:
    return pool_id, derived("stranger", pool_id, username) % _BUCKETS, purpose
