"""PreTokenGeneration: changes claims, groups and scopes of the tokens about to be made.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.services.cognito_idp.errors import InvalidLambdaResponseException
from habitr_emulator.services.cognito_idp.groups import Standing
from habitr_emulator.services.cognito_idp.triggers import Occasion, expect, fire, function_of, user_attributes

_KEY = "PreTokenGeneration"
_FIXED = frozenset({
    "acr", "amr", "at_hash", "aud", "auth_time", "azp", "cognito:username", "exp", "iat", "identities", "iss",
    "jti", "nbf", "nonce", "origin_jti", "sub", "token_use",
})  # fmt: skip
_FIXED_IN_ACCESS = _FIXED | {"client_id", "username", "event_id", "device_key", "scope", "version"}
_GROUP_CLAIMS = ("cognito:groups", "cognito:roles", "cognito:preferred_role")


@dataclass(frozen=True, slots=True)
class Override:
    """What the trigger changes in one kind of token."""

    add: Mapping[str, Any] = field(default_factory=dict)
    suppress: frozenset[str] = frozenset()
    add_scopes: tuple[str, ...] = ()
    suppress_scopes: frozenset[str] = frozenset()

    def id_claims(self, claims: dict[str, Any]) -> dict[str, Any]:
        """The claims of an ID token with the changes made."""
        return self._apply(claims, _FIXED)

    def access_claims(self, claims: dict[str, Any]) -> dict[str, Any]:
        """The claims of an access token with the changes made."""
        scopes = [scope for scope in claims["scope"].split() if scope not in self.suppress_scopes]
        scopes += [scope for scope in self.add_scopes if scope not in scopes]
        return self._apply({**claims, "scope": " ".join(scopes)}, _FIXED_IN_ACCESS)

    def _apply(self, claims: dict[str, Any], fixed: frozenset[str]) -> dict[str, Any]:
        suppressed = set(self.suppress)
        if "cognito:groups" in suppressed:
            suppressed.update(_GROUP_CLAIMS)
        changed = claims | {name: value for name, value in self.add.items() if name not in fixed}
        return {name: value for name, value in changed.items() if name in fixed or name not in suppressed}


@dataclass(frozen=True, slots=True)
class Overrides:
    """The trigger's whole answer."""

    standing: Standing
    id: Override = Override()
    access: Override = Override()


async def pre_token_generation(
    occasion: Occasion, source: str, standing: Standing, scopes: list[str]
) -> Overrides:
    """Fire ``TokenGeneration_<source>`` in the version that the pool asks for; raises what ``fire`` raises."""
    if function_of(occasion.pool, _KEY) is None:
        return Overrides(standing)
    config = occasion.pool.settings["LambdaConfig"].get("PreTokenGenerationConfig") or {}
    version = {"V2_0": "2", "V3_0": "3"}.get(config.get("LambdaVersion", ""), "1")
    request: dict[str, Any] = {
        "userAttributes": user_attributes(occasion),
        "groupConfiguration": {
            "groupsToOverride": list(standing.groups),
            "iamRolesToOverride": list(standing.roles),
            "preferredRole": standing.preferred_role,
        },
        "clientMetadata": dict(occasion.metadata),
    }
    member = "claimsOverrideDetails" if version == "1" else "claimsAndScopeOverrideDetails"
    if version != "1":
        request["scopes"] = scopes
    answer = await fire(occasion, f"TokenGeneration_{source}", request, {member: None}, version)
    details = expect(_KEY, answer.get(member), dict) or {}
    return _first(details, standing) if version == "1" else _second(details, standing)


def _first(details: Mapping[str, Any], standing: Standing) -> Overrides:
    override = _override(details)
    if any(not isinstance(value, str) for value in override.add.values()):
        raise InvalidLambdaResponseException(why="a version 1 event takes claims of type string only")
    return Overrides(_standing(details, standing), override)


def _second(details: Mapping[str, Any], standing: Standing) -> Overrides:
    id_token = expect(_KEY, details.get("idTokenGeneration"), dict) or {}
    access = expect(_KEY, details.get("accessTokenGeneration"), dict) or {}
    return Overrides(_standing(details, standing), _override(id_token), _override(access))


def _override(details: Mapping[str, Any]) -> Override:
    def strings(name: str) -> list[str]:
        return expect(_KEY, details.get(name), list) or []

    return Override(
        add=expect(_KEY, details.get("claimsToAddOrOverride"), dict) or {},
        suppress=frozenset(strings("claimsToSuppress")),
        add_scopes=tuple(strings("scopesToAdd")),
        suppress_scopes=frozenset(strings("scopesToSuppress")),
    )


def _standing(details: Mapping[str, Any], standing: Standing) -> Standing:
    given = expect(_KEY, details.get("groupOverrideDetails"), dict)
    if not given:
        return standing
    return Standing(
        tuple(expect(_KEY, given.get("groupsToOverride"), list) or ()),
        tuple(expect(_KEY, given.get("iamRolesToOverride"), list) or ()),
        expect(_KEY, given.get("preferredRole"), str),
    )
