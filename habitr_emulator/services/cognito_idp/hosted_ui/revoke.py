"""/oauth2/revoke: end a sign-in by its refresh token.

https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
"""

from habitr_emulator.services.cognito_idp import grants, token_issue
from habitr_emulator.services.cognito_idp.hosted_ui.client_authentication import authenticated
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import OAuthError
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.wire.http import Response


async def post(visit: Visit) -> Response:
    """Revoke; a token that is unknown or revoked already is fine. Raises OAuthError."""
    _, client = authenticated(visit, status=401)
    token = visit.form.get("token", "")
    if not token:
        raise OAuthError("invalid_request", why="the form has no token")
    if not client.revocable:
        raise OAuthError("invalid_request", why="EnableTokenRevocation is off for the client")
    if token.count(".") == 2:
        raise OAuthError("unsupported_token_type", why="this is an access or ID token; revoke the refresh token")
    grant = await grants.of(visit.ctx, token)
    if grant is not None:
        if grant.client_id != client.id:  # guess: the documentation names no error for it
            raise OAuthError("unauthorized_client", why=f"the token was made for the client {grant.client_id}")
        await token_issue.revoke(visit.ctx, grant)
    headers = {"cache-control": "no-store", "access-control-allow-origin": "*"}
    return Response(200, headers)
