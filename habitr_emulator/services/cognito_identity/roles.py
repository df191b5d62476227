"""Which role an identity gets.

https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.cognito_identity.errors import (
    InvalidIdentityPoolConfigurationException,
    InvalidParameterException,
    NotAuthorizedException,
)
from habitr_emulator.services.cognito_identity.logins import Login
from habitr_emulator.services.cognito_identity.pools import Pool

MOST_RULES = 25


def choose(pool: Pool, login: Login | None, custom_role: str | None) -> str:
    """The ARN of the role for a guest (no login) or a login.

    Raises NotAuthorizedException if the mapping denies, InvalidIdentityPoolConfigurationException without a role.
    """
    mapping = _mapping(pool, login) if login else None
    if login is None or mapping is None:
        if custom_role:
            raise NotAuthorizedException(
                "You are not authorized to assume this role.", why="the pool has no role mapping by token"
            )
        return _role(pool, "authenticated" if login else "unauthenticated")
    found = _by_rules(mapping, login) if mapping["Type"] == "Rules" else _by_token(login, custom_role)
    if found is not None:
        return found
    if mapping.get("AmbiguousRoleResolution") == "Deny":
        raise NotAuthorizedException(
            "Token does not contain a role or no rule matched.", why="AmbiguousRoleResolution is Deny"
        )
    return _role(pool, "authenticated")


def check(roles: Mapping[str, str], mappings: Mapping[str, Any]) -> None:
    """Raise InvalidParameterException for roles or role mappings that a pool cannot have."""
    if set(roles) - {"authenticated", "unauthenticated"}:
        raise InvalidParameterException("Roles can only have the keys authenticated and unauthenticated.")
    for name, mapping in mappings.items():
        rules = (mapping.get("RulesConfiguration") or {}).get("Rules") or ()
        if not mapping.get("AmbiguousRoleResolution"):
            raise InvalidParameterException(f"AmbiguousRoleResolution is required for role mapping {name}.")
        if (mapping["Type"] == "Rules") != bool(rules):
            raise InvalidParameterException(f"RulesConfiguration goes with the type Rules: role mapping {name}.")
        if len(rules) > MOST_RULES:
            raise InvalidParameterException(f"A role mapping can have {MOST_RULES} rules at most.")


def _mapping(pool: Pool, login: Login) -> Mapping[str, Any] | None:
    """The role mapping of a login's provider and client; CloudFormation names it in IdentityProvider instead."""
    name = f"{login.provider}:{login.claims.get('aud')}"
    for key, mapping in pool.role_mappings.items():
        if mapping.get("IdentityProvider", key) in (name, login.provider):
            return mapping  # type: ignore[no-any-return]
    return None


def _role(pool: Pool, kind: str) -> str:
    role = pool.roles.get(kind)
    if not role:
        raise InvalidIdentityPoolConfigurationException(why=f"the identity pool has no {kind} role")
    return role


def _by_token(login: Login, custom_role: str | None) -> str | None:
    if custom_role is not None:
        if custom_role not in login.claims.get("cognito:roles", ()):
            raise NotAuthorizedException(
                "You are not authorized to assume this role.", why="the token's cognito:roles do not name it"
            )
        return custom_role
    preferred = login.claims.get("cognito:preferred_role")
    return str(preferred) if preferred else None


def _by_rules(mapping: Mapping[str, Any], login: Login) -> str | None:
    for rule in (mapping.get("RulesConfiguration") or {}).get("Rules") or ():
        if _matches(rule, login.claims.get(rule["Claim"])):
            return str(rule["RoleARN"])
    return None


def _matches(rule: Mapping[str, str], claim: Any) -> bool:
    if claim is None:
        return False
    # guess: a list matches if one of its elements does
    texts = [_text(element) for element in claim] if isinstance(claim, list) else [_text(claim)]
    value, kind = rule["Value"], rule["MatchType"]
    if kind == "NotEqual":
        return value not in texts
    tests = {"Equals": str.__eq__, "Contains": str.__contains__, "StartsWith": str.startswith}
    return any(tests[kind](text, value) for text in texts)


def _text(claim: Any) -> str:
    return str(claim).lower() if isinstance(claim, bool) else str(claim)
