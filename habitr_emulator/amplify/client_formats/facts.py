"""What every format says in its own words: ids, addresses, and how people sign in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from habitr_emulator.amplify.backend import Backend
from habitr_emulator.services.cognito_idp.spec import AppClient, UserPool

#: How an Android emulator reaches the machine that it runs on.
ANDROID = "10.0.2.2"
_CHARACTERS = {
    "RequireLowercase": "REQUIRES_LOWERCASE",
    "RequireUppercase": "REQUIRES_UPPERCASE",
    "RequireNumbers": "REQUIRES_NUMBERS",
    "RequireSymbols": "REQUIRES_SYMBOLS",
}
_FACTORS = {"SmsMfaConfiguration": "SMS", "SoftwareTokenMfaConfiguration": "TOTP"}


@dataclass(frozen=True)
class OAuth:
    """The hosted UI: ``domain`` has no scheme, ``providers`` are Cognito's names."""

    domain: str
    scopes: list[str]
    sign_in: list[str]
    sign_out: list[str]
    response_type: str
    providers: list[str]


@dataclass(frozen=True)
class SignIn:
    """How people sign in: Amplify's client for apps and that for pages; what names people (in capitals, none for
    user names), what a sign-up must give, where codes go; passwords, factors, groups; whether guests may.
    """

    user_pool_id: str
    app: AppClient
    web: AppClient
    identity_pool_id: str | None
    guests: bool
    names: list[str]
    required: list[str]
    verified: list[str]
    password_policy: Mapping[str, Any]
    password_characters: list[str]
    mfa: str
    factors: list[str]
    groups: list[tuple[str, int]]
    oauth: OAuth | None


@dataclass(frozen=True)
class GraphqlFacts:
    """The first GraphQL API; ``modes`` are authentication types, the default first."""

    name: str
    url: str
    modes: list[str]
    api_key: str | None


@dataclass(frozen=True)
class Facts:
    """A backend as one kind of client sees it. ``local``: clients are told ``address``, the emulator's URL as the
    target reaches it; else they keep the production addresses, behind the CONNECT door or a host mapping.
    ``config`` is what ``/_habitr/config`` says.
    """

    region: str
    target: str
    local: bool
    address: str
    sign_in: SignIn | None
    graphql: GraphqlFacts | None
    rest_urls: Mapping[str, str]
    bucket: str | None
    pinpoint_app_id: str | None
    config: Mapping[str, Any]


def facts(backend: Backend, config: Mapping[str, Any], target: str, hosts: str) -> Facts:
    """What a client of ``target`` is to know."""
    endpoint = urlsplit(str(config["endpoint"]))
    address = f"{endpoint.scheme}://{ANDROID}:{endpoint.port}" if target == "android" else str(config["endpoint"])
    local = hosts == "local"
    return Facts(
        backend.region,
        target,
        local,
        address,
        _sign_in(backend, address if local else None),
        _graphql(backend, address if local else None),
        _rest_urls(backend, address if local else None),
        backend.config.get("bucket"),
        backend.config.get("pinpoint_app_id"),
        config,
    )


def _sign_in(backend: Backend, address: str | None) -> SignIn | None:
    if not backend.user_pools:
        return None
    pool = backend.user_pools[0]
    settings, policy = pool.settings, pool.settings["Policies"]["PasswordPolicy"]
    names = settings.get("UsernameAttributes") or settings.get("AliasAttributes") or ()
    identity = backend.identity_pools[0] if backend.identity_pools else None
    return SignIn(
        pool.user_pool_id,
        _client(pool, "app_client"),
        _client(pool, "app_clientWeb"),
        identity.identity_pool_id if identity else None,
        bool(identity and identity.settings.get("AllowUnauthenticatedIdentities")),
        [str(name).upper() for name in names],
        [each["Name"] for each in settings.get("Schema") or ()],
        list(settings.get("AutoVerifiedAttributes") or ()),
        policy,
        [word for name, word in _CHARACTERS.items() if policy.get(name)],
        str(settings.get("MfaConfiguration", "OFF")),
        [word for name, word in _FACTORS.items() if name in pool.factors],
        [(group["GroupName"], group["Precedence"]) for group in pool.groups],
        _oauth(backend, pool, address),
    )


def _client(pool: UserPool, suffix: str) -> AppClient:
    """One of the two clients that Amplify makes."""
    return next(each for each in pool.clients if each.settings["ClientName"].endswith(f"_{suffix}"))


def _oauth(backend: Backend, pool: UserPool, address: str | None) -> OAuth | None:
    settings = _client(pool, "app_clientWeb").settings
    if not pool.domain:
        return None
    aws = f"{pool.domain}.auth.{backend.region}.amazoncognito.com"
    return OAuth(
        urlsplit(address).netloc if address else aws,
        list(settings.get("AllowedOAuthScopes") or ()),
        list(settings.get("CallbackURLs") or ()),
        list(settings.get("LogoutURLs") or ()),
        "code" if "code" in (settings.get("AllowedOAuthFlows") or ["code"]) else "token",
        [each["ProviderName"] for each in pool.identity_providers],
    )


def _graphql(backend: Backend, address: str | None) -> GraphqlFacts | None:
    if not backend.api_sources:
        return None
    source = backend.api_sources[0]
    aws = f"https://{source.api_id}.appsync-api.{backend.region}.amazonaws.com"
    modes: list[str] = [mode.type for mode in source.modes]
    return GraphqlFacts(
        source.resource, f"{address or aws}/graphql", modes, source.api_key if "API_KEY" in modes else None
    )


def _rest_urls(backend: Backend, address: str | None) -> dict[str, str]:
    """Name to URL of every REST API."""
    found = {}
    for api in backend.rest_apis:
        if address is None:
            found[api.name] = f"https://{api.api_id}.execute-api.{backend.region}.amazonaws.com/{api.stage}"
        elif len(backend.rest_apis) == 1:
            found[api.name] = f"{address}/{api.stage}"
        else:
            found[api.name] = f"{address}/restapis/{api.api_id}/{api.stage}/_user_request_"
    return found
