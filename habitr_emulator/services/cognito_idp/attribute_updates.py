"""Changing attributes: new addresses are unverified, get a code, or wait for it.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
"""

from collections.abc import Mapping

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import attributes, usernames, users
from habitr_emulator.services.cognito_idp.messages import Destination
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context


async def update(ctx: Context, pool: Pool, user: User, given: Mapping[str, str]) -> tuple[User, list[Destination]]:
    """Store ``given`` (checked against the schema); returns the user and where codes must be sent.

    An address that must be verified first stays as it was until its code is redeemed. Raises
    AliasExistsException.
    """
    now = ctx.clock.now()

    def write(tx: Transaction) -> tuple[User, list[Destination]]:
        fresh = users.again(tx, user)
        changed = {name: value for name, value in given.items() if value != fresh.attributes.get(name)}
        attributes.check_free(tx, pool, changed, fresh.username)
        destinations = _destinations(pool, changed, given)
        waiting = _waiting(pool, destinations, fresh)
        kept = {name: value for name, value in changed.items() if name not in waiting}
        flags = {name: value for name, value in given.items() if name.endswith("_verified")}
        attributes.unverify_changed(fresh, flags | kept)
        fresh.attributes.update(flags | kept)
        fresh.modified_at = now
        usernames.take_aliases(tx, pool, fresh, force=False)
        users.save(tx, pool, fresh)
        return fresh, destinations

    return await ctx.store.write(write)


def _destinations(pool: Pool, changed: Mapping[str, str], given: Mapping[str, str]) -> list[Destination]:
    return [
        Destination(name, changed[name])
        for name in attributes.ADDRESSES
        if changed.get(name) and name in pool.auto_verified and given.get(f"{name}_verified") != "true"
    ]


def _waiting(pool: Pool, destinations: list[Destination], user: User) -> set[str]:
    setting = pool.settings.get("UserAttributeUpdateSettings") or {}
    wait = setting.get("AttributesRequireVerificationBeforeUpdate") or ()
    return {to.attribute for to in destinations if to.attribute in wait and user.attributes.get(to.attribute)}
