"""Logins: the tokens by which a provider says who somebody is.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-integrating-user-pools-with-identity-pools.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.cognito_identity import open_id_claims
from habitr_emulator.services.cognito_identity.errors import NotAuthorizedException
from habitr_emulator.services.cognito_identity.pools import Pool
from habitr_emulator.services.cognito_idp import token_issue, tokens
from habitr_emulator.services.context import Context

#: The pool service itself as a provider: who brings one of its tokens is that identity.
OWN_PROVIDER = "cognito-identity.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Login:
    """A verified login: the provider's name, its subject, the claims of its token, and what credentials say about
    how it was made (``amr``). ``developer`` logins were vouched for by a signed request.
    """

    provider: str
    subject: str
    claims: Mapping[str, Any]
    amr: tuple[str, ...]
    developer: bool = False


def of_developer(pool: Pool, identifier: str) -> Login:
    """The login of a developer's own user."""
    provider = str(pool.settings["DeveloperProviderName"])
    return Login(provider, identifier, {}, (provider, f"{provider}:{pool.id}:{identifier}"), True)


async def verified(ctx: Context, pool: Pool, given: Mapping[str, str]) -> list[Login]:
    """Every login of a request, checked; raises NotAuthorizedException for one that is not good."""
    return [await _verified(ctx, pool, provider, token) for provider, token in given.items()]


async def _verified(ctx: Context, pool: Pool, provider: str, token: str) -> Login:
    if provider == OWN_PROVIDER:
        return _own(ctx, pool, token)
    openid = pool.settings.get("OpenIdConnectProviderARNs") or ()
    if provider in (pool.settings.get("SupportedLoginProviders") or {}) or any(
        arn.endswith(f":oidc-provider/{provider}") for arn in openid
    ):
        raise NotBuilt(
            f"Logins of {provider} are not built in habitr-emulator.",
            why="its tokens could only be checked online; sign in to the user pool instead",
        )
    entries = [e for e in pool.settings.get("CognitoIdentityProviders") or () if e.get("ProviderName") == provider]
    if not entries:
        raise NotAuthorizedException(
            "Token is not from a supported provider of this identity pool.",
            why=f"the identity pool has no provider {provider}",
        )
    good = _token(ctx, token)
    if good.user_pool_id != provider.rpartition("/")[2]:
        raise NotAuthorizedException("Invalid login token. Issuer doesn't match providerName")
    clients = {entry["ClientId"]: entry for entry in entries if "ClientId" in entry}
    entry = clients.get(good.claims["aud"])
    if entry is None:
        raise NotAuthorizedException(
            "Invalid login token. Incorrect token audience.",
            why=f"the identity pool does not list the client {good.claims['aud']}",
        )
    if entry.get("ServerSideTokenCheck") and not await token_issue.active(ctx, good):
        raise NotAuthorizedException("Invalid login token. Token is inactive.")
    subject = str(good.claims["sub"])
    return Login(provider, subject, good.claims, (provider, f"{provider}:CognitoSignIn:{subject}"))


def _own(ctx: Context, pool: Pool, token: str) -> Login:
    """A token of this service: that of GetOpenIdTokenForDeveloperIdentity, or of a signed-in GetOpenIdToken."""
    claims = open_id_claims.verified(ctx, token)
    if claims is None or claims["aud"] != pool.id:
        raise _not_a_token("the token is not one of this identity pool")
    if claims["exp"] <= ctx.clock.now():
        text = f"Invalid login token. Token expired: {claims['exp']} >= {int(ctx.clock.now())}"
        raise NotAuthorizedException(text, why="the identity pool's token is too old")
    if "authenticated" not in claims["amr"]:
        raise _not_a_token("this is the token of a guest")
    return Login(OWN_PROVIDER, claims["sub"], claims, tuple(claims["amr"][1:]))


def _token(ctx: Context, token: str) -> tokens.Verified:
    try:
        good = tokens.verify_token(ctx.account, token)
    except tokens.InvalidToken as error:
        if error.expired:
            raise NotAuthorizedException(
                f"Invalid login token. Token expired: {int(ctx.clock.now())}", why=error.reason
            ) from error
        raise _not_a_token(error.reason) from error
    if good.token_use != "id":  # noqa: S105 - a kind of token
        raise _not_a_token("this is an access token; identity pools take ID tokens")
    return good


def _not_a_token(why: str) -> NotAuthorizedException:
    return NotAuthorizedException("Invalid login token. Not a valid OpenId Connect identity token.", why=why)
