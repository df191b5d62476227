"""What a new user may be called.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
"""

import re
from collections.abc import Mapping

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import attributes, users
from habitr_emulator.services.cognito_idp.errors import (
    AliasExistsException,
    InvalidParameterException,
    UsernameExistsException,
)
from habitr_emulator.services.cognito_idp.pools import Pool, Reader
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

_EMAIL_LIKE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE_LIKE = re.compile(r"\+\d{2,15}")
_LOOKS = {"email": _EMAIL_LIKE, "phone_number": _PHONE_LIKE}
_SHOULD_BE: dict[tuple[str, ...], str] = {
    ("email",): "Username should be an email.",
    ("phone_number",): "Username should be a phone number.",
}
_ALIAS = {
    "email": "Username cannot be of email format, since user pool is configured for email alias.",
    "phone_number": "Username cannot be of phone number format, since user pool is configured for phone alias.",
}


def new_user(ctx: Context, pool: Pool, name: str, given: Mapping[str, str], status: str) -> User:
    """A user who is not stored yet, under the name that the pool's settings make of ``name``.

    In a pool with UsernameAttributes the name is an address, becomes that attribute, and the user is called by
    its sub. Raises InvalidParameterException for a name of the wrong form.
    """
    now, sub, kept = ctx.clock.now(), ctx.ids.uuid(), dict(given)
    username = pool.fold(name)
    if pool.username_attributes:
        kind = next((kind for kind in pool.username_attributes if _LOOKS[kind].fullmatch(name)), None)
        if kind is None:
            either = "Username should be either an email or a phone number."
            raise InvalidParameterException(_SHOULD_BE.get(pool.username_attributes, either))
        kept[kind] = name  # guess: it is the name that counts if the attribute says otherwise
        username = sub
    for kind in pool.alias_attributes:
        if kind in _LOOKS and _LOOKS[kind].fullmatch(name):
            raise InvalidParameterException(_ALIAS[kind])
    return User(pool.id, username, sub, kept, status, now, now)


def check_free(reader: Reader, pool: Pool, user: User, taken: str) -> None:
    """Refuse a name or (where addresses are names) an address that another user has. To be sure, ask in the
    transaction that stores the user. ``taken`` is the message for a taken name. Raises UsernameExistsException.
    """
    if users.by_username(reader, pool.id, user.username) is not None:
        raise UsernameExistsException(taken)
    for kind in pool.username_attributes:
        if kind in user.attributes and users.holders(reader, pool, kind, user.attributes[kind]):
            raise UsernameExistsException(f"An account with the given {kind} already exists.")


def take_aliases(tx: Transaction, pool: Pool, user: User, *, force: bool) -> None:
    """Give ``user`` the aliases that its verified addresses are, in the transaction that verifies them.

    Another user's alias is taken away with ``force`` (its address becomes unverified); else
    AliasExistsException is raised.
    """
    for attribute in attributes.ADDRESSES:
        other = attributes.claim_alias(tx, pool, user, attribute) if user.verified(attribute) else None
        if other is None:
            continue
        if not force:
            raise AliasExistsException(f"An account with the {attribute} already exists.")
        other.attributes[f"{attribute}_verified"] = "false"
        users.save(tx, pool, other)
