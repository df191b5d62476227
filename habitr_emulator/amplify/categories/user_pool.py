"""The user pool of an auth resource: settings, app clients, social providers, the hosted UI's domain."""

from collections.abc import Iterator, Mapping
from typing import Any

from habitr_emulator.amplify.place import Place
from habitr_emulator.amplify.shapes import embedded, flag, items, mapping, number, text, texts
from habitr_emulator.services.cognito_idp.spec import AppClient

_SRP = ("ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")
_ADMIN = ("ALLOW_ADMIN_USER_PASSWORD_AUTH",)
_PASSWORD = ("ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH")
#: A class of characters -> the word for it, in ``Requires Lowercase`` as in ``REQUIRES_LOWERCASE``.
_CHARACTERS = {
    "RequireLowercase": "lowercase",
    "RequireUppercase": "uppercase",
    "RequireNumbers": "numbers",
    "RequireSymbols": "symbols",
}
_MESSAGES = {
    "EmailVerificationSubject": ("emailVerificationSubject", "Your verification code"),
    "EmailVerificationMessage": ("emailVerificationMessage", "Your verification code is {####}"),
    "SmsVerificationMessage": ("smsVerificationMessage", "Your verification code is {####}"),
    "SmsAuthenticationMessage": ("smsAuthenticationMessage", "Your authentication code is {####}"),
}
_STANDARD = (
    "address", "birthdate", "email", "family_name", "gender", "given_name", "locale", "middle_name", "name",
    "nickname", "phone_number", "picture", "preferred_username", "profile", "updated_at", "website", "zoneinfo",
)  # fmt: skip
_CONTACTS = ("email", "phone_number", "preferred_username")
_CODED = "{####}"
_PROVIDER_SCOPES = {
    "Facebook": "public_profile,email",
    "Google": "openid email profile",
    "LoginWithAmazon": "profile",
    "SignInWithApple": "email name",
}


def settings(place: Place, resource: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The pool's settings as CreateUserPool takes them, without triggers."""
    classes = [each.lower() for each in texts(given.get("passwordPolicyCharacters"))]
    policy: dict[str, Any] = {name: any(word in each for each in classes) for name, word in _CHARACTERS.items()}
    policy["MinimumLength"] = min(max(number(given.get("passwordPolicyMinLength"), 8), 6), 99)
    required = [name for name in dict.fromkeys(texts(given.get("requiredAttributes"))) if name in _STANDARD]
    made: dict[str, Any] = {
        "PoolName": f"{text(given.get('userPoolName'), resource)}-{place.environment}",
        "Policies": {"PasswordPolicy": policy},
        "Schema": [{"Name": name, "Required": True, "Mutable": True} for name in required] + _own(given),
        "AutoVerifiedAttributes": _contacts(given.get("autoVerifiedAttributes"), _CONTACTS[:2]),
        "MfaConfiguration": text(given.get("mfaConfiguration"), "OFF").upper() if factors(given) else "OFF",
    }
    if isinstance(given.get("usernameCaseSensitive"), (bool, str)):
        made["UsernameConfiguration"] = {"CaseSensitive": flag(given["usernameCaseSensitive"])}
    for name, (key, default) in _MESSAGES.items():
        message = text(given.get(key), default)
        made[name] = message if name.endswith("Subject") or _CODED in message else default
    names = _contacts(given.get("usernameAttributes"), _CONTACTS[:2])
    if names:
        made["UsernameAttributes"] = names
    elif _contacts(given.get("aliasAttributes"), _CONTACTS):
        made["AliasAttributes"] = _contacts(given.get("aliasAttributes"), _CONTACTS)
    if flag(given.get("adminCreateUserOnly")):
        made["AdminCreateUserConfig"] = {"AllowAdminCreateUserOnly": True}
    return made


def _own(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Attributes of the project's own, named where clients may read and write them (guess: they are texts)."""
    lists = ("userpoolClientReadAttributes", "userpoolClientWriteAttributes")
    named = dict.fromkeys(name for each in lists for name in texts(given.get(each)))
    own = [name.removeprefix("custom:") for name in named if name.startswith("custom:")]
    return [{"Name": name, "AttributeDataType": "String", "Mutable": True} for name in own if 0 < len(name) <= 20]


def own(attribute: Mapping[str, Any]) -> bool:
    """Whether a schema attribute is one of the project's own."""
    name = text(attribute.get("Name"))
    return bool(name) and name not in _STANDARD and "AttributeDataType" in attribute


def _contacts(value: Any, allowed: tuple[str, ...]) -> list[str]:
    found = dict.fromkeys(name.lower() for name in texts(value))
    return [name for name in found if name in allowed]


def factors(given: Mapping[str, Any]) -> dict[str, Any]:
    """``mfaTypes``, if MFA is on: on AWS a custom resource of Amplify's stack sets them."""
    if text(given.get("mfaConfiguration")).upper() not in ("ON", "OPTIONAL"):
        return {}
    kinds = texts(given.get("mfaTypes"))
    found: dict[str, Any] = {"SoftwareTokenMfaConfiguration": {"Enabled": True}} if "TOTP" in kinds else {}
    if any(kind.startswith("SMS") for kind in kinds) or not found:
        message = text(given.get("smsAuthenticationMessage"), _MESSAGES["SmsAuthenticationMessage"][1])
        found["SmsMfaConfiguration"] = {"SmsAuthenticationMessage": message}
    return found


def clients(place: Place, resource: str, given: Mapping[str, Any]) -> Iterator[AppClient]:
    """Amplify's two clients, and two for scripts and tests that a real project would add by hand.

    The load test signs in with the administrator's flow through the app client.
    """
    days = min(max(number(given.get("userpoolClientRefreshTokenValidity"), 30), 1), 3650)
    shared = {"RefreshTokenValidity": days, "TokenValidityUnits": {"RefreshToken": "days"}}
    shared |= _oauth(given) | _attributes(given)
    secret = place.client_id(resource, "app_client-secret") * 2
    hidden = secret[:52] if flag(given.get("userpoolClientGenerateSecret")) else None
    for suffix, flows in (("app_client", _SRP + _ADMIN), ("app_clientWeb", _SRP), ("script", _SRP + _PASSWORD)):
        yield AppClient(
            client_id(place, resource, given, suffix),
            {"ClientName": f"{resource}_{suffix}", "ExplicitAuthFlows": [*flows], **shared},
            hidden if suffix == "app_client" else None,
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


def _attributes(given: Mapping[str, Any]) -> dict[str, Any]:
    """What clients may read and write, if the project says that it is limited."""
    if not flag(given.get("userpoolClientSetAttributes")):
        return {}
    both = {"ReadAttributes": "userpoolClientReadAttributes", "WriteAttributes": "userpoolClientWriteAttributes"}
    return {name: texts(given.get(key)) for name, key in both.items() if texts(given.get(key))}


def client_id(place: Place, resource: str, given: Mapping[str, Any], suffix: str) -> str:
    """An imported pool's own client id, else one that follows from the names."""
    native, web = text(given.get("nativeClientId")), text(given.get("webClientId"))
    imported = {"app_client": native if native != web else "", "app_clientWeb": web}.get(suffix)
    return imported or place.client_id(resource, suffix)


def _oauth(given: Mapping[str, Any]) -> dict[str, Any]:
    metadata = mapping(embedded(given.get("oAuthMetadata")))
    if not (domain_name(given) and metadata):
        return {"SupportedIdentityProviders": ["COGNITO"]}
    known = [name for name in texts(given.get("authProvidersUserPool")) if name != "COGNITO"]
    listed = [name for name in _provider_names(given) if name in known] if known else []
    flows = texts(metadata.get("AllowedOAuthFlows")) or ["code"]
    return {
        "SupportedIdentityProviders": [*listed, "COGNITO"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": flows,
        "AllowedOAuthScopes": texts(metadata.get("AllowedOAuthScopes")),
        "CallbackURLs": _urls(metadata.get("CallbackURLs")),
        "LogoutURLs": _urls(metadata.get("LogoutURLs")),
    }


def _urls(value: Any) -> list[str]:
    return [url for url in dict.fromkeys(texts(value)) if ":" in url]


def _provider_names(given: Mapping[str, Any]) -> list[str]:
    listed = items(embedded(given.get("hostedUIProviderMeta")))
    return [text(mapping(each).get("ProviderName")) for each in listed]


def providers(place: Place, resource: str, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The social providers, with made-up credentials where the project keeps none."""
    listed = (mapping(each) for each in items(embedded(given.get("hostedUIProviderCreds"))))
    secrets = {text(each.get("ProviderName")): each for each in listed}
    seen: set[str] = set()
    for item in map(mapping, items(embedded(given.get("hostedUIProviderMeta")))):
        name = text(item.get("ProviderName"))
        if name not in _PROVIDER_SCOPES or name in seen:
            continue
        seen.add(name)
        known = secrets.get(name) or {}
        yield {
            "ProviderName": name,
            "ProviderType": name,
            "ProviderDetails": {
                "client_id": text(known.get("client_id")) or place.client_id(resource, f"{name}-client"),
                "client_secret": text(known.get("client_secret")) or place.client_id(resource, f"{name}-secret"),
                "authorize_scopes": text(item.get("authorize_scopes"), _PROVIDER_SCOPES[name]),
            },
            "AttributeMapping": _attribute_mapping(item.get("AttributeMapping")),
        }


def _attribute_mapping(value: Any) -> dict[str, str]:
    return {name: found for name, found in mapping(value).items() if isinstance(found, str)}


def domain_name(given: Mapping[str, Any]) -> str:
    """The hosted UI's prefix as the project names it, "" if it has no hosted UI."""
    return text(given.get("hostedUIDomainName")) if flag(given.get("hostedUI")) else ""


def domain(place: Place, given: Mapping[str, Any]) -> str | None:
    """The hosted UI's prefix in this environment."""
    name = domain_name(given)
    return f"{name}-{place.environment}" if name else None
