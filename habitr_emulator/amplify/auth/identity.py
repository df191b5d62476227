"""What a token says about its bearer, as ``@auth`` rules ask for it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.appsync.spec import ResolverContext

DELIMITER = "::"

Claims = Mapping[str, Any]
#: Raises Unauthorized unless the caller may go on.
Check = Callable[[ResolverContext], None]


def claims_of(ctx: ResolverContext) -> Claims:
    """The token's claims; none for an API key."""
    identity = ctx.identity
    return (identity.get("claims") or {}) if identity else {}


def claim(claims: Claims, name: str) -> Any:
    """One claim; ``username`` is ``cognito:username`` in an ID token."""
    value = claims.get(name)
    return claims.get("cognito:username") if value is None and name == "username" else value


@dataclass(frozen=True, slots=True)
class OwnerClaim:
    """An owner rule's claim: one claim, or several joined by ``::``, all of which must be there."""

    parts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "OwnerClaim":
        """``sub::username`` -> two parts."""
        return cls(tuple(text.split(DELIMITER)))

    @property
    def compound(self) -> bool:
        """Whether the stored value has several parts."""
        return len(self.parts) > 1

    def accepted(self, claims: Claims) -> list[Any]:
        """The values that name the caller: the full one first, then each part; empty if a claim is missing."""
        values = [claim(claims, part) for part in self.parts]
        if None in values:
            return []
        return [DELIMITER.join(map(str, values)), *values] if len(values) > 1 else values

    def bare(self, claims: Claims) -> Any:
        """The last part: what an owner field shows to readers and subscribers."""
        return claim(claims, self.parts[-1])


def groups(claims: Claims, name: str) -> list[Any]:
    """A group claim as a list; it may also be a JSON list in a string, or one name."""
    value = claims.get(name)
    if value is None:
        return []
    if not isinstance(value, str):
        return list(value)
    try:
        parsed = json.loads(value)
    except ValueError:
        return [value]
    return parsed if isinstance(parsed, list) else [value]


def names_caller(stored: Any, accepted: list[Any]) -> bool:
    """Whether an owner field (a value or a list) holds one of the caller's values."""
    if isinstance(stored, list):
        return any(value in accepted for value in stored)
    return stored is not None and stored in accepted


def shares_group(stored: Any, of_caller: list[Any]) -> bool:
    """Whether a groups field (a name or a list) holds one of the caller's groups."""
    if isinstance(stored, list):
        return any(group in stored for group in of_caller)
    return stored is not None and stored in of_caller
