"""Bringing a project's user pool about, at every start: idempotent, and nothing that is there is lost."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import client_settings, groups, pool_settings
from habitr_emulator.services.cognito_idp.pools import Client
from habitr_emulator.services.cognito_idp.spec import AppClient, UserPool
from habitr_emulator.services.context import Context


async def deploy(context: Context, spec: UserPool) -> None:
    """Make the pool, its clients, groups and domain, or bring them to what the project says.

    A resource that the project describes as at the last start is left alone, so that changes made by API calls
    persist; users, memberships, keys and tokens always do.
    """
    now = context.clock.now()
    settings = pool_settings.created(spec.settings)
    apart = {"IdentityProviders": spec.identity_providers, "ResourceServers": spec.resource_servers}
    settings |= {name: [dict(entry) for entry in entries] for name, entries in apart.items() if entries}
    if spec.factors:
        settings["Factors"] = dict(spec.factors)
    if spec.tags:
        settings["UserPoolTags"] = dict(spec.tags)
    clients = [(client, _client_settings(client)) for client in spec.clients]

    def write(tx: Transaction) -> None:
        _pool(tx, spec.user_pool_id, settings, now)
        for client, complete in clients:
            _client(tx, Client(client.client_id, spec.user_pool_id, complete, now, now))
        for group in spec.groups:
            if groups.find(tx, spec.user_pool_id, group["GroupName"]) is None:
                groups.save(tx, spec.user_pool_id, group, now)
        if spec.domain:
            sql = "INSERT OR REPLACE INTO cognito_idp_domains (domain, user_pool_id) VALUES (?, ?)"
            tx.execute(sql, (spec.domain, spec.user_pool_id))

    await context.store.write(write)


def _client_settings(client: AppClient) -> dict[str, Any]:
    complete = client_settings.complete(client.settings)
    return complete | ({"ClientSecret": client.client_secret} if client.client_secret else {})


def _pool(tx: Transaction, pool_id: str, settings: Mapping[str, Any], now: float) -> None:
    text = orjson.dumps(settings).decode()
    row = tx.one("SELECT deployed FROM cognito_idp_pools WHERE user_pool_id = ?", (pool_id,))
    if row is None or row["deployed"] != _digest(text):
        pool_settings.save(tx, pool_id, text, now)
        sql = "UPDATE cognito_idp_pools SET deployed = ? WHERE user_pool_id = ?"
        tx.execute(sql, (_digest(text), pool_id))


def _client(tx: Transaction, client: Client) -> None:
    text = orjson.dumps(client.settings).decode()
    row = tx.one("SELECT deployed FROM cognito_idp_clients WHERE client_id = ?", (client.id,))
    if row is None or row["deployed"] != _digest(text):
        client_settings.save(tx, client, text)
        sql = "UPDATE cognito_idp_clients SET deployed = ? WHERE client_id = ?"
        tx.execute(sql, (_digest(text), client.id))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
