"""Which user pools exist. ``settings`` are request members of AWS's own API, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class AppClient:
    """An app client: ``settings`` as CreateUserPoolClient takes them (without UserPoolId)."""

    client_id: str
    settings: Mapping[str, Any]
    client_secret: str | None = None


@dataclass(frozen=True)
class UserPool:
    """A user pool: ``settings`` as CreateUserPool takes them; groups as CreateGroup, identity providers as
    CreateIdentityProvider take them (without UserPoolId); ``domain`` is the hosted UI's prefix, ``factors`` what
    SetUserPoolMfaConfig takes beside the mode.
    """

    user_pool_id: str
    settings: Mapping[str, Any]
    clients: tuple[AppClient, ...] = ()
    groups: tuple[Mapping[str, Any], ...] = ()
    identity_providers: tuple[Mapping[str, Any], ...] = ()
    resource_servers: tuple[Mapping[str, Any], ...] = ()
    domain: str | None = None
    factors: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
