"""Identity providers: what a pool knows of Login with Amazon, Google and others, kept with its settings.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.cognito_idp import pool_settings
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, ResourceNotFoundException
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context

_KEPT = "IdentityProviders"
_MEMBERS = ("ProviderName", "ProviderType", "ProviderDetails", "AttributeMapping", "IdpIdentifiers", "AcrMapping")
#: Provider type: the claim that names a person, and what AWS fills in beside the app's id and secret.
_KINDS: dict[str, tuple[str, dict[str, str]]] = {
    "LoginWithAmazon": (
        "user_id",
        {
            "authorize_url": "https://www.amazon.com/ap/oa",
            "token_url": "https://api.amazon.com/auth/o2/token",
            "attributes_url": "https://api.amazon.com/user/profile",
            "attributes_url_add_attributes": "false",
            "token_request_method": "POST",
        },
    ),
    "Google": (
        "sub",
        {
            "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
            "token_url": "https://www.googleapis.com/oauth2/v4/token",
            "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
            "attributes_url_add_attributes": "true",
            "token_request_method": "POST",
            "oidc_issuer": "https://accounts.google.com",
        },
    ),
    "Facebook": (
        "id",
        {
            "authorize_url": "https://www.facebook.com/v17.0/dialog/oauth",
            "token_url": "https://graph.facebook.com/v17.0/oauth/access_token",
            "attributes_url": "https://graph.facebook.com/v17.0/me?fields=",
            "attributes_url_add_attributes": "true",
            "token_request_method": "GET",
        },
    ),
    "SignInWithApple": (
        "sub",
        {
            "authorize_url": "https://appleid.apple.com/auth/authorize",
            "token_url": "https://appleid.apple.com/auth/token",
            "attributes_url_add_attributes": "false",
            "token_request_method": "POST",
            "oidc_issuer": "https://appleid.apple.com",
        },
    ),
    "OIDC": ("sub", {"attributes_request_method": "GET", "attributes_url_add_attributes": "false"}),
}
_NEEDED = {"OIDC": ("client_id", "authorize_scopes", "oidc_issuer"), "SignInWithApple": ("client_id",)}
_NAME = re.compile(r"[^_\s](?:[\S]{0,30}[^_\s])?")


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider. ``details`` and ``mapping`` (pool attribute to claim) are complete with defaults."""

    name: str
    kind: str
    details: Mapping[str, str]
    mapping: Mapping[str, str]
    identifiers: tuple[str, ...]
    shown: Mapping[str, Any]

    @property
    def subject(self) -> str:
        """The claim that names a person at this provider."""
        return self.mapping["username"]


def listed(pool: Pool) -> list[Provider]:
    """The pool's providers, in order of their names."""
    providers = [_provider(pool, entry) for entry in pool.settings.get(_KEPT) or ()]
    return sorted(providers, key=lambda provider: provider.name)


def find(pool: Pool, name: str) -> Provider | None:
    """The provider of a name, or None."""
    return next((provider for provider in listed(pool) if provider.name == name), None)


def by_identifier(pool: Pool, identifier: str) -> Provider | None:
    """The provider that has ``identifier`` among its IdpIdentifiers, or None."""
    return next((provider for provider in listed(pool) if identifier in provider.identifiers), None)


def require(pool: Pool, name: str) -> Provider:
    """The provider of a name; raises ResourceNotFoundException."""
    provider = find(pool, name)
    if provider is None:
        raise ResourceNotFoundException(f"Identity provider {name} does not exist.")
    return provider


def entry_of(request: Mapping[str, Any], now: float, before: Provider | None = None) -> dict[str, Any]:
    """What is kept of CreateIdentityProvider, or of UpdateIdentityProvider for the provider ``before``.

    Raises InvalidParameterException, and NotBuilt for SAML.
    """
    entry = {name: before.shown[name] for name in _MEMBERS if name in before.shown} if before else {}
    entry |= {name: request[name] for name in _MEMBERS if request.get(name) is not None}
    entry |= {"CreationDate": before.shown["CreationDate"] if before else now, "LastModifiedDate": now}
    _check(entry)
    return entry


async def change(
    ctx: Context, pool: Pool, name: str, make: Callable[[Provider | None], dict[str, Any] | None]
) -> Provider | None:
    """Replace the provider ``name`` by what ``make`` makes of it (None removes it), in one step.

    Returns the new one. Raises what ``make`` raises.
    """

    def apply(fresh: Pool) -> list[dict[str, Any]]:
        others = [entry for entry in fresh.settings.get(_KEPT) or () if entry["ProviderName"] != name]
        made = make(find(fresh, name))
        return [*others, made] if made else others

    return find(await pool_settings.change_part(ctx, pool, _KEPT, apply), name)


def _provider(pool: Pool, entry: Mapping[str, Any]) -> Provider:
    subject, defaults = _KINDS[entry["ProviderType"]]
    details = {**defaults, **entry["ProviderDetails"]}
    mapping = {"username": subject, **(entry.get("AttributeMapping") or {})}
    dates = {"CreationDate": pool.created_at, "LastModifiedDate": pool.modified_at}
    shown = {
        **dates,
        **entry,
        "UserPoolId": pool.id,
        "ProviderDetails": details,
        "AttributeMapping": mapping,
        "IdpIdentifiers": list(entry.get("IdpIdentifiers") or ()),
    }
    identifiers = tuple(shown["IdpIdentifiers"])
    return Provider(entry["ProviderName"], entry["ProviderType"], details, mapping, identifiers, shown)


def _check(entry: Mapping[str, Any]) -> None:
    name, kind = entry["ProviderName"], entry["ProviderType"]
    if kind not in _KINDS:
        raise NotBuilt(
            f"The provider type {kind} is not built in habitr-emulator.",
            why=f"not built: sign-in with {kind}; built are: {', '.join(_KINDS)}",
        )
    if kind != "OIDC" and name != kind:
        raise InvalidParameterException(f"ProviderName should be {kind} for the provider type {kind}.")
    if not _NAME.fullmatch(name) or name == "COGNITO":
        raise InvalidParameterException(f"Invalid ProviderName: {name}")
    details = entry["ProviderDetails"]
    missing = [key for key in _NEEDED.get(kind, ("client_id", "client_secret")) if not details.get(key)]
    if missing:
        raise InvalidParameterException(f"{missing[0]} is missing for the provider type {kind}.")
