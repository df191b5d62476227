"""Issuing tokens: at sign-in and at refresh; and telling which were revoked since.

The refresh token is a sealed statement, nothing is stored for it. A global sign-out raises the user's
``generation``: every token carries a mark of the generation it was made in, the access and ID tokens in the
last 12 digits of their ``jti``, so that those of an older one are known without a list.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import (
    devices,
    grants,
    groups,
    identities,
    oauth_scopes,
    pools,
    tokens,
    users,
)
from habitr_emulator.services.cognito_idp.errors import (
    NotAuthorizedException,
    RefreshTokenReuseException,
    UserNotFoundException,
)
from habitr_emulator.services.cognito_idp.grants import ADMIN_SCOPE, Grant
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.pools import Client, Pool
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.pre_token_generation import pre_token_generation
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

_BOOLEANS = ("email_verified", "phone_number_verified")


@dataclass(frozen=True, slots=True)
class Hosted:
    """What a sign-in through the hosted UI brings: granted scopes (blank-separated), when the person signed in,
    and what the app asked to see again in its tokens.
    """

    scopes: str
    auth_time: int
    nonce: str = ""
    resource: str = ""


async def sign_in(
    occasion: Occasion, client: Client, source: str, hosted: Hosted | None = None, *, device_key: str = ""
) -> dict[str, Any]:
    """AuthenticationResult of a new sign-in, with a refresh token. Raises what PreTokenGeneration raises."""
    ctx, user = occasion.ctx, occasion.user
    now = ctx.clock.now()
    grant = Grant(
        id=ctx.ids.uuid(),
        pool_id=occasion.pool.id,
        client_id=client.id,
        username=user.username,
        sub=user.sub,
        generation=user.generation,
        auth_time=hosted.auth_time if hosted else int(now),
        origin_jti=ctx.ids.uuid(),
        event_id=ctx.ids.uuid(),
        expires_at=now + client.lifetime("RefreshToken"),
        scopes=hosted.scopes if hosted else ADMIN_SCOPE,
        hosted=hosted is not None,
        device_key=device_key,
    )
    result = await pair(occasion, client, grant, source, hosted)
    return result | {"RefreshToken": await grants.sealed(ctx, grant)}


async def pair(
    occasion: Occasion, client: Client, grant: Grant, source: str, hosted: Hosted | None = None
) -> dict[str, Any]:
    """AuthenticationResult with an access and an ID token for a grant, with attributes and groups as of now."""
    ctx, pool, user = occasion.ctx, occasion.pool, occasion.user
    standing = groups.standing(ctx.store, user)
    overrides = await pre_token_generation(occasion, source, standing, grant.scopes.split())
    shared = await _shared_claims(ctx, pool, client, grant)
    if overrides.standing.groups:
        shared["cognito:groups"] = list(overrides.standing.groups)
    keys = await ctx.account.part(Keyring).pair(pool.id)
    now = shared["iat"]
    id_claims = (
        shared
        | _identity_claims(client, user, overrides.standing, grant)
        | {
            "token_use": "id",
            "jti": await marked_jti(ctx, user),
            "exp": now + client.lifetime("IdToken"),
        }
    )
    access_claims = shared | _access_claims(client, user, grant, hosted)
    access_claims |= {"jti": await marked_jti(ctx, user), "exp": now + client.lifetime("AccessToken")}

    def signed() -> tuple[str, str]:
        access = tokens.encode(overrides.access.access_claims(access_claims), keys["access"])
        if grant.hosted:
            id_claims["at_hash"] = oauth_scopes.half_hash(access)
            id_claims.update({"nonce": hosted.nonce} if hosted and hosted.nonce else {})
        return access, tokens.encode(overrides.id.id_claims(id_claims), keys["id"])

    access, identity = await asyncio.to_thread(signed)  # half a millisecond, in which OpenSSL lets others run
    return {
        "AccessToken": access,
        "IdToken": identity,
        "ExpiresIn": client.lifetime("AccessToken"),
        "TokenType": "Bearer",
    }


async def _shared_claims(ctx: Context, pool: Pool, client: Client, grant: Grant) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "sub": grant.sub,
        "iss": tokens.issuer(ctx.account, pool.id),
        "auth_time": grant.auth_time,
        "iat": int(ctx.clock.now()),
        "event_id": grant.event_id,
    }
    return claims | ({"origin_jti": grant.origin_jti} if client.revocable else {})


def _access_claims(client: Client, user: User, grant: Grant, hosted: Hosted | None) -> dict[str, Any]:
    return {
        "client_id": client.id,
        "username": user.username,
        "scope": grant.scopes,
        "token_use": "access",
        **({"version": 2} if grant.hosted else {}),
        **({"device_key": grant.device_key} if grant.device_key else {}),
        **({"aud": hosted.resource} if hosted and hosted.resource else {}),
    }


def _identity_claims(client: Client, user: User, standing: groups.Standing, grant: Grant) -> dict[str, Any]:
    claims: dict[str, Any] = {"aud": client.id, "cognito:username": user.username}
    for name, value in user.attributes.items():
        if name == "identities":
            claims[name] = identities.claim(value)
            continue
        if not client.may_read(name) or (grant.hosted and not oauth_scopes.show(grant.scopes, name)):
            continue
        if name == "address":
            claims[name] = {"formatted": value}
        else:
            claims[name] = value == "true" if name in _BOOLEANS else value
    if standing.roles:
        claims["cognito:roles"] = list(standing.roles)
    if standing.preferred_role:
        claims["cognito:preferred_role"] = standing.preferred_role
    return claims


async def refresh(
    ctx: Context, pool: Pool, client: Client, token: str, device_key: str = ""
) -> tuple[Grant, User]:
    """The grant and the user of a refresh token that works for this client.

    A sign-in from a confirmed device goes on only with its ``device_key``.

    Raises NotAuthorizedException (invalid, expired, revoked, user disabled) or RefreshTokenReuseException.
    """
    grant = await grants.of(ctx, token)
    if grant is None or grant.client_id != client.id:
        raise NotAuthorizedException("Invalid Refresh Token", why="the token was not made for this client")
    if grant.expires_at <= ctx.clock.now():
        raise NotAuthorizedException("Refresh Token has expired")
    user = users.by_username(ctx.store, pool.id, grant.username)
    if user is None or user.sub != grant.sub:
        raise NotAuthorizedException("Invalid Refresh Token", why="the user was deleted")
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if user.generation != grant.generation or spent(ctx, grant.origin_jti):
        raise NotAuthorizedException("Refresh Token has been revoked")
    if grant.device_key and device_key != grant.device_key and devices.find(ctx.store, user, grant.device_key):
        raise NotAuthorizedException("Invalid Refresh Token", why="DEVICE_KEY is not that of the sign-in's device")
    if spent(ctx, grant.id):
        # A rotated token came back after its grace period: whoever holds it, the family is not safe.
        await revoke(ctx, grant)
        raise RefreshTokenReuseException
    return grant, user


async def rotate(ctx: Context, client: Client, grant: Grant) -> str | None:
    """The next refresh token of a client with rotation (the old one works for the grace period), else None.

    Raises RefreshTokenReuseException for the second of two who bring a token without grace at the same time.
    """
    rotation = client.settings.get("RefreshTokenRotation") or {}
    if rotation.get("Feature") != "ENABLED":
        return None
    works_until = ctx.clock.now() + (rotation.get("RetryGracePeriodSeconds") or 0)
    sql = "INSERT OR IGNORE INTO cognito_idp_spent VALUES (?, ?, ?)"
    first = await ctx.store.write(lambda tx: tx.execute(sql, (grant.id, works_until, grant.expires_at)).rowcount)
    if not first and spent(ctx, grant.id):
        await revoke(ctx, grant)
        raise RefreshTokenReuseException
    content = {name: getattr(grant, name) for name in Grant.__dataclass_fields__}
    return await grants.sealed(ctx, Grant(**{**content, "id": ctx.ids.uuid()}))


async def revoke(ctx: Context, grant: Grant) -> None:
    """End a sign-in: its refresh token and, in Cognito's own operations, all tokens that came from it."""
    now = ctx.clock.now()

    def write(tx: Transaction) -> None:
        tx.execute("DELETE FROM cognito_idp_spent WHERE expires_at <= ?", (now,))
        sql = "INSERT OR IGNORE INTO cognito_idp_spent VALUES (?, 0, ?)"
        tx.execute(sql, (grant.origin_jti, grant.expires_at + 86400))

    await ctx.store.write(write)


def spent(ctx: Context, spent_id: str) -> bool:
    """Whether a sign-in was revoked, or a refresh token rotated and its grace period over."""
    row = ctx.store.one("SELECT works_until FROM cognito_idp_spent WHERE id = ?", (spent_id,))
    return row is not None and bool(row["works_until"] <= ctx.clock.now())


async def marked_jti(ctx: Context, user: User) -> str:
    """A UUID for a token, whose last 12 digits prove the generation of the user's sign-ins."""
    head = ctx.ids.uuid()[:-12]
    return head + await _mark(ctx, head, user)


async def live(ctx: Context, claims: Mapping[str, Any], user: User) -> bool:
    """Whether a token's sign-in was neither revoked nor ended by a global sign-out."""
    jti = str(claims.get("jti", ""))
    marked = hmac.compare_digest(jti[-12:].encode(), (await _mark(ctx, jti[:-12], user)).encode())
    return marked and not spent(ctx, str(claims.get("origin_jti", "")))


async def active(ctx: Context, verified: tokens.Verified) -> bool:
    """Whether a verified token's user is there and enabled, and its sign-in not ended (ServerSideTokenCheck)."""
    name = str(verified.claims.get("cognito:username") or verified.claims.get("username") or "")
    user = users.by_username(ctx.store, verified.user_pool_id, name)
    if user is None or user.sub != verified.claims["sub"] or not user.enabled:
        return False
    return await live(ctx, verified.claims, user)


async def _mark(ctx: Context, head: str, user: User) -> str:
    secret = await ctx.account.part(Keyring).secret("generation")
    message = f"{head}\0{user.sub}\0{user.generation}".encode()
    return hmac.digest(secret, message, hashlib.sha256).hex()[:12]


def device_of(ctx: Context, access_token: str) -> str:
    """The ``device_key`` of an access token that ``signed_in`` took; empty where devices are not tracked."""
    return str(tokens.verify_token(ctx.account, access_token).claims.get("device_key") or "")


async def signed_in(ctx: Context, access_token: str, scope: str = ADMIN_SCOPE) -> tuple[Pool, Client, User]:
    """The user of an access token, for Cognito's own token operations.

    Raises NotAuthorizedException (invalid, expired, revoked, without scope, user disabled) or
    UserNotFoundException.
    """
    try:
        verified = tokens.verify_token(ctx.account, access_token)
    except tokens.InvalidToken as error:
        text = "Access Token has expired" if error.expired else "Invalid Access Token"
        raise NotAuthorizedException(text, why=error.reason) from error
    if verified.token_use != "access":  # noqa: S105 - a kind of token
        raise NotAuthorizedException("Invalid Access Token", why="this is an ID token")
    pool, client = pools.of_client(ctx, verified.claims["client_id"])
    if "username" not in verified.claims:
        raise NotAuthorizedException("Invalid Access Token", why="the token is a program's, of no user")
    user = users.by_username(ctx.store, pool.id, verified.claims["username"])
    if user is None or user.sub != verified.claims["sub"]:
        raise UserNotFoundException(why="the user of the access token was deleted")
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    if not await live(ctx, verified.claims, user):
        raise NotAuthorizedException("Access Token has been revoked")
    if scope not in str(verified.claims.get("scope", "")).split():
        raise NotAuthorizedException("Access Token does not have required scopes")
    return pool, client, user
