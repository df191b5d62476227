"""The secrets of an app client: up to two, so that one can be replaced while both work.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html
"""

from collections.abc import Callable
from typing import Any

from habitr_emulator.kernel.ids import derived_base36
from habitr_emulator.services.cognito_idp import client_settings
from habitr_emulator.services.cognito_idp.errors import (
    InvalidParameterException,
    LimitExceededException,
    ResourceNotFoundException,
)
from habitr_emulator.services.cognito_idp.pools import Client
from habitr_emulator.services.context import Context

MOST = 2
Secret = dict[str, Any]


def of(client: Client) -> list[Secret]:
    """The client's secrets, each with its id, value and date."""
    first: list[Secret] = []
    if client.settings.get("ClientSecret"):
        made_at = client.settings.get("ClientSecretDate", client.created_at)
        first = [_secret(client, client.settings["ClientSecret"], made_at)]
    return [*first, *(client.settings.get("FurtherSecrets") or ())]


def described(secret: Secret) -> dict[str, Any]:
    """ClientSecretDescriptorType without the value, which only AddUserPoolClientSecret shows."""
    return {name: value for name, value in secret.items() if name != "ClientSecretValue"}


async def add(ctx: Context, client: Client, given: str | None) -> Secret:
    """Give the client one more secret and return it. Raises LimitExceededException, InvalidParameterException."""
    value = given or ctx.ids.base36(52)
    secret = _secret(client, value, ctx.clock.now())

    def added(kept: list[Secret]) -> list[Secret]:
        if len(kept) >= MOST:
            raise LimitExceededException(f"An app client can have at most {MOST} secrets.")
        if any(other["ClientSecretValue"] == value for other in kept):
            raise InvalidParameterException("The app client has this secret already.")
        return [*kept, secret]

    await _change(ctx, client, added)
    return secret


async def remove(ctx: Context, client: Client, secret_id: str) -> None:
    """Take a secret from the client.

    Raises ResourceNotFoundException, InvalidParameterException (the last one).
    """

    def removed(kept: list[Secret]) -> list[Secret]:
        left = [secret for secret in kept if secret["ClientSecretId"] != secret_id]
        if len(left) == len(kept):
            raise ResourceNotFoundException("Client secret not found.")
        if not left:
            raise InvalidParameterException("The last secret of an app client cannot be deleted.")
        return left

    await _change(ctx, client, removed)


def _secret(client: Client, value: str, made_at: float) -> Secret:
    name = f"{client.id}--{derived_base36(26, 'client secret', client.id, value)}"
    return {"ClientSecretId": name, "ClientSecretValue": value, "ClientSecretCreateDate": made_at}


async def _change(ctx: Context, client: Client, apply: Callable[[list[Secret]], list[Secret]]) -> None:
    def changed(fresh: Client) -> dict[str, Any]:
        secrets = apply(of(fresh))
        return {
            **fresh.settings,
            "ClientSecret": secrets[0]["ClientSecretValue"],
            "ClientSecretDate": secrets[0]["ClientSecretCreateDate"],
            "FurtherSecrets": secrets[1:],
        }

    await client_settings.change(ctx, client, changed)
