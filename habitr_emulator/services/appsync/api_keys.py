"""How long API keys live.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateApiKey.html
"""

from typing import Any, Final

from habitr_emulator.services.appsync.apis import DeployedApi
from habitr_emulator.services.appsync.descriptions import DELETED_AFTER
from habitr_emulator.services.appsync.errors import ApiKeyValidityOutOfBoundsException
from habitr_emulator.services.appsync.resources import KEY

DAY: Final = 24 * 3600
DEFAULT_DAYS: Final = 7
MOST_DAYS: Final = 365
MOST_KEYS: Final = 50


def expiry(asked: int | None, now: float) -> dict[str, int]:
    """``expires`` and ``deletes`` of a key: full hours, between a day and a year from ``now``.

    Raises ApiKeyValidityOutOfBoundsException.
    """
    at = int(now) + DEFAULT_DAYS * DAY if asked is None else int(asked)
    if at < int(now) + DAY:
        raise ApiKeyValidityOutOfBoundsException("API key must be valid for a minimum of 1 days.")
    if at > int(now) + MOST_DAYS * DAY:
        raise ApiKeyValidityOutOfBoundsException(f"API key must be valid for a maximum of {MOST_DAYS} days.")
    at -= at % 3600
    return {"expires": at, "deletes": at + DELETED_AFTER}


def keys_of(api: DeployedApi, now: float) -> dict[str, dict[str, Any]]:
    """The keys of an API, without those that are gone for good."""
    return {id_: told for id_, told in api.every(KEY).items() if told.get("deletes", now + 1) > now}
