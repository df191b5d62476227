"""The public documents of a user pool: its keys, and where everything is.

https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
"""

from typing import Any

import orjson

from habitr_emulator.services.cognito_idp import pools, tokens
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.context import Account, Context
from habitr_emulator.wire.http import Request, Response

_CORS = {"access-control-allow-origin": "*", "cache-control": "public, max-age=86400"}


async def handle(request: Request, context: Context) -> Response:
    """Answer ``/{pool}/.well-known/jwks.json`` and ``openid-configuration``; 501 for the hosted UI's paths."""
    parts = request.path.strip("/").split("/")
    if len(parts) == 3 and parts[1] == ".well-known":
        pool = pools.find(context.store, parts[0])
        if pool is not None and parts[2] == "jwks.json":
            return _json(tokens.jwks(await context.account.part(Keyring).pair(pool.id)))
        if pool is not None and parts[2] == "openid-configuration":
            return _json(_configuration(context.account, pool.id, _domain(context, pool.id)))
        return _json({"message": "ResourceNotFoundException"}, 404)
    why = "not built: the hosted UI and its OAuth endpoints; sign in by the API (InitiateAuth)"
    return _json({"error": "not_implemented", "error_description": why}, 501, why=why)


def _json(document: Any, status: int = 200, *, why: str = "") -> Response:
    headers = {"content-type": "application/json", **_CORS}
    if status != 200:
        headers["cache-control"] = "no-store"
    if why:
        headers["x-habitr-why"] = why
    return Response(status, headers, orjson.dumps(document))


def _domain(context: Context, pool_id: str) -> str:
    row = context.store.one("SELECT domain FROM cognito_idp_domains WHERE user_pool_id = ?", (pool_id,))
    name = row["domain"] if row else pool_id.replace("_", "-").lower()
    if context.account.issuer == "local":
        return f"{context.account.endpoint}/_habitr/hosted/{name}"
    return f"https://{name}.auth.{context.account.region}.amazoncognito.com"


def _configuration(account: Account, pool_id: str, domain: str) -> dict[str, Any]:
    issuer = tokens.issuer(account, pool_id)
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "authorization_endpoint": f"{domain}/oauth2/authorize",
        "token_endpoint": f"{domain}/oauth2/token",
        "userinfo_endpoint": f"{domain}/oauth2/userInfo",
        "revocation_endpoint": f"{domain}/oauth2/revoke",
        "end_session_endpoint": f"{domain}/logout",
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
