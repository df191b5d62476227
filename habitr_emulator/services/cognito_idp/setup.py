"""Setting up an authenticator app: by a signed-in user, or in the middle of a sign-in that insists on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.cognito_idp import mfa, pools, sessions, token_issue, users
from habitr_emulator.services.cognito_idp.errors import (
    InvalidParameterException,
    NotAuthorizedException,
    SoftwareTokenMFANotFoundException,
)
from habitr_emulator.services.cognito_idp.pools import Client, Pool
from habitr_emulator.services.cognito_idp.sessions import Session
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context


@dataclass(frozen=True, slots=True)
class Signed:
    """Who sets up: the session is that of an MFA_SETUP challenge, None for a user with an access token."""

    pool: Pool
    client: Client
    user: User
    session: Session | None = None


async def opened(ctx: Context, request: Mapping[str, Any]) -> Signed:
    """The user of a request with AccessToken or Session.

    Raises NotAuthorizedException, UserNotFoundException, InvalidParameterException, and
    SoftwareTokenMFANotFoundException where the pool does not take such apps.
    """
    signed = await _signed(ctx, request)
    if mfa.TOTP not in mfa.pool_factors(signed.pool):
        raise SoftwareTokenMFANotFoundException(why="SetUserPoolMfaConfig has not turned it on for the pool")
    return signed


async def _signed(ctx: Context, request: Mapping[str, Any]) -> Signed:
    if request.get("AccessToken"):
        return Signed(*await token_issue.signed_in(ctx, request["AccessToken"]))
    if not request.get("Session"):
        raise InvalidParameterException("Either AccessToken or Session must be given.")
    client_id = await sessions.client_of(ctx, request["Session"])
    pool, client = pools.of_client(ctx, client_id)
    session = await sessions.opened(ctx, client, request["Session"], "MFA_SETUP")
    user = users.by_username(ctx.store, pool.id, session.username)
    if user is None or user.sub != session.sub:
        raise NotAuthorizedException("Invalid session for the user.", why="the user was deleted")
    return Signed(pool, client, user, session)


async def following(ctx: Context, signed: Signed, *, verified: bool) -> str | None:
    """The Session to go on with, None for a user with an access token."""
    if signed.session is None:
        return None
    now, session = ctx.clock.now(), signed.session
    await ctx.store.write(lambda tx: sessions.spend(tx, session, now))
    content = {**session.content, "verified": verified}
    who = (signed.user.username, signed.user.sub)
    return await sessions.make(ctx, signed.client, who, "MFA_SETUP", content)
