"""/oauth2/token: tokens for a code, a refresh token, or a program's own credentials.

https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp import oauth_scopes, token_issue, tokens, users
from habitr_emulator.services.cognito_idp.groups import Standing
from habitr_emulator.services.cognito_idp.hosted_ui import one_time, to_app
from habitr_emulator.services.cognito_idp.hosted_ui import visit as visits
from habitr_emulator.services.cognito_idp.hosted_ui.client_authentication import authenticated
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import OAuthError
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.pools import Client, Pool
from habitr_emulator.services.cognito_idp.token_issue import Hosted
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.pre_token_generation import Overrides, pre_token_generation
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.wire.http import Response

Answer = dict[str, Any]


async def post(visit: Visit) -> Response:
    """Answer a grant; raises OAuthError."""
    kind = visit.form.get("grant_type")
    if not kind:
        raise OAuthError("invalid_request", why="the form has no grant_type")
    grant = _GRANTS.get(kind)
    if grant is None:
        raise OAuthError("unsupported_grant_type", why=f"grant_type must be one of {', '.join(_GRANTS)}")
    pool, client = authenticated(visit)
    try:
        return visits.json(await grant(visit, pool, client))
    except AwsError as error:
        raise OAuthError("invalid_grant", error.message, why=error.why or error.message) from error


async def authorization_code(visit: Visit, pool: Pool, client: Client) -> Answer:
    """Tokens for a code, which works once; raises OAuthError."""
    _allowed(client, "code")
    code, address = visit.form.get("code", ""), visit.form.get("redirect_uri", "")
    if not code or not address:
        raise OAuthError("invalid_request", why="the form lacks code or redirect_uri")
    kept = await one_time.take(
        visit.ctx, code, lambda kept: (kept["kind"], kept.get("client")) == ("code", client.id)
    )
    if kept is None:
        raise OAuthError("invalid_grant", why="the code is unknown, used, older than five minutes, or another's")
    if kept["redirect_uri"] != address:
        raise OAuthError("invalid_grant", why=f"the code was sent to another redirect_uri: {kept['redirect_uri']}")
    _prove(kept["challenge"], visit.form.get("code_verifier", ""))
    user = users.by_username(visit.ctx.store, pool.id, kept["username"])
    if user is None or user.sub != kept["sub"] or not user.enabled:
        raise OAuthError("invalid_grant", why="the user was deleted or disabled meanwhile")
    hosted = Hosted(kept["scopes"], kept["auth_time"], kept["nonce"], kept["resource"])
    occasion = Occasion(visit.ctx, pool, user, client.id)
    return _answer(await token_issue.sign_in(occasion, client, to_app.SOURCE, hosted), hosted.scopes)


async def refresh_token(visit: Visit, pool: Pool, client: Client) -> Answer:
    """New access and ID tokens with the scopes of the sign-in; a new refresh token with rotation only."""
    token = visit.form.get("refresh_token", "")
    if not token:
        raise OAuthError("invalid_request", why="the form has no refresh_token")
    grant, user = await token_issue.refresh(visit.ctx, pool, client, token)
    result = await token_issue.pair(Occasion(visit.ctx, pool, user, client.id), client, grant, "RefreshTokens")
    rotated = await token_issue.rotate(visit.ctx, client, grant)
    result |= {"RefreshToken": rotated} if rotated else {}
    return _answer(result, grant.scopes if grant.hosted else f"{grant.scopes} openid")


async def client_credentials(visit: Visit, pool: Pool, client: Client) -> Answer:
    """An access token for a program, with custom scopes; raises OAuthError."""
    _allowed(client, "client_credentials")
    scopes = _custom_scopes(client, visit.form.get("scope", ""))
    now, lifetime = int(visit.ctx.clock.now()), client.lifetime("AccessToken")
    claims = {
        "sub": client.id,
        "token_use": "access",
        "scope": " ".join(scopes),
        "auth_time": now,
        "iss": tokens.issuer(visit.ctx.account, pool.id),
        "exp": now + lifetime,
        "iat": now,
        "version": 2,
        "jti": visit.ctx.ids.uuid(),
        "client_id": client.id,
    }
    metadata = _metadata(visit.form.get("aws_client_metadata", ""))
    nobody = User(pool.id, client.id, "", {}, "", 0.0, 0.0)
    overrides = await _program_overrides(Occasion(visit.ctx, pool, nobody, client.id, metadata), scopes)
    keys = await visit.ctx.account.part(Keyring).pair(pool.id)
    access = tokens.encode(overrides.access.access_claims(claims), keys["access"])
    return {"access_token": access, "expires_in": lifetime, "token_type": "Bearer"}


_GRANTS = {
    "authorization_code": authorization_code,
    "refresh_token": refresh_token,
    "client_credentials": client_credentials,
}


def _allowed(client: Client, flow: str) -> None:
    flows = client.settings.get("AllowedOAuthFlows") or ()
    if not client.settings.get("AllowedOAuthFlowsUserPoolClient") or flow not in flows:
        raise OAuthError("unauthorized_client", why=f"the client's AllowedOAuthFlows lack {flow}")


def _prove(challenge: str, verifier: str) -> None:
    """PKCE: the verifier must be the one whose hash came with the request for the code."""
    if not challenge and not verifier:
        return
    digest = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    if not verifier or not hmac.compare_digest(digest.encode(), challenge.encode()):
        why = "code_verifier is missing, or is not the one that code_challenge was made of"
        raise OAuthError("invalid_grant", why=why)


def _answer(result: Mapping[str, Any], scopes: str) -> Answer:
    names = {"IdToken": "id_token", "AccessToken": "access_token", "RefreshToken": "refresh_token"}
    shown = {ours: result[theirs] for theirs, ours in names.items() if theirs in result}
    if "openid" not in scopes.split():
        shown.pop("id_token", None)
    return {**shown, "expires_in": result["ExpiresIn"], "token_type": result["TokenType"]}


def _custom_scopes(client: Client, asked: str) -> list[str]:
    allowed = [s for s in client.settings.get("AllowedOAuthScopes") or () if s not in oauth_scopes.STANDARD]
    wanted = list(dict.fromkeys(asked.split())) or allowed
    wrong = [scope for scope in wanted if scope not in allowed]
    if wrong or not wanted:
        raise OAuthError("invalid_scope", why=f"the client's AllowedOAuthScopes lack {' '.join(wrong) or 'any'}")
    return wanted


async def _program_overrides(occasion: Occasion, scopes: list[str]) -> Overrides:
    """What the token trigger changes; for programs it runs in version 3 only."""
    config = (occasion.pool.settings.get("LambdaConfig") or {}).get("PreTokenGenerationConfig") or {}
    if config.get("LambdaVersion") != "V3_0":
        return Overrides(Standing())
    return await pre_token_generation(occasion, "ClientCredentials", Standing(), scopes)


def _metadata(text: str) -> dict[str, str]:
    try:
        given = orjson.loads(text) if text else {}
    except ValueError as error:
        raise OAuthError("invalid_request", why="aws_client_metadata is not JSON") from error
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise OAuthError("invalid_request", why="aws_client_metadata must be an object of strings")
    return given
