"""The auth category: ``backend/auth/<resource>`` -> a user pool, an identity pool and their roles.

https://docs.amplify.aws/gen1/javascript/build-a-backend/auth/
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.amplify.categories import identity
from habitr_emulator.amplify.files import read_json
from habitr_emulator.amplify.place import Place
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.cognito_identity.spec import IdentityPool
from habitr_emulator.services.cognito_idp.spec import AppClient, UserPool
from habitr_emulator.services.iam.spec import Role

_SRP = ("ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
_ADMIN = ("ALLOW_ADMIN_USER_PASSWORD_AUTH",)
_PASSWORD = ("ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH")
_CHARACTERS = {
    "RequireLowercase": "Requires Lowercase",
    "RequireUppercase": "Requires Uppercase",
    "RequireNumbers": "Requires Numbers",
    "RequireSymbols": "Requires Symbols",
}


@dataclass(frozen=True, slots=True)
class Auth:
    """What one auth resource makes; ``config`` are its ids for clients."""

    user_pool: UserPool
    identity_pool: IdentityPool | None
    roles: tuple[Role, ...]
    config: Mapping[str, str]


def read(place: Place, resource: str) -> Auth:
    """Read ``cli-inputs.json`` (or ``parameters.json``) of an auth resource. Raises ProjectError."""
    given = _parameters(place, resource)
    pool_id = place.user_pool_id(resource)
    clients = tuple(_clients(place, resource, given))
    groups = list(_groups(place, given))
    user_pool = UserPool(
        pool_id,
        _pool_settings(place, resource, given),
        clients,
        tuple(
            {
                "GroupName": name,
                "Precedence": precedence,
                "RoleArn": place.arn("iam", f"role/{role}", region=False),
            }
            for name, precedence, role in groups
        ),
        tuple(_providers(place, resource, given)),
        domain=_domain(place, given),
    )
    pool, roles = identity.read(place, resource, given, user_pool)
    roles = (*roles, *(identity.group_role(place, resource, role) for _, _, role in groups))
    return Auth(user_pool, pool, roles, _config(user_pool, pool))


def _parameters(place: Place, resource: str) -> dict[str, Any]:
    folder = place.folder / "auth" / resource
    inputs = read_json(folder / "cli-inputs.json")
    given = inputs.get("cognitoConfig") if inputs else read_json(folder / "parameters.json")
    if given is None:
        raise ProjectError("neither cli-inputs.json nor parameters.json is there", file=str(folder))
    return {**given, **place.parameters("auth", resource)}


def _pool_settings(place: Place, resource: str, given: Mapping[str, Any]) -> dict[str, Any]:
    classes = given.get("passwordPolicyCharacters") or []
    policy: dict[str, Any] = {name: text in classes for name, text in _CHARACTERS.items()}
    policy["MinimumLength"] = int(given.get("passwordPolicyMinLength") or 8)
    required = given.get("requiredAttributes") or []
    settings: dict[str, Any] = {
        "PoolName": f"{given.get('userPoolName') or resource}-{place.environment}",
        "Policies": {"PasswordPolicy": policy},
        "Schema": [{"Name": name, "Required": True, "Mutable": True} for name in required],
        "AutoVerifiedAttributes": given.get("autoVerifiedAttributes") or [],
        "MfaConfiguration": given.get("mfaConfiguration") or "OFF",
        "UsernameConfiguration": {"CaseSensitive": bool(given.get("usernameCaseSensitive", False))},
        "EmailVerificationSubject": given.get("emailVerificationSubject") or "Your verification code",
        "EmailVerificationMessage": given.get("emailVerificationMessage") or "Your verification code is {####}",
        "LambdaConfig": _triggers(place, resource, given),
    }
    for name, key in (("AliasAttributes", "aliasAttributes"), ("UsernameAttributes", "usernameAttributes")):
        if given.get(key):
            settings[name] = [str(item).lower() for item in given[key]]
    return settings


def _triggers(place: Place, resource: str, given: Mapping[str, Any]) -> dict[str, str]:
    """``triggers`` names the triggers; Amplify calls their functions ``<resource><Trigger>``."""
    triggers = given.get("triggers") or {}
    named = json.loads(triggers) if isinstance(triggers, str) else triggers
    return {
        trigger: place.arn("lambda", f"function:{resource}{trigger}-{place.environment}")
        for trigger in named or {}
    }


def _clients(place: Place, resource: str, given: Mapping[str, Any]) -> Iterator[AppClient]:
    """Amplify's two clients, and two for scripts and tests that a real project would add by hand.

    The load test signs in with the administrator's flow through the app client.
    """
    refresh = int(given.get("userpoolClientRefreshTokenValidity") or 30)
    shared = {
        "RefreshTokenValidity": refresh,
        "TokenValidityUnits": {"RefreshToken": "days"},
        **_oauth(given),
    }
    for suffix, flows in (("app_client", _SRP + _ADMIN), ("app_clientWeb", _SRP), ("script", _SRP + _PASSWORD)):
        name = f"{resource}_{suffix}"
        yield AppClient(
            place.client_id(resource, suffix), {"ClientName": name, "ExplicitAuthFlows": [*flows], **shared}
        )
    yield AppClient(
        place.client_id(resource, "short_lived"),
        {
            "ClientName": f"{resource}_short_lived",
            "ExplicitAuthFlows": [*_SRP, *_PASSWORD],
            **shared,
            "AccessTokenValidity": 1,
            "IdTokenValidity": 1,
            "TokenValidityUnits": {"RefreshToken": "days", "AccessToken": "minutes", "IdToken": "minutes"},
        },
    )


def _oauth(given: Mapping[str, Any]) -> dict[str, Any]:
    metadata = _embedded(given.get("oAuthMetadata"))
    if not given.get("hostedUI") or not metadata:
        return {"SupportedIdentityProviders": ["COGNITO"]}
    providers = given.get("authProvidersUserPool") or []
    return {
        "SupportedIdentityProviders": [*providers, "COGNITO"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": metadata.get("AllowedOAuthFlows") or [],
        "AllowedOAuthScopes": metadata.get("AllowedOAuthScopes") or [],
        "CallbackURLs": metadata.get("CallbackURLs") or [],
        "LogoutURLs": metadata.get("LogoutURLs") or [],
    }


def _embedded(value: Any) -> Any:
    """Amplify keeps some values as JSON inside JSON."""
    return json.loads(value) if isinstance(value, str) and value else (value or {})


def _groups(place: Place, given: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    """(name, precedence, role name) of every group."""
    pool = place.folder / "auth" / "userPoolGroups" / "user-pool-group-precedence.json"
    listed = read_json(pool)
    if listed is None:
        names = given.get("userPoolGroupList") or []
        listed = [{"groupName": name, "precedence": place_ + 1} for place_, name in enumerate(names)]
    for group in listed:
        name = group["groupName"]
        yield name, int(group["precedence"]), f"{place.project}-{place.environment}-{name}GroupRole"


def _providers(place: Place, resource: str, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    secrets = {item["ProviderName"]: item for item in _embedded(given.get("hostedUIProviderCreds") or "[]")}
    for item in _embedded(given.get("hostedUIProviderMeta") or "[]"):
        name = item["ProviderName"]
        known = secrets.get(name) or {}
        yield {
            "ProviderName": name,
            "ProviderType": name,
            "ProviderDetails": {
                "client_id": known.get("client_id") or place.client_id(resource, f"{name}-client"),
                "client_secret": known.get("client_secret") or place.client_id(resource, f"{name}-secret"),
                "authorize_scopes": item.get("authorize_scopes") or "",
            },
            "AttributeMapping": item.get("AttributeMapping") or {},
        }


def _domain(place: Place, given: Mapping[str, Any]) -> str | None:
    name = given.get("hostedUIDomainName")
    return f"{name}-{place.environment}" if given.get("hostedUI") and name else None


def _config(user_pool: UserPool, pool: IdentityPool | None) -> dict[str, str]:
    mobile, web, script, short = (client.client_id for client in user_pool.clients)
    found = {
        "user_pool_id": user_pool.user_pool_id,
        "app_client_id": mobile,
        "web_client_id": web,
        "script_client_id": script,
        "short_lived_client_id": short,
    }
    if pool is not None:
        found["identity_pool_id"] = pool.identity_pool_id
    if user_pool.domain:
        found["hosted_ui_domain"] = user_pool.domain
    return found
