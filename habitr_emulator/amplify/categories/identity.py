"""The identity pool of an auth resource, and the roles that its identities take."""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.amplify.place import Place
from habitr_emulator.amplify.shapes import flag, text, texts
from habitr_emulator.services.cognito_identity.spec import IdentityPool
from habitr_emulator.services.cognito_idp.spec import UserPool
from habitr_emulator.services.iam.spec import Role

_FEDERATED = "cognito-identity.amazonaws.com"
_LOGINS = {
    "graph.facebook.com": "facebookAppId",
    "accounts.google.com": "googleClientId",
    "www.amazon.com": "amazonAppId",
    "appleid.apple.com": "appleAppId",
}


def read(
    place: Place, resource: str, given: Mapping[str, Any], user_pool: UserPool
) -> tuple[IdentityPool | None, tuple[Role, ...]]:
    """The identity pool (None if the project has user pools only) and its two roles."""
    if given.get("authSelections") == "userPoolOnly":
        return None, ()
    identity_pool_id = pool_id(place, resource, given)
    issuer = f"cognito-idp.{place.region}.amazonaws.com/{user_pool.user_pool_id}"
    clients = [client.client_id for client in user_pool.clients]
    names = {kind: place.role_name(kind) for kind in ("authRole", "unauthRole")}
    pool = IdentityPool(
        identity_pool_id,
        {
            "IdentityPoolName": f"{text(given.get('identityPoolName'), resource)}__{place.environment}",
            "AllowUnauthenticatedIdentities": flag(given.get("allowUnauthenticatedIdentities")),
            **_login_providers(given),
            "CognitoIdentityProviders": [
                {"ProviderName": issuer, "ClientId": client, "ServerSideTokenCheck": False} for client in clients
            ],
        },
        {
            "authenticated": place.arn("iam", f"role/{names['authRole']}", region=False),
            "unauthenticated": place.arn("iam", f"role/{names['unauthRole']}", region=False),
        },
        {
            f"{issuer}:{client}": {"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"}
            for client in clients
        },
    )
    return pool, (
        Role(names["authRole"], trust(identity_pool_id, "authenticated")),
        Role(names["unauthRole"], trust(identity_pool_id, "unauthenticated")),
    )


def pool_id(place: Place, resource: str, given: Mapping[str, Any]) -> str:
    """An imported identity pool's own id, else one that follows from the names."""
    return text(given.get("identityPoolId")) or place.identity_pool_id(resource)


def _login_providers(given: Mapping[str, Any]) -> dict[str, Any]:
    """``authProviders`` of a pool that takes the tokens of Facebook, Google, Amazon and Apple themselves."""
    listed = texts(given.get("authProviders"))
    found = {
        provider: text(given.get(key))
        for provider, key in _LOGINS.items()
        if provider in listed and text(given.get(key))
    }
    return {"SupportedLoginProviders": found} if found else {}


def group_role(identity_pool_id: str, name: str) -> Role:
    """The role of a user pool group."""
    return Role(name, trust(identity_pool_id, "authenticated"))


def trust(identity_pool_id: str, kind: str) -> dict[str, Any]:
    """Who may take a role: identities of the pool, ``authenticated`` or ``unauthenticated``."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": _FEDERATED},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {f"{_FEDERATED}:aud": identity_pool_id},
                    "ForAnyValue:StringLike": {f"{_FEDERATED}:amr": kind},
                },
            }
        ],
    }
