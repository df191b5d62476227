"""Who a person of an identity provider is in a user pool: the ``identities`` of a user, and how to find it.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, LimitExceededException
from habitr_emulator.services.cognito_idp.pools import Reader
from habitr_emulator.services.cognito_idp.users import User

#: The claim that names a person at its provider, as Cognito calls it for every provider.
SUBJECT = "Cognito_Subject"
MOST_LINKS = 5
_MOST_CLAIMS = 64
_ATTRIBUTE = "identities"
_MERGING = "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link"


@dataclass(frozen=True, slots=True)
class Identity:
    """A person at a provider: the provider's name and type, a claim there, and its value."""

    provider: str
    kind: str
    value: str
    claim: str = SUBJECT


def username_of(reader: Reader, pool_id: str, identity: Identity, claims: Mapping[str, Any]) -> str | None:
    """The user name that an identity belongs to, by its id or by a claim that a link names; None if it is new."""
    sql = """SELECT username FROM cognito_idp_identities
             WHERE user_pool_id = ? AND provider = ? AND claim = ? AND value = ?"""
    said = [(name, text) for name, text in islice(claims.items(), _MOST_CLAIMS) if isinstance(text, str)]
    for name, text in [(SUBJECT, identity.value), *((n, t) for n, t in said if n != SUBJECT)]:
        row = reader.one(sql, (pool_id, identity.provider, name, text))
        if row is not None:
            return str(row["username"])
    return None


def add(tx: Transaction, user: User, identity: Identity, now: float, *, primary: bool) -> None:
    """Write down that an identity is ``user``, who must be stored already, and stored again afterwards.

    ``primary`` tells the profile that a first sign-in made from a link.
    """
    entry = {
        "userId": identity.value,
        "providerName": identity.provider,
        "providerType": identity.kind,
        "issuer": None,
        "primary": primary,
        "dateCreated": int(now * 1000),
    }
    user.attributes[_ATTRIBUTE] = orjson.dumps([*_entries(user), entry]).decode()
    row = (user.pool_id, identity.provider, identity.claim, identity.value, user.username)
    tx.execute("INSERT INTO cognito_idp_identities VALUES (?, ?, ?, ?, ?)", row)


def link(tx: Transaction, user: User, identity: Identity, now: float) -> None:
    """Link an identity that never signed in; raises InvalidParameterException or LimitExceededException."""
    if username_of(tx, user.pool_id, identity, {identity.claim: identity.value}) is not None:
        raise InvalidParameterException(_MERGING)
    if len(_entries(user)) >= MOST_LINKS:
        raise LimitExceededException(why=f"a user can have {MOST_LINKS} linked identities")
    add(tx, user, identity, now, primary=False)


def remove(tx: Transaction, user: User, identity: Identity) -> None:
    """Forget that an identity is ``user``, who must be stored again afterwards."""
    tx.execute(
        """DELETE FROM cognito_idp_identities
           WHERE user_pool_id = ? AND provider = ? AND claim = ? AND value = ?""",
        (user.pool_id, identity.provider, identity.claim, identity.value),
    )
    gone = (identity.provider, identity.value)
    kept = [entry for entry in _entries(user) if (entry["providerName"], entry["userId"]) != gone]
    user.attributes.pop(_ATTRIBUTE, None)
    if kept:
        user.attributes[_ATTRIBUTE] = orjson.dumps(kept).decode()


def claim(text: str) -> list[dict[str, Any]]:
    """The ID token's ``identities``: as the attribute, with every value a string."""
    return [
        {**entry, "primary": "true" if entry["primary"] else "false", "dateCreated": str(entry["dateCreated"])}
        for entry in orjson.loads(text)
    ]


def people(reader: Reader, pool_id: str, provider: str, limit: int) -> list[User]:
    """Some of the users who have signed in with a provider, by user name."""
    sql = """SELECT u.* FROM cognito_idp_identities i
             JOIN cognito_idp_users u ON u.user_pool_id = i.user_pool_id AND u.username = i.username
             WHERE i.user_pool_id = ? AND i.provider = ? AND i.claim = ? ORDER BY u.username LIMIT ?"""
    return users.from_rows(reader.all(sql, (pool_id, provider, SUBJECT, limit)))


def id_at(user: User, provider: str) -> str | None:
    """What a provider calls a user; None if it does not know it."""
    return next((str(e["userId"]) for e in _entries(user) if e["providerName"] == provider), None)


def _entries(user: User) -> list[dict[str, Any]]:
    text = user.attributes.get(_ATTRIBUTE)
    return list(orjson.loads(text)) if text else []
