"""/oauth2/userInfo: what an access token's scopes show of its user.

https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
"""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp import oauth_scopes, token_issue, tokens
from habitr_emulator.services.cognito_idp.hosted_ui import visit as visits
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import OAuthError
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.wire.http import Response


async def get(visit: Visit) -> Response:
    """The attributes, every value a string; raises OAuthError for a token that is not good or lacks ``openid``."""
    scheme, _, token = visit.request.headers.get("authorization").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise OAuthError("invalid_token", "Access token is missing", status=401)
    try:
        pool, client, user = await token_issue.signed_in(visit.ctx, token.strip(), "openid")
    except AwsError as error:
        raise OAuthError("invalid_token", error.message, status=401, why=error.why or error.message) from error
    if visit.pool is not None and visit.pool.id != pool.id:
        why = f"the token is of the pool {pool.id}, the domain of {visit.pool.id}"
        raise OAuthError("invalid_token", "Access token is of another user pool", status=401, why=why)
    scopes = str(tokens.verify_token(visit.ctx.account, token.strip()).claims["scope"])
    shown = {
        name: value
        for name, value in user.attributes.items()
        if name == "identities" or (client.may_read(name) and oauth_scopes.show(scopes, name))
    }
    return visits.json({"sub": user.sub, **shown, "username": user.username})


async def post(visit: Visit) -> Response:
    """As GET."""
    return await get(visit)
