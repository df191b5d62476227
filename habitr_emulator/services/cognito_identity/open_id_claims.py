"""Reads the OpenID tokens that ``open_id`` signs, when they come back as logins."""

from typing import Any, cast

from habitr_emulator.services.context import Context

PROVIDER = "cognito-identity.amazonaws.com"
ISSUER = f"https://{PROVIDER}"
PUBLIC_KEY = f"published-key/{PROVIDER}"


def verified(ctx: Context, token: str) -> dict[str, Any] | None:
    """The claims of a token that this account's pools have signed, however old; None if it is none."""
    import jwt

    row = ctx.store.one("SELECT value FROM kernel_secrets WHERE name = ?", (PUBLIC_KEY,))
    if row is None:
        return None
    options = {"verify_exp": False, "verify_aud": False, "verify_iat": False, "verify_nbf": False}
    try:
        return jwt.decode(token, row["value"], algorithms=["RS512"], issuer=ISSUER, options=cast("Any", options))
    except jwt.PyJWTError:
        return None
