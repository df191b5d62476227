"""What an app client is made of: defaults and the rules of CreateUserPoolClient and UpdateUserPoolClient.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import oauth_scopes, resource_servers
from habitr_emulator.services.cognito_idp.errors import (
    InvalidOAuthFlowException,
    InvalidParameterException,
    ResourceNotFoundException,
    ScopeDoesNotExistException,
)
from habitr_emulator.services.cognito_idp.pools import Client, Pool, client_by_id
from habitr_emulator.services.context import Context

Settings = dict[str, Any]

#: What is kept with a client and has operations of its own; only the first is shown.
SECRETS = ("ClientSecret", "FurtherSecrets", "ClientSecretDate")
_KEPT_AS_SENT = (
    "ReadAttributes", "WriteAttributes", "SupportedIdentityProviders", "CallbackURLs", "LogoutURLs",
    "DefaultRedirectURI", "AllowedOAuthFlows", "AllowedOAuthScopes", "AnalyticsConfiguration",
    "RefreshTokenRotation",
)  # fmt: skip
_DEFAULT_FLOWS = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]
_UNITS = {"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"}
_DEFAULT_VALIDITY = {"AccessToken": 3600, "IdToken": 3600, "RefreshToken": 30 * 86400}
_LIMITS = {
    "AccessToken": (300, 86400),
    "IdToken": (300, 86400),
    "RefreshToken": (3600, 3650 * 86400),
}
_NEVER_WRITTEN = {"sub", "identities", "email_verified", "phone_number_verified"}
_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}


def complete(request: Mapping[str, Any]) -> Settings:
    """A client's settings, with AWS's defaults for the members that the request leaves out."""
    settings: Settings = {name: request[name] for name in _KEPT_AS_SENT if request.get(name) is not None}
    settings["ClientName"] = request.get("ClientName", "")
    rotates = (request.get("RefreshTokenRotation") or {}).get("Feature") == "ENABLED"
    defaults = (
        _DEFAULT_FLOWS[1:] if rotates else _DEFAULT_FLOWS
    )  # guess: the flow that rotation excludes is left out
    settings["ExplicitAuthFlows"] = list(request.get("ExplicitAuthFlows") or defaults)
    settings["AuthSessionValidity"] = request.get("AuthSessionValidity") or 3
    settings["EnableTokenRevocation"] = request.get("EnableTokenRevocation", True)
    settings["PreventUserExistenceErrors"] = request.get("PreventUserExistenceErrors", "LEGACY")
    for flag in ("AllowedOAuthFlowsUserPoolClient", "EnablePropagateAdditionalUserContextData"):
        settings[flag] = bool(request.get(flag, False))
    settings["TokenValidityUnits"] = {**_UNITS, **(request.get("TokenValidityUnits") or {})}
    for token, seconds in _DEFAULT_VALIDITY.items():
        unit = _UNIT_SECONDS[settings["TokenValidityUnits"][token]]
        settings[f"{token}Validity"] = request.get(f"{token}Validity") or max(1, seconds // unit)
    return settings


def check(pool: Pool, settings: Mapping[str, Any], secret: str | None) -> None:
    """Refuse settings that AWS refuses.

    Raises InvalidParameterException, InvalidOAuthFlowException or ScopeDoesNotExistException.
    """
    _check_flows(settings)
    _check_lifetimes(settings)
    _check_oauth(pool, settings, secret)
    _check_urls(settings)
    providers = {"COGNITO", *(entry["ProviderName"] for entry in pool.settings.get("IdentityProviders", ()))}
    for provider in settings.get("SupportedIdentityProviders") or ():
        if provider not in providers:
            raise InvalidParameterException(f"The provider {provider} does not exist for User Pool {pool.id}.")
    known = {attribute["Name"] for attribute in pool.settings["SchemaAttributes"]}
    if not known.issuperset(settings.get("ReadAttributes") or ()):
        raise InvalidParameterException("Invalid read attributes specified while creating a client")
    if not (known - _NEVER_WRITTEN).issuperset(settings.get("WriteAttributes") or ()):
        raise InvalidParameterException("Invalid write attributes specified while creating a client")


def _check_flows(settings: Mapping[str, Any]) -> None:
    prefixed = {flow.startswith("ALLOW_") for flow in settings["ExplicitAuthFlows"]}
    if len(prefixed) > 1:
        raise InvalidParameterException(
            "Cannot use legacy ExplicitAuthFlows together with ALLOW_ prefixed ExplicitAuthFlows."
        )
    rotation = settings.get("RefreshTokenRotation") or {}
    if rotation.get("Feature") == "ENABLED" and "ALLOW_REFRESH_TOKEN_AUTH" in settings["ExplicitAuthFlows"]:
        raise InvalidParameterException(
            "Refresh token rotation cannot be enabled together with ALLOW_REFRESH_TOKEN_AUTH."
        )


def _check_lifetimes(settings: Mapping[str, Any]) -> None:
    seconds = {
        token: settings[f"{token}Validity"] * _UNIT_SECONDS[settings["TokenValidityUnits"][token]]
        for token in _LIMITS
    }
    for token, (least, most) in _LIMITS.items():
        if not least <= seconds[token] <= most:
            raise InvalidParameterException(f"Invalid range for token validity: {token}Validity")
    if max(seconds["AccessToken"], seconds["IdToken"]) > seconds["RefreshToken"]:
        raise InvalidParameterException(
            "Access and ID token validity cannot be longer than refresh token validity."
        )


def _check_oauth(pool: Pool, settings: Mapping[str, Any], secret: str | None) -> None:
    flows, scopes = set(settings.get("AllowedOAuthFlows") or ()), settings.get("AllowedOAuthScopes") or ()
    if settings["AllowedOAuthFlowsUserPoolClient"] and not (flows and scopes):
        raise InvalidParameterException(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use "
            "OAuth flows."
        )
    if "client_credentials" in flows:
        if len(flows) > 1:
            raise InvalidOAuthFlowException(
                "client_credentials flow can not be selected along with code or implicit."
            )
        if secret is None:
            raise InvalidOAuthFlowException(
                "client_credentials flow can not be selected if client does not have a secret."
            )
        for scope in scopes:
            if scope in oauth_scopes.STANDARD:
                raise InvalidOAuthFlowException(f"{scope} is not supported with client_credentials flow.")
    for scope in scopes:
        if scope not in oauth_scopes.STANDARD and scope not in resource_servers.scopes(pool):
            raise ScopeDoesNotExistException(f"Scope {scope} does not exist.")


def _check_urls(settings: Mapping[str, Any]) -> None:
    for name in ("CallbackURLs", "LogoutURLs"):
        for url in settings.get(name) or ():
            parts = urlsplit(url)
            local = parts.hostname in ("localhost", "127.0.0.1", "::1")
            if not parts.scheme or parts.fragment or "#" in url or (parts.scheme == "http" and not local):
                raise InvalidParameterException(f"{url} is not a valid URL for {name}.")
    default = settings.get("DefaultRedirectURI")
    if default and default not in (settings.get("CallbackURLs") or ()):
        raise InvalidParameterException("DefaultRedirectURI must be in the list of CallbackURLs.")


def describe(client: Client) -> Settings:
    """UserPoolClientType, as DescribeUserPoolClient answers it."""
    shown = {name: value for name, value in client.settings.items() if name not in SECRETS[1:]}
    return {
        **shown,
        "UserPoolId": client.pool_id,
        "ClientId": client.id,
        "CreationDate": client.created_at,
        "LastModifiedDate": client.modified_at,
    }


async def change(ctx: Context, client: Client, apply: Callable[[Client], Settings]) -> Client:
    """Replace a client's settings by what ``apply`` makes of the client as it is stored then.

    Returns the changed client. Raises ResourceNotFoundException if it was deleted meanwhile, and what ``apply``
    raises.
    """
    now = ctx.clock.now()

    def write(tx: Transaction) -> Client:
        fresh = client_by_id(tx, client.id)
        if fresh is None:
            raise ResourceNotFoundException(f"User pool client {client.id} does not exist.")
        changed = replace(fresh, settings=apply(fresh), modified_at=now)
        save(tx, changed, orjson.dumps(changed.settings).decode())
        return changed

    return await ctx.store.write(write)


def save(tx: Transaction, client: Client, settings: str) -> None:
    """Store a client with its settings as JSON; creates it if it is new."""
    tx.execute(
        """INSERT INTO cognito_idp_clients (client_id, user_pool_id, settings, created_at, modified_at)
           VALUES (:id, :pool, :settings, :created, :now)
           ON CONFLICT (client_id) DO UPDATE SET settings = :settings, modified_at = :now""",
        {
            "id": client.id,
            "pool": client.pool_id,
            "settings": settings,
            "created": client.created_at,
            "now": client.modified_at,
        },
    )
