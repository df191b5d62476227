"""Remembered devices: who has which, and when one stands in for the second factor.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.cognito_idp import users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, ResourceNotFoundException
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.pools import Pool, Reader
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

if TYPE_CHECKING:
    from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt

_OF_USER = "user_pool_id = :pool AND username = :username"
_ONE = f"{_OF_USER} AND device_key = :key"
_LONGEST_NUMBER = 1024


@dataclass(frozen=True, slots=True)
class Device:
    """A confirmed device. ``salt`` and ``verifier`` are those of its own password, None if it gave none."""

    key: str
    name: str
    salt: bytes | None
    verifier: bytes | None
    remembered: bool
    last_ip: str
    created_at: float
    modified_at: float
    authenticated_at: float


def tracked(pool: Pool) -> bool:
    """Whether a pool looks at devices at all."""
    return bool(pool.settings.get("DeviceConfiguration"))


def find(reader: Reader, user: User, key: str) -> Device | None:
    """A user's device, or None."""
    row = reader.one(f"SELECT * FROM cognito_idp_devices WHERE {_ONE}", _names(user, key))  # noqa: S608
    return _device(row) if row else None


def require(reader: Reader, user: User, key: str) -> Device:
    """A user's device; raises ResourceNotFoundException."""
    device = find(reader, user, key)
    if device is None:
        raise ResourceNotFoundException("Device does not exist.")
    return device


def page(reader: Reader, user: User, after: str, limit: int) -> list[Device]:
    """A page of a user's devices, in order of their keys."""
    sql = f"""SELECT * FROM cognito_idp_devices WHERE {_OF_USER} AND device_key > :key
              ORDER BY device_key LIMIT :limit"""  # noqa: S608 - fixed text
    return [_device(row) for row in reader.all(sql, {**_names(user, after), "limit": limit})]


def presented(attempt: "Attempt", user: User) -> Device | None:
    """The device that a sign-in says it comes from; None if it says nothing or the pool does not care.

    Raises ResourceNotFoundException: Amplify then forgets its device and signs in without.
    """
    if not tracked(attempt.pool) or not attempt.device_key:
        return None
    return require(attempt.ctx.store, user, attempt.device_key)


async def challenge(attempt: "Attempt", user: User) -> "Answer | None":
    """DEVICE_SRP_AUTH, in place of the second factor, for a remembered device; else None."""
    device = presented(attempt, user)
    if device is None or not device.remembered or device.verifier is None:
        return None
    if not attempt.pool.settings["DeviceConfiguration"].get("ChallengeRequiredOnNewDevice"):
        return None
    parameters = {"USERNAME": user.username, "DEVICE_KEY": device.key}
    return await attempt.challenge(user, "DEVICE_SRP_AUTH", parameters)


async def new_metadata(ctx: Context, user: User) -> dict[str, str]:
    """NewDeviceMetadata of a sign-in from an unknown device. Nothing is stored before ConfirmDevice."""
    key = f"{ctx.account.region}_{ctx.ids.uuid()}"
    return {"DeviceKey": key, "DeviceGroupKey": await group_key(ctx, user, key)}


async def group_key(ctx: Context, user: User, key: str) -> str:
    """The group key of a user's device, always the same."""
    secret = await ctx.account.part(Keyring).secret("device groups")
    digest = hmac.digest(secret, f"{user.sub}\0{key}".encode(), hashlib.sha256)
    return "-" + b64encode(digest, altchars=b"Aa").decode()[:8]


async def confirm(ctx: Context, pool: Pool, user: User, request: Mapping[str, Any]) -> None:
    """Store what ConfirmDevice says; the device is remembered unless the pool leaves that to the user.

    Raises InvalidParameterException.
    """
    config = request.get("DeviceSecretVerifierConfig") or {}
    salt, verifier = _number(config, "Salt"), _number(config, "PasswordVerifier")
    if (salt is None) != (verifier is None):
        raise InvalidParameterException("Salt and PasswordVerifier must be given together.")
    now = ctx.clock.now()
    row = (user.pool_id, user.username, request["DeviceKey"], request.get("DeviceName") or "", salt, verifier,
           int(not asks(pool)), ctx.source_ip, now, now, now)  # fmt: skip
    sql = "INSERT OR REPLACE INTO cognito_idp_devices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    await ctx.store.write(lambda tx: (users.again(tx, user), tx.execute(sql, row).rowcount)[1])


def asks(pool: Pool) -> bool:
    """Whether it is the user who says that a device is remembered."""
    return bool((pool.settings.get("DeviceConfiguration") or {}).get("DeviceOnlyRememberedOnUserPrompt"))


async def authenticated(ctx: Context, user: User, device: Device) -> None:
    """Note that a device was signed in from."""
    sql = f"UPDATE cognito_idp_devices SET authenticated_at = :now, last_ip = :ip WHERE {_ONE}"  # noqa: S608
    values = {**_names(user, device.key), "now": ctx.clock.now(), "ip": ctx.source_ip}
    await ctx.store.write(lambda tx: tx.execute(sql, values).rowcount)


async def set_status(ctx: Context, user: User, key: str, status: str | None) -> None:
    """Take a device as ``remembered`` or ``not_remembered``; raises ResourceNotFoundException."""
    sql = f"""UPDATE cognito_idp_devices SET remembered = coalesce(:remembered, remembered), modified_at = :now
              WHERE {_ONE}"""  # noqa: S608 - fixed text
    remembered = None if status is None else int(status == "remembered")
    values = {**_names(user, key), "remembered": remembered, "now": ctx.clock.now()}
    if not await ctx.store.write(lambda tx: tx.execute(sql, values).rowcount):
        raise ResourceNotFoundException("Device does not exist.")


async def forget(ctx: Context, user: User, key: str) -> None:
    """Remove a device; raises ResourceNotFoundException."""
    sql = f"DELETE FROM cognito_idp_devices WHERE {_ONE}"  # noqa: S608 - fixed text
    if not await ctx.store.write(lambda tx: tx.execute(sql, _names(user, key)).rowcount):
        raise ResourceNotFoundException("Device does not exist.")


def described(ctx: Context, user: User, device: Device) -> dict[str, Any]:
    """DeviceType."""
    owned = f"owner/{user.pool_id}.{user.sub}/device/{device.key}"
    attributes = {
        "device_status": "valid",
        "device_name": device.name,
        "dev:device_arn": ctx.account.arn("cognito-idp", owned),  # guess: the form of its last part
        "dev:device_remembered_status": "remembered" if device.remembered else "not_remembered",
        "last_ip_used": device.last_ip,
    }
    return {
        "DeviceKey": device.key,
        "DeviceAttributes": [{"Name": name, "Value": value} for name, value in attributes.items()],
        "DeviceCreateDate": device.created_at,
        "DeviceLastModifiedDate": device.modified_at,
        "DeviceLastAuthenticatedDate": device.authenticated_at,
    }


def _number(config: Mapping[str, Any], name: str) -> bytes | None:
    """A number that came as base64, big-endian."""
    text = config.get(name)
    if text is None:
        return None
    try:
        number = b64decode(text, validate=True)
    except ValueError as error:
        raise InvalidParameterException(f"{name} is not valid base64.") from error
    if not number or len(number) > _LONGEST_NUMBER:
        raise InvalidParameterException(f"{name} is not a number of the expected size.")
    return number


def _names(user: User, key: str) -> dict[str, Any]:
    return {"pool": user.pool_id, "username": user.username, "key": key}


def _device(row: Row) -> Device:
    return Device(
        row["device_key"],
        row["name"],
        row["salt"],
        row["verifier"],
        bool(row["remembered"]),
        row["last_ip"],
        row["created_at"],
        row["modified_at"],
        row["authenticated_at"],
    )
