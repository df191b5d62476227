"""GetTokensFromRefreshToken: new tokens of a sign-in that goes on.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
"""

from habitr_emulator.services.cognito_idp import pools, token_issue
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def get_tokens_from_refresh_token(request: Input, ctx: Context) -> Output:
    """New access and ID tokens; with rotation also the next refresh token.

    Raises NotAuthorizedException, RefreshTokenReuseException, and what PreTokenGeneration raises.
    """
    pool, client = pools.of_client(ctx, request["ClientId"])
    pools.require_secret(client, request.get("ClientSecret"))
    device = request.get("DeviceKey") or ""
    grant, user = await token_issue.refresh(ctx, pool, client, request["RefreshToken"], device)
    occasion = Occasion(ctx, pool, user, client.id, request.get("ClientMetadata") or {})
    result = await token_issue.pair(occasion, client, grant, "RefreshTokens")
    following = await token_issue.rotate(ctx, client, grant)
    return {"AuthenticationResult": result | ({"RefreshToken": following} if following else {})}
