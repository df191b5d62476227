"""Bringing a project's identity pool about, at every start: idempotent, and identities stay."""

import hashlib

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.cognito_identity.spec import IdentityPool
from habitr_emulator.services.context import Context


async def deploy(context: Context, spec: IdentityPool) -> None:
    """Make the pool with its roles, or bring it to what the project says.

    A pool that the project describes as at the last start is left alone, so that changes made by API calls
    persist.
    """
    settings = pools.settings_of(spec.settings)
    roles, mappings = dict(spec.roles), dict(spec.role_mappings)
    digest = hashlib.sha256(orjson.dumps([settings, roles, mappings])).hexdigest()
    now = context.clock.now()

    def write(tx: Transaction) -> None:
        row = tx.one(
            "SELECT deployed FROM cognito_identity_pools WHERE identity_pool_id = ?", (spec.identity_pool_id,)
        )
        if row is not None and row["deployed"] == digest:
            return
        pools.save(tx, spec.identity_pool_id, settings, now)
        pools.save_roles(tx, spec.identity_pool_id, roles, mappings)
        sql = "UPDATE cognito_identity_pools SET deployed = ? WHERE identity_pool_id = ?"
        tx.execute(sql, (digest, spec.identity_pool_id))

    await context.store.write(write)
