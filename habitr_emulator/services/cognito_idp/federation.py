"""Sign-in of a person whom an identity provider vouches for: a new profile at first, the same one ever after.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import attributes, groups, identities, strangers, usernames, users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.identities import Identity
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.services.cognito_idp.pools import Client, Pool
from habitr_emulator.services.cognito_idp.sign_in import check_enabled
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.inbound_federation import Said, inbound_federation
from habitr_emulator.services.cognito_idp.triggers.post_authentication import post_authentication
from habitr_emulator.services.cognito_idp.triggers.post_confirmation import post_confirmation
from habitr_emulator.services.cognito_idp.triggers.pre_authentication import pre_authentication
from habitr_emulator.services.cognito_idp.triggers.pre_sign_up import pre_sign_up
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

STATUS = "EXTERNAL_PROVIDER"


async def sign_in(ctx: Context, pool: Pool, client: Client, provider: Provider, said: Said) -> User:
    """The user whom the provider vouches for, with attributes as of now.

    InboundFederation may change the claims. The first time PreSignUp_ExternalProvider may refuse and
    PostConfirmation_ConfirmSignUp follows; later, or for a linked user, PreAuthentication and PostAuthentication
    run. Raises InvalidParameterException for claims that the pool cannot take, NotAuthorizedException for a
    disabled user, and what the triggers raise.
    """
    identity = Identity(provider.name, provider.kind, _subject(provider, said.claims))
    somebody = strangers.stranger(ctx, pool, profile_name(pool, identity))
    claims = await inbound_federation(Occasion(ctx, pool, somebody, client.id), provider, said)
    given = mapped(provider, claims)
    name = identities.username_of(ctx.store, pool.id, identity, claims)
    user = users.by_username(ctx.store, pool.id, name) if name else None
    if user is None:
        return await _first(ctx, pool, client, identity, given)
    return await _again(Occasion(ctx, pool, user, client.id), given)


def mapped(provider: Provider, claims: Mapping[str, Any]) -> dict[str, str]:
    """The user attributes that a provider's claims stand for; claims that did not come are left out."""
    pairs = ((name, claims.get(claim)) for name, claim in provider.mapping.items() if name != "username")
    return {name: _text(value) for name, value in pairs if value is not None}


def profile_name(pool: Pool, identity: Identity) -> str:
    """The user name of an identity's own profile: ``LoginWithAmazon_amzn1.account.…``, as the pool folds it."""
    return pool.fold(f"{identity.provider}_{identity.value}")


def _subject(provider: Provider, claims: Mapping[str, Any]) -> str:
    value = claims.get(provider.subject)
    if not isinstance(value, str | int) or not str(value):
        why = f"the claim that username is mapped to did not come: {provider.subject}"
        raise InvalidParameterException("attributes required: [username]", why=why)
    return str(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


async def _first(ctx: Context, pool: Pool, client: Client, identity: Identity, given: dict[str, str]) -> User:
    missing = attributes.missing_required(pool, given)
    if missing:
        why = "the provider's attribute mapping must bring every attribute that the pool requires"
        raise InvalidParameterException(f"attributes required: [{', '.join(missing)}]", why=why)
    attributes.check(pool, given, creating=True)
    now = ctx.clock.now()
    kept = {**given, **{f"{a}_verified": "false" for a in attributes.ADDRESSES if given.get(a)}}
    kept |= {name: value for name, value in given.items() if name.endswith("_verified")}
    user = User(pool.id, profile_name(pool, identity), ctx.ids.uuid(), kept, STATUS, now, now)
    aliases = {"cognito:email_alias": "", "cognito:phone_number_alias": ""}
    asked = replace(user, attributes={**aliases, **given})
    await pre_sign_up(Occasion(ctx, pool, asked, client.id), "ExternalProvider", None)
    stored = await ctx.store.write(lambda tx: _store(tx, pool, user, identity, now))
    await post_confirmation(Occasion(ctx, pool, stored, client.id), "ConfirmSignUp")
    return stored


def _store(tx: Transaction, pool: Pool, user: User, identity: Identity, now: float) -> User:
    there = identities.username_of(tx, pool.id, identity, {})
    if there is not None:  # two browsers at once: the first one made the profile
        return users.by_username(tx, pool.id, there) or user
    usernames.check_free(tx, pool, user, "User already exists")
    users.insert(tx, pool, user)
    identities.add(tx, user, identity, now, primary=True)
    users.save(tx, pool, user)
    _join(tx, pool, user, identity.provider, now)
    return user


def _join(tx: Transaction, pool: Pool, user: User, provider: str, now: float) -> None:
    """Everybody from a provider is in a group named after pool and provider."""
    name = f"{pool.id}_{provider}"
    if groups.find(tx, pool.id, name) is None:
        text = f"Autogenerated group for users who sign in using {provider}"
        groups.save(tx, pool.id, {"GroupName": name, "Description": text}, now)
    tx.execute("INSERT OR IGNORE INTO cognito_idp_memberships VALUES (?, ?, ?)", (pool.id, user.username, name))


async def _again(occasion: Occasion, given: dict[str, str]) -> User:
    ctx, pool, user = occasion.ctx, occasion.pool, occasion.user
    check_enabled(user)
    await pre_authentication(occasion)
    changed = {name: value for name, value in given.items() if value != user.attributes.get(name)}
    if changed:
        attributes.check(pool, changed)
        now = ctx.clock.now()
        user = await ctx.store.write(lambda tx: _take(tx, pool, user, (changed, now)))
    await post_authentication(Occasion(ctx, pool, user, occasion.client_id))
    return user


def _take(tx: Transaction, pool: Pool, user: User, new: tuple[Mapping[str, str], float]) -> User:
    changed, now = new
    fresh = users.again(tx, user)
    if fresh.status != STATUS:
        attributes.check_free(tx, pool, changed, fresh.username)
    attributes.unverify_changed(fresh, changed)
    fresh.attributes.update(changed)
    fresh.modified_at = now
    users.save(tx, pool, fresh)
    return fresh
