"""The risk configuration of a pool, and of single clients.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.cognito_idp import auth_events, documents, pools
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context

_KIND = "risk"
_PARTS = (
    "CompromisedCredentialsRiskConfiguration",
    "AccountTakeoverRiskConfiguration",
    "RiskExceptionConfiguration",
)


async def keep(ctx: Context, pool: Pool, request: Mapping[str, Any]) -> dict[str, Any]:
    """Store a configuration and return it; without any part it is removed.

    Raises ResourceNotFoundException, UserPoolAddOnNotEnabledException.
    """
    auth_events.require(pool)
    client_id = request.get("ClientId") or ""
    if client_id:
        pools.client_in(ctx, pool.id, client_id)
    parts = {name: request[name] for name in _PARTS if request.get(name)}
    if parts:
        document = documents.made(ctx, _KIND, client_id, parts, client_id)
        await ctx.store.write(lambda tx: documents.save(tx, pool.id, document))
    else:
        await documents.delete(ctx, pool.id, _KIND, client_id)
    return described(ctx, pool, client_id)


def described(ctx: Context, pool: Pool, client_id: str) -> dict[str, Any]:
    """RiskConfigurationType. Raises UserPoolAddOnNotEnabledException, ResourceNotFoundException."""
    auth_events.require(pool)
    if client_id:
        pools.client_in(ctx, pool.id, client_id)
    found = documents.find(ctx.store, pool.id, _KIND, client_id) or documents.find(ctx.store, pool.id, _KIND, "")
    shown: dict[str, Any] = {"UserPoolId": pool.id, **({"ClientId": client_id} if client_id else {})}
    return shown | ({**found.content, "LastModifiedDate": found.modified_at} if found else {})
