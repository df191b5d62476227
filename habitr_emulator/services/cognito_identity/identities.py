"""Identities: made for guests and logins, linked, and merged.

https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html
"""

from collections.abc import Sequence
from typing import Any

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_identity.errors import (
    LimitExceededException,
    NotAuthorizedException,
    ResourceConflictException,
    ResourceNotFoundException,
)
from habitr_emulator.services.cognito_identity.logins import OWN_PROVIDER, Login
from habitr_emulator.services.cognito_identity.pools import Pool
from habitr_emulator.services.context import Context

NO_GUESTS = "Unauthenticated access is not supported for this identity pool."
MOST_LOGINS = 20
_MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."


def require(ctx: Context, identity_id: str, pool: Pool | None = None) -> Row:
    """An identity's row, if it is one of ``pool``; raises ResourceNotFoundException."""
    row = ctx.store.one("SELECT * FROM cognito_identity_identities WHERE identity_id = ?", (identity_id,))
    if row is None or (pool is not None and row["identity_pool_id"] != pool.id):
        raise _missing(identity_id)
    return row


def linked(ctx: Context, identity_id: str) -> list[str]:
    """The providers whose logins an identity has."""
    sql = "SELECT provider FROM cognito_identity_logins WHERE identity_id = ? ORDER BY provider"
    return [row["provider"] for row in ctx.store.all(sql, (identity_id,))]


def described(ctx: Context, row: Row) -> dict[str, Any]:
    """IdentityDescription."""
    return {
        "IdentityId": row["identity_id"],
        "Logins": linked(ctx, row["identity_id"]),
        "CreationDate": row["created_at"],
        "LastModifiedDate": row["modified_at"],
    }


def disabled(one: Any, identity_id: str) -> bool:
    """Whether an identity has lost its last login."""
    sql = "SELECT 1 FROM cognito_identity_disabled WHERE identity_id = ?"
    return one(sql, (identity_id,)) is not None


async def unlink(ctx: Context, identity_id: str, gone: Sequence[tuple[str, str]]) -> bool:
    """Take (provider, subject) logins from an identity, and disable it with the last; whether there was one.

    An empty subject stands for every login of the provider.
    """
    sql = "DELETE FROM cognito_identity_logins WHERE identity_id = ? AND provider = ? AND ? IN (subject, '')"
    left = "SELECT 1 FROM cognito_identity_logins WHERE identity_id = ?"

    def write(tx: Transaction) -> bool:
        found = sum(tx.execute(sql, (identity_id, *each)).rowcount for each in gone)
        if found and tx.one(left, (identity_id,)) is None:
            tx.execute("INSERT OR IGNORE INTO cognito_identity_disabled VALUES (?)", (identity_id,))
        return found > 0

    return await ctx.store.write(write)


async def of_logins(ctx: Context, pool: Pool, logins: Sequence[Login]) -> str:
    """The identity of a user's logins, made if these are new; without logins a new guest.

    Raises NotAuthorizedException if the pool has no guests, ResourceConflictException if the logins belong to
    different identities.
    """
    if not logins and not pool.allows_guests:
        raise NotAuthorizedException(NO_GUESTS, why="AllowUnauthenticatedIdentities is false")
    known = _owners(ctx.store.one, pool, logins)
    if len(known) == len(logins) == 1:
        return next(iter(known.values()))
    fresh, now = f"{ctx.account.region}:{ctx.ids.uuid()}", ctx.clock.now()

    def write(tx: Transaction) -> str:
        owners = _owners(tx.one, pool, logins)
        identity = _single(owners) or fresh
        if identity == fresh:
            sql = "INSERT INTO cognito_identity_identities VALUES (?, ?, ?, ?)"
            tx.execute(sql, (fresh, pool.id, now, now))
        link(tx, pool, identity, [login for login in logins if login.provider not in owners])
        return identity

    return await ctx.store.write(write)


async def settle(ctx: Context, pool: Pool, identity_id: str, logins: Sequence[Login]) -> str:
    """The identity that credentials are for: the asked one, or the one that its login has already.

    A guest who brings a new login becomes that user's identity and keeps its id. Raises NotAuthorizedException,
    ResourceConflictException, ResourceNotFoundException.
    """
    if disabled(ctx.store.one, identity_id):
        raise _forbidden(identity_id, "its last login was unlinked")
    if not logins:
        if linked(ctx, identity_id):
            raise _forbidden(identity_id, "it has logins, and the request brings none")
        if not pool.allows_guests:
            raise NotAuthorizedException(NO_GUESTS, why="AllowUnauthenticatedIdentities is false")
        return identity_id
    if any(login.provider == OWN_PROVIDER and login.subject != identity_id for login in logins):
        raise NotAuthorizedException(_MISMATCH, why="the token is that of another identity")
    vouched = any(login.provider == OWN_PROVIDER for login in logins)
    logins = [login for login in logins if login.provider != OWN_PROVIDER]
    if not logins:
        return identity_id
    known = _owners(ctx.store.one, pool, logins)
    if len(known) == len(logins) and set(known.values()) == {identity_id}:
        return identity_id
    now = ctx.clock.now()

    def write(tx: Transaction) -> str:
        sql = "UPDATE cognito_identity_identities SET modified_at = ? WHERE identity_id = ?"
        if tx.execute(sql, (now, identity_id)).rowcount != 1:
            raise _missing(identity_id)
        owners = _owners(tx.one, pool, logins)
        own = tx.all("SELECT provider FROM cognito_identity_logins WHERE identity_id = ?", (identity_id,))
        owner = _single(owners)
        if own and owner != identity_id and not (vouched and owner is None):
            raise NotAuthorizedException(_MISMATCH, why="the identity belongs to somebody else's login")
        settled = owner or identity_id
        link(tx, pool, settled, [login for login in logins if login.provider not in owners])
        return settled

    return await ctx.store.write(write)


def _owners(one: Any, pool: Pool, logins: Sequence[Login]) -> dict[str, str]:
    """Which identity each login belongs to, by provider; without those that belong to none."""
    sql = """SELECT identity_id FROM cognito_identity_logins
             WHERE identity_pool_id = ? AND provider = ? AND subject = ?"""
    rows = {login.provider: one(sql, (pool.id, login.provider, login.subject)) for login in logins}
    return {provider: row["identity_id"] for provider, row in rows.items() if row is not None}


def _single(owners: dict[str, str]) -> str | None:
    if len(set(owners.values())) > 1:
        raise ResourceConflictException("The logins belong to different identities.")
    return next(iter(owners.values()), None)


def link(tx: Transaction, pool: Pool, identity: str, logins: Sequence[Login]) -> None:
    """Inside a write: give an identity new logins; raises NotAuthorizedException, LimitExceededException."""
    count = "SELECT count(*) AS logins FROM cognito_identity_logins WHERE identity_id = ?"
    for login in logins:
        sql = "SELECT 1 FROM cognito_identity_logins WHERE identity_id = ? AND provider = ?"
        if tx.all(count, (identity,))[0]["logins"] >= MOST_LOGINS:
            raise LimitExceededException(f"An identity can have {MOST_LOGINS} logins at most.")
        if not login.developer and tx.one(sql, (identity, login.provider)):
            raise NotAuthorizedException(_MISMATCH, why=f"the identity has another login of {login.provider}")
        tx.execute(
            "INSERT INTO cognito_identity_logins VALUES (?, ?, ?, ?)",
            (pool.id, login.provider, login.subject, identity),
        )


def _forbidden(identity_id: str, why: str) -> NotAuthorizedException:
    return NotAuthorizedException(f"Access to Identity '{identity_id}' is forbidden.", why=why)


def _missing(identity_id: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"Identity '{identity_id}' not found.")
