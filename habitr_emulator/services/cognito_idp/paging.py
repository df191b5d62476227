"""Opaque page tokens: sealed, so that an invented one is refused."""

from base64 import b64decode, b64encode
from typing import Any

from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.context import Context

PAGE = 60


async def after(ctx: Context, kind: str, token: str | None) -> list[str]:
    """Where a page starts: the key behind which it goes on, empty for the first page.

    ``kind`` names the listing and what it lists. Raises InvalidParameterException for a token of another kind.
    """
    if not token:
        return []
    try:
        blob = b64decode(token, validate=True)
    except ValueError as error:
        raise InvalidParameterException("Invalid pagination token.") from error
    content = await ctx.account.part(Keyring).unseal(f"page {kind}", blob)
    if content is None:
        raise InvalidParameterException("Invalid pagination token.", why="the token belongs to another listing")
    return list(content["after"])


async def token(ctx: Context, kind: str, *key: str) -> str:
    """The token of the page behind ``key``."""
    content: dict[str, Any] = {"after": list(key)}
    return b64encode(await ctx.account.part(Keyring).seal(f"page {kind}", content)).decode()
