"""Identity pools: their settings and their roles.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_IdentityPool.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_identity.errors import InvalidParameterException, ResourceNotFoundException
from habitr_emulator.services.context import Context

_MEMBERS = (
    "IdentityPoolName", "AllowUnauthenticatedIdentities", "AllowClassicFlow", "SupportedLoginProviders",
    "DeveloperProviderName", "OpenIdConnectProviderARNs", "CognitoIdentityProviders", "SamlProviderARNs",
    "IdentityPoolTags",
)  # fmt: skip


MOST_TAGS = 50


@dataclass(frozen=True, slots=True)
class Pool:
    """An identity pool; ``settings`` has the members of IdentityPool without the id."""

    id: str
    settings: Mapping[str, Any]
    roles: Mapping[str, str]
    role_mappings: Mapping[str, Any]

    @property
    def allows_guests(self) -> bool:
        """Whether identities without logins exist."""
        return bool(self.settings.get("AllowUnauthenticatedIdentities"))

    def described(self) -> dict[str, Any]:
        """IdentityPool, as CreateIdentityPool and DescribeIdentityPool answer it."""
        return {"IdentityPoolId": self.id, **self.settings}


def settings_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a request that make up a pool; what is left out is dropped."""
    kept = {name: request[name] for name in _MEMBERS if request.get(name) is not None}
    return {"AllowUnauthenticatedIdentities": False, **kept}


def require(ctx: Context, pool_id: str) -> Pool:
    """The pool; raises ResourceNotFoundException."""
    row = ctx.store.one("SELECT * FROM cognito_identity_pools WHERE identity_pool_id = ?", (pool_id,))
    if row is None:
        raise _missing(pool_id)
    return _pool(row)


def listed(ctx: Context, after: str, limit: int) -> list[Pool]:
    """A page of pools, in order of their ids."""
    sql = "SELECT * FROM cognito_identity_pools WHERE identity_pool_id > ? ORDER BY identity_pool_id LIMIT ?"
    return [_pool(row) for row in ctx.store.all(sql, (after, limit))]


def save(tx: Transaction, pool_id: str, settings: Mapping[str, Any], now: float) -> None:
    """Store a pool's settings; creates the pool, without roles, if it is new."""
    tx.execute(
        """INSERT INTO cognito_identity_pools (identity_pool_id, settings, created_at) VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET settings = excluded.settings""",
        (pool_id, orjson.dumps(settings).decode(), now),
    )


def save_roles(tx: Transaction, pool_id: str, roles: Mapping[str, str], mappings: Mapping[str, Any]) -> None:
    """Replace a pool's roles and role mappings."""
    tx.execute(
        "UPDATE cognito_identity_pools SET roles = ?, role_mappings = ? WHERE identity_pool_id = ?",
        (orjson.dumps(roles).decode(), orjson.dumps(mappings).decode(), pool_id),
    )


def resource(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN that a signed request with an IdentityPoolId is about."""
    return ctx.account.arn("cognito-identity", f"identitypool/{request['IdentityPoolId']}")


def named_resource(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN that a signed request names."""
    return str(request["ResourceArn"])


def of_arn(ctx: Context, arn: str) -> Pool:
    """The pool of an ARN; raises InvalidParameterException, ResourceNotFoundException."""
    prefix = ctx.account.arn("cognito-identity", "identitypool/")
    if not arn.startswith(prefix):
        raise InvalidParameterException(f"Invalid ARN: {arn}", why=f"an identity pool's begins with {prefix}")
    return require(ctx, arn.removeprefix(prefix))


async def tag(ctx: Context, arn: str, add: Mapping[str, str], remove: Sequence[str] = ()) -> None:
    """Add or replace tags of the pool of an ARN, and remove others; raises as ``of_arn`` does."""
    pool_id, now = of_arn(ctx, arn).id, ctx.clock.now()

    def write(tx: Transaction) -> None:
        row = tx.one("SELECT settings FROM cognito_identity_pools WHERE identity_pool_id = ?", (pool_id,))
        if row is None:
            raise _missing(pool_id)
        settings = orjson.loads(row["settings"])
        tags = {**(settings.get("IdentityPoolTags") or {}), **add}
        kept = {key: value for key, value in tags.items() if key not in remove}
        if len(kept) > MOST_TAGS:
            raise InvalidParameterException(f"A resource can have {MOST_TAGS} tags at most.")
        save(tx, pool_id, {**settings, "IdentityPoolTags": kept}, now)

    await ctx.store.write(write)


def _missing(pool_id: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"IdentityPool '{pool_id}' not found.")


def _pool(row: Row) -> Pool:
    loads = orjson.loads
    return Pool(row["identity_pool_id"], loads(row["settings"]), loads(row["roles"]), loads(row["role_mappings"]))
