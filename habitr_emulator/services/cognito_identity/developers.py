"""Identities of a developer's own users: whoever signs the request vouches for them.

https://docs.aws.amazon.com/cognito/latest/developerguide/developer-authenticated-identities.html
"""

from collections.abc import Mapping, Sequence

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_identity import identities
from habitr_emulator.services.cognito_identity.errors import (
    DeveloperUserAlreadyRegisteredException,
    InvalidParameterException,
    ResourceConflictException,
    ResourceNotFoundException,
)
from habitr_emulator.services.cognito_identity.logins import Login
from habitr_emulator.services.cognito_identity.pools import Pool
from habitr_emulator.services.context import Context

_OF = "SELECT identity_id FROM cognito_identity_logins WHERE identity_pool_id = ? AND provider = ? AND subject = ?"


def provider_of(pool: Pool, named: str | None = None) -> str:
    """The pool's developer provider; raises InvalidParameterException if it has none, or ``named`` is another."""
    provider = pool.settings.get("DeveloperProviderName")
    if not provider or named not in (None, provider):
        raise InvalidParameterException(
            "Please provide a valid developer provider name.",
            why=f"the identity pool's DeveloperProviderName is {provider!r}",
        )
    return str(provider)


def identifier_of(pool: Pool, given: Mapping[str, str]) -> str:
    """The developer's user among the logins of a request; raises InvalidParameterException."""
    provider = provider_of(pool)
    if not given.get(provider):
        raise InvalidParameterException(f"Please provide a login of the developer provider {provider}.")
    return given[provider]


def find(ctx: Context, pool: Pool, identifier: str) -> str:
    """The identity of a developer's user; raises ResourceNotFoundException."""
    row = ctx.store.one(_OF, (pool.id, provider_of(pool), identifier))
    if row is None:
        raise _missing(identifier)
    return str(row["identity_id"])


async def settle(ctx: Context, pool: Pool, identity_id: str, logins: Sequence[Login]) -> None:
    """Link logins to an identity that the developer names; raises DeveloperUserAlreadyRegisteredException,
    ResourceConflictException, ResourceNotFoundException.
    """
    identities.require(ctx, identity_id, pool)

    def write(tx: Transaction) -> None:
        fresh = []
        for login in logins:
            row = tx.one(_OF, (pool.id, login.provider, login.subject))
            if row is None:
                fresh.append(login)
            elif row["identity_id"] != identity_id:
                raise (
                    DeveloperUserAlreadyRegisteredException
                    if login.developer
                    else ResourceConflictException("The login belongs to another identity.")
                )
        identities.link(tx, pool, identity_id, fresh)
        tx.execute("DELETE FROM cognito_identity_disabled WHERE identity_id = ?", (identity_id,))

    await ctx.store.write(write)


def identifiers(ctx: Context, pool: Pool, identity_id: str, after: str, limit: int) -> list[str]:
    """A page of the developer's user identifiers of an identity."""
    rows = ctx.store.all(
        "SELECT subject FROM cognito_identity_logins WHERE identity_id = ? AND provider = ? AND subject > ?"
        " ORDER BY subject LIMIT ?",
        (identity_id, provider_of(pool), after, limit),
    )
    return [row["subject"] for row in rows]


async def merge(ctx: Context, pool: Pool, source: str, destination: str) -> str:
    """Give the identity of ``destination`` all logins of that of ``source``, which ends; returns its id.

    Raises ResourceNotFoundException, ResourceConflictException if both have a login of one public provider.
    """
    provider, now = provider_of(pool), ctx.clock.now()

    def write(tx: Transaction) -> str:
        owners = {name: tx.one(_OF, (pool.id, provider, name)) for name in (source, destination)}
        for name, row in owners.items():
            if row is None:
                raise _missing(name)
        given, taken = (str(row["identity_id"]) for row in owners.values() if row is not None)
        if given != taken:
            _move(tx, provider, given, taken)
            tx.execute("DELETE FROM cognito_identity_identities WHERE identity_id = ?", (given,))
        sql = "UPDATE cognito_identity_identities SET modified_at = ? WHERE identity_id = ?"
        tx.execute(sql, (now, taken))
        return taken

    if source == destination:
        raise InvalidParameterException("Source and destination user identifiers must be different.")
    return await ctx.store.write(write)


def _move(tx: Transaction, provider: str, given: str, taken: str) -> None:
    twice = """SELECT provider FROM cognito_identity_logins WHERE identity_id = ? AND provider != ?
               AND provider IN (SELECT provider FROM cognito_identity_logins WHERE identity_id = ?)"""
    if tx.one(twice, (given, provider, taken)) is not None:
        raise ResourceConflictException("Both identities have a login of the same provider.")
    tx.execute("UPDATE cognito_identity_logins SET identity_id = ? WHERE identity_id = ?", (taken, given))


def _missing(identifier: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"Developer user identifier '{identifier}' not found.")
