"""Refresh tokens: sealed statements in the form of a JWE; nothing is stored for them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import orjson

from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.context import Context

ADMIN_SCOPE = "aws.cognito.signin.user.admin"
_REFRESH = "refresh_token"
_JWE_HEAD = urlsafe_b64encode(orjson.dumps({"cty": "JWT", "enc": "A256GCM", "alg": "dir"})).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a refresh token states: a sign-in of a user through a client, and until when it may be renewed."""

    id: str
    pool_id: str
    client_id: str
    username: str
    sub: str
    generation: int
    auth_time: int
    origin_jti: str
    event_id: str
    expires_at: float
    scopes: str = ADMIN_SCOPE
    hosted: bool = False
    device_key: str = ""


async def sealed(ctx: Context, grant: Grant) -> str:
    """A grant as a five-part token in the form of a JWE with a direct key."""
    content = [getattr(grant, name) for name in Grant.__dataclass_fields__]
    blob = await ctx.account.part(Keyring).seal(_REFRESH, {"grant": content})
    nonce, cipher, tag = blob[:12], blob[12:-16], blob[-16:]
    parts = (urlsafe_b64encode(part).decode().rstrip("=") for part in (nonce, cipher, tag))
    return ".".join((_JWE_HEAD, "", *parts))


async def of(ctx: Context, token: str) -> Grant | None:
    """What a refresh token states, whether or not it still works; None if it was not made here."""
    parts = token.split(".")
    if len(parts) != 5 or parts[0] != _JWE_HEAD:
        return None
    try:
        blob = b"".join(urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts[2:])
    except ValueError:
        return None
    content = await ctx.account.part(Keyring).unseal(_REFRESH, blob)
    return Grant(*content["grant"]) if content else None
