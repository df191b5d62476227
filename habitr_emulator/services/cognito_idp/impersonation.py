"""Tokens of a user for whoever runs the emulator: no password, no challenge, everything else as at a sign-in."""

from typing import Any

from habitr_emulator.services.cognito_idp import pools, token_issue, users
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.context import Context

_SOURCE = "TokenGeneration_Authentication"


async def tokens_of(ctx: Context, pool_id: str, client_id: str, username: str) -> dict[str, Any]:
    """AuthenticationResult of a user. Raises UserNotFoundException, and what PreTokenGeneration raises."""
    pool, client = pools.client_in(ctx, pool_id, client_id)
    user = users.require(ctx, pool, username)
    return await token_issue.sign_in(Occasion(ctx, pool, user, client.id), client, _SOURCE)
