"""REFRESH_TOKEN_AUTH (also REFRESH_TOKEN): new tokens of a sign-in that goes on."""

from habitr_emulator.services.cognito_idp import token_issue
from habitr_emulator.services.cognito_idp.errors import UnsupportedOperationException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt
from habitr_emulator.services.cognito_idp.triggers import Occasion


async def refresh_token_auth(attempt: Attempt) -> Answer:
    """New access and ID tokens; the refresh token stays. The secret hash is over the real user name.

    Raises NotAuthorizedException, RefreshTokenReuseException, UnsupportedOperationException.
    """
    if (attempt.client.settings.get("RefreshTokenRotation") or {}).get("Feature") == "ENABLED":
        raise UnsupportedOperationException(
            "Refresh token rotation is enabled for this client.", why="call GetTokensFromRefreshToken instead"
        )
    token = attempt.parameter("REFRESH_TOKEN")
    device = attempt.device_key
    grant, user = await token_issue.refresh(attempt.ctx, attempt.pool, attempt.client, token, device)
    attempt.check_secret_hash(user.username)
    occasion = Occasion(attempt.ctx, attempt.pool, user, attempt.client.id)
    result = await token_issue.pair(occasion, attempt.client, grant, "RefreshTokens")
    return {"ChallengeParameters": {}, "AuthenticationResult": result}
