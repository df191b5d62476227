"""Maps from the claims of a provider's tokens to the tags of sessions (attributes for access control).

https://docs.aws.amazon.com/cognito/latest/developerguide/attributes-for-access-control.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.services.cognito_identity.logins import Login
from habitr_emulator.services.cognito_identity.pools import Pool
from habitr_emulator.services.context import Context

DEFAULTS = {"username": "sub", "client": "aud"}
_TAG_LENGTH = 256
_SAVE = """
INSERT INTO cognito_identity_principal_tags VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET use_defaults = excluded.use_defaults, tags = excluded.tags
"""


async def save(ctx: Context, pool: Pool, request: Mapping[str, Any]) -> None:
    """Replace the map of a provider."""
    defaults = bool(request.get("UseDefaults"))
    tags = DEFAULTS if defaults else request.get("PrincipalTags") or {}
    row = (pool.id, request["IdentityProviderName"], defaults, json.dumps(tags))
    await ctx.store.write(lambda tx: tx.execute(_SAVE, row).rowcount)


def described(ctx: Context, pool: Pool, provider: str) -> dict[str, Any]:
    """The map of a provider, as GetPrincipalTagAttributeMap answers."""
    sql = "SELECT * FROM cognito_identity_principal_tags WHERE identity_pool_id = ? AND provider = ?"
    row = ctx.store.one(sql, (pool.id, provider))
    return {
        "IdentityPoolId": pool.id,
        "IdentityProviderName": provider,
        "UseDefaults": row is not None and bool(row["use_defaults"]),
        "PrincipalTags": {} if row is None else json.loads(row["tags"]),
    }


def of_logins(ctx: Context, pool: Pool, logins: Sequence[Login]) -> dict[str, str]:
    """The tags that logins bring by the maps of their providers; a claim that is missing makes no tag."""
    tags: dict[str, str] = {}
    for login in logins:
        carried = (login.claims.get("https://aws.amazon.com/tags") or {}).get("principal_tags") or {}
        tags |= {key: str(values[0]) for key, values in carried.items() if values}
        for key, claim in described(ctx, pool, login.provider)["PrincipalTags"].items():
            value = login.claims.get(claim)
            if isinstance(value, str | int) and str(value):
                tags[key] = str(value)[:_TAG_LENGTH]
    return tags
