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
    """Answer ``/{pool}/.well-known/jwks.json`` and ``openid-configuration``, and the pages of the hosted UI."""
    parts = request.path.strip("/").split("/")
    if len(parts) != 3 or parts[1] != ".well-known":
        from habitr_emulator.services.cognito_idp import hosted_ui

        return await hosted_ui.handle(request, context)
    pool = pools.find(context.store, parts[0])
    if pool is not None and parts[2] == "jwks.json":
        return _json(tokens.jwks(await context.account.part(Keyring).pair(pool.id)))
    if pool is not None and parts[2] == "openid-configuration":
        return _json(_configuration(context.account, pool.id, _domain(context, pool.id)))
    return _json({"message": "ResourceNotFoundException"}, 404)


def _json(document: Any, status: int = 200) -> Response:
    headers = {"content-type": "application/json", **_CORS}
    if status != 200:
        headers["cache-control"] = "no-store"
    return Response(status, headers, orjson.dumps(document))


def _domain(context: Context, pool_id: str) -> str:
    """The hosted UI's address; of a pool without domain, the one that the emulator has for its id."""
    row = context.store.one("SELECT domain FROM cognito_idp_domains WHERE user_pool_id = ?", (pool_id,))
    if row is None or context.account.issuer == "local":
        return f"{context.account.endpoint}/_habitr/hosted/{row['domain'] if row else pool_id}"
    return f"https://{row['domain']}.auth.{context.account.region}.amazoncognito.com"


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
