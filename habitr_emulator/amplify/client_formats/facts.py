"""What every format says in its own words: ids, addresses, and how people sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Facts:
    """A backend as one kind of client sees it. ``hosts`` is ``local``, or ``aws`` for clients behind the CONNECT
    door or a host mapping, which keep the production addresses; ``config`` is what ``/_habitr/config`` says.
    """

    backend: Backend
    endpoint: str
    target: str = "web"
    hosts: str = "local"
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def region(self) -> str:
        """The region."""
        return self.backend.region

    @property
    def address(self) -> str:
        """The emulator's URL, as the target reaches it."""
        if self.target != "android":
            return self.endpoint
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{ANDROID}:{parts.port}"

    @property
    def local(self) -> bool:
        """Whether clients are told the emulator's own address."""
        return self.hosts == "local"

    @property
    def pool(self) -> UserPool | None:
        """The project's user pool."""
        return self.backend.user_pools[0] if self.backend.user_pools else None

    def client(self, suffix: str) -> AppClient | None:
        """``app_client`` is Amplify's client for apps, ``app_clientWeb`` that for pages."""
        clients = self.pool.clients if self.pool else ()
        return next((each for each in clients if each.settings["ClientName"].endswith(f"_{suffix}")), None)

    @property
    def identity_pool_id(self) -> str | None:
        """The identity pool, if the project has one."""
        pools = self.backend.identity_pools
        return pools[0].identity_pool_id if pools else None

    @property
    def guests(self) -> bool:
        """Whether guests get credentials."""
        pools = self.backend.identity_pools
        return bool(pools) and bool(pools[0].settings.get("AllowUnauthenticatedIdentities"))

    @property
    def graphql_modes(self) -> list[str]:
        """The authentication types of the first GraphQL API, the default first."""
        sources = self.backend.api_sources
        return [mode.type for mode in sources[0].modes] if sources else []

    @property
    def graphql_url(self) -> str:
        """Where the first GraphQL API answers."""
        if self.local:
            return f"{self.address}/graphql"
        return f"https://{self.backend.config['graphql_api_id']}.appsync-api.{self.region}.amazonaws.com/graphql"

    def rest_urls(self) -> dict[str, str]:
        """Name to URL of every REST API."""
        found = {}
        for api in self.backend.rest_apis:
            if not self.local:
                found[api.name] = f"https://{api.api_id}.execute-api.{self.region}.amazonaws.com/{api.stage}"
            elif len(self.backend.rest_apis) == 1:
                found[api.name] = f"{self.address}/{api.stage}"
            else:
                found[api.name] = f"{self.address}/restapis/{api.api_id}/{api.stage}/_user_request_"
        return found

    def oauth(self, suffix: str) -> dict[str, Any]:
        """The hosted UI's settings of a client; empty without a hosted UI. ``domain`` has no scheme."""
        client = self.client(suffix)
        if self.pool is None or not self.pool.domain or client is None:
            return {}
        settings = client.settings
        aws = f"{self.pool.domain}.auth.{self.region}.amazoncognito.com"
        flows = settings.get("AllowedOAuthFlows") or ["code"]
        return {
            "domain": urlsplit(self.address).netloc if self.local else aws,
            "scopes": list(settings.get("AllowedOAuthScopes") or ()),
            "sign_in": list(settings.get("CallbackURLs") or ()),
            "sign_out": list(settings.get("LogoutURLs") or ()),
            "response_type": "code" if "code" in flows else "token",
            "providers": [each["ProviderName"] for each in self.pool.identity_providers],
        }

    @property
    def username_attributes(self) -> list[str]:
        """What people sign in with, in capitals; empty for user names."""
        settings = self.pool.settings if self.pool else {}
        found = settings.get("UsernameAttributes") or settings.get("AliasAttributes") or ()
        return [str(name).upper() for name in found]

    @property
    def required_attributes(self) -> list[str]:
        """The attributes that a sign-up must give."""
        return [each["Name"] for each in (self.pool.settings.get("Schema") or ())] if self.pool else []

    @property
    def verified_attributes(self) -> list[str]:
        """The attributes that a code is sent to."""
        return list(self.pool.settings.get("AutoVerifiedAttributes") or ()) if self.pool else []

    @property
    def password_policy(self) -> dict[str, Any]:
        """PasswordPolicy of the pool."""
        return dict(self.pool.settings["Policies"]["PasswordPolicy"]) if self.pool else {}

    @property
    def password_characters(self) -> list[str]:
        """The classes that a password must have, in the words of Amplify's clients."""
        return [word for name, word in _CHARACTERS.items() if self.password_policy.get(name)]

    @property
    def mfa(self) -> tuple[str, list[str]]:
        """``OFF``, ``OPTIONAL`` or ``ON``, and the factors: ``SMS``, ``TOTP``."""
        if self.pool is None:
            return "OFF", []
        words = {"SmsMfaConfiguration": "SMS", "SoftwareTokenMfaConfiguration": "TOTP"}
        factors = [word for name, word in words.items() if name in self.pool.factors]
        return str(self.pool.settings.get("MfaConfiguration", "OFF")), factors

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The pool's groups, as CreateGroup takes them."""
        return [dict(group) for group in self.pool.groups] if self.pool else []

    def id(self, name: str) -> str | None:
        """An id that ``/_habitr/config`` names."""
        found = self.backend.config.get(name)
        return found or None
