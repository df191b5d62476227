"""RevokeToken: end a sign-in: its refresh token and all tokens that came from it.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html
"""

from habitr_emulator.services.cognito_idp import grants, pools, token_issue, unbuilt
from habitr_emulator.services.cognito_idp.errors import (
    UnauthorizedException,
    UnsupportedOperationException,
    UnsupportedTokenTypeException,
)
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def revoke_token(request: Input, ctx: Context) -> Output:
    """Revoke a refresh token; one that is unknown or already revoked is fine.

    Raises UnsupportedOperationException, UnsupportedTokenTypeException, UnauthorizedException,
    NotAuthorizedException, NotBuilt.
    """
    _, client = pools.of_client(ctx, request["ClientId"])
    pools.require_secret(client, request.get("ClientSecret"))
    unbuilt.refuse(request, "RevokeAssociatedSessions")
    if not client.revocable:
        raise UnsupportedOperationException("Token revocation is not enabled for this client.")
    if request["Token"].count(".") == 2:
        raise UnsupportedTokenTypeException(why="this is an access or ID token; revoke the refresh token")
    grant = await grants.of(ctx, request["Token"])
    if grant is None:
        return {}
    if grant.client_id != client.id:
        raise UnauthorizedException(why=f"the token was made for the client {grant.client_id}")
    await token_issue.revoke(ctx, grant)
    return {}
