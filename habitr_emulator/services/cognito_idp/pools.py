"""User pools and their app clients, as the operations see them."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, cast

import orjson

from habitr_emulator.kernel.store import Parameters, Row
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException, ResourceNotFoundException
from habitr_emulator.services.context import Context

_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


class Reader(Protocol):
    """The store, or a transaction."""

    def one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row, or None."""

    def all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Every row."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A user pool; ``settings`` has the members of UserPoolType, complete with defaults. Read only."""

    id: str
    settings: Mapping[str, Any]
    created_at: float
    modified_at: float

    @property
    def name(self) -> str:
        """What SRP calls the pool: the id behind the underscore."""
        return self.id.partition("_")[2]

    @property
    def case_sensitive(self) -> bool:
        """Whether user names differ by case."""
        return bool(self.settings["UsernameConfiguration"]["CaseSensitive"])

    @property
    def username_attributes(self) -> tuple[str, ...]:
        """The addresses that take the place of user names (the user name is then the sub)."""
        return tuple(self.settings.get("UsernameAttributes") or ())

    @property
    def alias_attributes(self) -> tuple[str, ...]:
        """The attributes that sign in beside the user name."""
        return tuple(self.settings.get("AliasAttributes") or ())

    @property
    def auto_verified(self) -> tuple[str, ...]:
        """The addresses that a code is sent to without being asked for."""
        return tuple(self.settings.get("AutoVerifiedAttributes") or ())

    def fold(self, name: str) -> str:
        """A name as the pool stores and compares it."""
        return name if self.case_sensitive else name.lower()


@dataclass(frozen=True, slots=True)
class Client:
    """An app client; ``settings`` has the members of UserPoolClientType, complete with defaults. Read only."""

    id: str
    pool_id: str
    settings: Mapping[str, Any]
    created_at: float
    modified_at: float

    @property
    def secret(self) -> str | None:
        """The client secret, if it has one."""
        return cast("str | None", self.settings.get("ClientSecret"))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that works: while one is being replaced there are two."""
        further = self.settings.get("FurtherSecrets") or ()
        return (*filter(None, [self.secret]), *(entry["ClientSecretValue"] for entry in further))

    @property
    def hides_users(self) -> bool:
        """Whether an unknown user looks like a wrong password."""
        return self.settings.get("PreventUserExistenceErrors") == "ENABLED"

    @property
    def revocable(self) -> bool:
        """Whether tokens carry ``origin_jti`` and RevokeToken works."""
        return bool(self.settings.get("EnableTokenRevocation", True))

    @property
    def session_seconds(self) -> int:
        """How long a challenge may wait for its answer."""
        return int(self.settings.get("AuthSessionValidity", 3)) * 60

    def lifetime(self, token: str) -> int:
        """Seconds that an ``AccessToken``, ``IdToken`` or ``RefreshToken`` of this client lives."""
        unit = self.settings["TokenValidityUnits"][token]
        return int(self.settings[f"{token}Validity"]) * _UNIT_SECONDS[unit]

    def allows(self, flow: str) -> bool:
        """Whether an authentication flow is enabled; ``flow`` without ``ALLOW_``."""
        flows = self.settings["ExplicitAuthFlows"]
        return flow in flows or f"ALLOW_{flow}" in flows

    def may_read(self, attribute: str) -> bool:
        """Whether tokens and GetUser of this client show an attribute."""
        readable = self.settings.get("ReadAttributes")
        return readable is None or attribute in readable or attribute == "sub"

    def may_write(self, attribute: str) -> bool:
        """Whether a user may set an attribute through this client."""
        writable = self.settings.get("WriteAttributes")
        return writable is None or attribute in writable


@lru_cache(maxsize=512)
def parsed(text: str) -> dict[str, Any]:
    """A settings document, parsed once for each text: nothing to invalidate when the store is restored."""
    return cast("dict[str, Any]", orjson.loads(text))


def find(reader: Reader, pool_id: str) -> Pool | None:
    """The pool, or None."""
    row = reader.one("SELECT * FROM cognito_idp_pools WHERE user_pool_id = ?", (pool_id,))
    return _pool(row) if row else None


def require(ctx: Context, pool_id: str) -> Pool:
    """The pool; raises ResourceNotFoundException."""
    pool = find(ctx.store, pool_id)
    if pool is None:
        raise ResourceNotFoundException(f"User pool {pool_id} does not exist.")
    return pool


def of_client(ctx: Context, client_id: str) -> tuple[Pool, Client]:
    """A client and its pool; raises ResourceNotFoundException."""
    client = client_by_id(ctx.store, client_id)
    if client is None:
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.")
    return require(ctx, client.pool_id), client


def client_by_id(reader: Reader, client_id: str) -> Client | None:
    """A client of whichever pool, or None."""
    row = reader.one("SELECT * FROM cognito_idp_clients WHERE client_id = ?", (client_id,))
    return _client(row) if row else None


def client_in(ctx: Context, pool_id: str, client_id: str) -> tuple[Pool, Client]:
    """A client of this pool; raises ResourceNotFoundException for one of another pool, too."""
    pool = require(ctx, pool_id)
    found, client = of_client(ctx, client_id)
    if found.id != pool.id:
        raise ResourceNotFoundException(f"User pool client {client_id} does not exist.")
    return pool, client


def require_secret_hash(client: Client, username: str, given: str | None) -> None:
    """Check SECRET_HASH: Base64(HMAC-SHA256(client secret, user name + client id)).

    Raises NotAuthorizedException if it is missing, wrong, or sent to a client without secret.
    https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
    """
    if client.secret is None and given is None:
        return
    if given is None:
        raise NotAuthorizedException(
            f"Client {client.id} is configured with secret but SECRET_HASH was not received"
        )
    message = (username + client.id).encode()
    right = (base64.b64encode(hmac.digest(key.encode(), message, hashlib.sha256)) for key in client.secrets)
    if not any(hmac.compare_digest(one, given.encode()) for one in right):
        raise NotAuthorizedException(f"Unable to verify secret hash for client {client.id}")


def require_secret(client: Client, given: str | None) -> None:
    """Check the client secret itself, where an operation takes it; raises NotAuthorizedException."""
    if client.secret is None:
        return
    if given is None or not is_secret(client, given):
        raise NotAuthorizedException(f"Unable to verify secret hash for client {client.id}")


def is_secret(client: Client, given: str) -> bool:
    """Whether ``given`` is a secret of the client."""
    return any(hmac.compare_digest(secret.encode(), given.encode()) for secret in client.secrets)


def arn(ctx: Context, pool_id: str) -> str:
    """The ARN of a user pool."""
    return ctx.account.arn("cognito-idp", f"userpool/{pool_id}")


def resource(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN that a signed request with a UserPoolId is about."""
    return arn(ctx, request["UserPoolId"])


def clients_of(ctx: Context, pool_id: str, after: str, limit: int) -> list[Client]:
    """A page of a pool's clients, in order of their ids."""
    sql = """SELECT * FROM cognito_idp_clients WHERE user_pool_id = ? AND client_id > ?
             ORDER BY client_id LIMIT ?"""
    return [_client(row) for row in ctx.store.all(sql, (pool_id, after, limit))]


def listed(ctx: Context, after: str, limit: int) -> list[Pool]:
    """A page of pools, in order of their ids."""
    sql = "SELECT * FROM cognito_idp_pools WHERE user_pool_id > ? ORDER BY user_pool_id LIMIT ?"
    return [_pool(row) for row in ctx.store.all(sql, (after, limit))]


def _pool(row: Row) -> Pool:
    return Pool(row["user_pool_id"], parsed(row["settings"]), row["created_at"], row["modified_at"])


def _client(row: Row) -> Client:
    return Client(
        row["client_id"], row["user_pool_id"], parsed(row["settings"]), row["created_at"], row["modified_at"]
    )
