"""Web identity tokens: what an identity pool says about an identity, signed with the pool service's key.

STS learns the public key as it does on AWS, from what the issuer publishes; here that is a row of the store.
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from habitr_emulator.services.context import Context
from habitr_emulator.services.sts.errors import ExpiredToken, InvalidIdentityToken

PROVIDER = "cognito-identity.amazonaws.com"
ISSUER = f"https://{PROVIDER}"
_TAGS = "https://aws.amazon.com/tags"


def verified(ctx: Context, token: str) -> dict[str, Any]:
    """The claims of a token of this account's identity pools.

    Raises InvalidIdentityToken, or ExpiredToken by the emulator's clock.
    """
    import jwt

    row = ctx.store.one("SELECT value FROM kernel_secrets WHERE name = ?", (f"published-key/{PROVIDER}",))
    if row is None:
        raise InvalidIdentityToken(why="no identity pool has signed a token yet")
    # The time is judged below, by the emulator's clock.
    options = {"verify_exp": False, "verify_aud": False, "verify_iat": False, "verify_nbf": False}
    try:
        claims = jwt.decode(token, row["value"], algorithms=["RS512"], issuer=ISSUER, options=cast("Any", options))
    except jwt.PyJWTError as error:
        raise InvalidIdentityToken(why=f"not a token of an identity pool: {error}") from error
    if not isinstance(claims.get("exp"), int) or claims["exp"] <= ctx.clock.now():
        raise ExpiredToken("Token is expired", why="the web identity token is too old")
    return claims


def tags(claims: Mapping[str, Any]) -> dict[str, str]:
    """The session tags that a token carries."""
    carried = (claims.get(_TAGS) or {}).get("principal_tags") or {}
    return {key: str(values[0]) for key, values in carried.items() if values}


def conditions(claims: Mapping[str, Any]) -> dict[str, str | Sequence[str]]:
    """The condition keys that an identity brings."""
    return {
        **{f"aws:PrincipalTag/{key}": value for key, value in tags(claims).items()},
        f"{PROVIDER}:aud": claims["aud"],
        f"{PROVIDER}:sub": claims["sub"],
        f"{PROVIDER}:amr": list(claims["amr"]),
        "aws:FederatedProvider": PROVIDER,
    }
