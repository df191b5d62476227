"""The access matrix of a type: which role may do what on which field.

A rule on the type allows its operations on every field. A rule on a field first takes that field from every role
and then gives it to its own. https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/customize-authorization-rules/
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: The order matters: the first decides which roles a guarded field is checked against.
READ_OPERATIONS = ("get", "list", "sync", "search", "listen")
OPERATIONS = ("create", "update", "delete", *READ_OPERATIONS)

#: How ``@auth`` names the authentication modes of AppSync.
PROVIDER_OF = {
    "API_KEY": "apiKey",
    "AWS_IAM": "iam",
    "OPENID_CONNECT": "oidc",
    "AMAZON_COGNITO_USER_POOLS": "userPools",
    "AWS_LAMBDA": "function",
}


@dataclass(frozen=True, slots=True)
class Role:
    """Who a rule speaks of. ``static`` roles are known from the token alone; the others depend on the item's
    field ``entity``. For a static group, ``entity`` is the group. ``listed`` says that the field is a list.
    """

    name: str
    provider: str
    strategy: str
    static: bool = True
    claim: str = ""
    entity: str = ""
    listed: bool = False

    def described(self) -> str:
        """For a sentence: ``the owner (by field owner)``."""
        match self.strategy:
            case "owner":
                return f"the owner (field {self.entity})"
            case "groups" if self.static:
                return f"group {self.entity}"
            case "groups":
                return f"a group named in field {self.entity}"
            case "private":
                return f"any signed-in caller ({self.provider})"
            case _:
                return f"{self.strategy} ({self.provider})"


class RoleExists(Exception):
    """Two rules of a type make the same role."""


@dataclass(slots=True)
class AccessControl:
    """The matrix of one type. ``fields`` are the type's declared fields."""

    name: str
    fields: tuple[str, ...]
    roles: dict[str, Role] = field(default_factory=dict)
    matrix: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    def allow(
        self, role: Role, operations: Iterable[str], on: str | None = None, *, overwrite: bool = False
    ) -> None:
        """Give a role operations, on one field or on all. Raises RoleExists for a repeated type rule."""
        known = role.name in self.roles
        if known and on is None and not overwrite:
            raise RoleExists(role.name)
        granted = frozenset(operations)
        if on is None:
            self.matrix[role.name] = dict.fromkeys(self.fields, granted)
        else:
            cells = self.matrix.setdefault(role.name, dict.fromkeys(self.fields, frozenset()))
            cells[on] = granted
        self.roles[role.name] = role

    def clear(self, on: str) -> None:
        """Take a field from every role."""
        for cells in self.matrix.values():
            cells[on] = frozenset()

    def allows(self, role: Role, on: str, operation: str) -> bool:
        """Whether the role has the operation on the field."""
        return operation in self.matrix[role.name][on]

    def allowed_fields(self, role: Role, operation: str) -> list[str]:
        """The fields on which the role has the operation."""
        cells = self.matrix[role.name]
        return [name for name in self.fields if operation in cells[name]]

    def with_operation(self, *operations: str) -> list[Role]:
        """The roles that have one of the operations on at least one field, by operation, then as declared."""
        found: dict[str, Role] = {}
        for operation in operations:
            for name, cells in self.matrix.items():
                if any(operation in granted for granted in cells.values()):
                    found.setdefault(name, self.roles[name])
        return list(found.values())

    def with_operation_everywhere(self, operation: str) -> list[Role]:
        """The roles that have the operation on every field."""
        return [
            self.roles[name]
            for name, cells in self.matrix.items()
            if all(operation in granted for granted in cells.values())
        ]

    def read_roles_of(self, on: str) -> list[Role]:
        """The roles that a read of the field is judged by: those with ``get``, without the other token roles of
        a provider whose every caller may read the field anyway.
        """
        roles = self.with_operation(READ_OPERATIONS[0])
        for provider in ("userPools", "oidc"):
            everyone = next(
                (role for role in roles if role.provider == provider and role.strategy == "private"), None
            )
            if everyone and all(self.allows(everyone, on, operation) for operation in READ_OPERATIONS):
                roles = [role for role in roles if role.provider != provider or role is everyone]
        return roles

    def field_readers(self, on: str) -> list[Role] | None:
        """The roles that may read a guarded field; None if the field needs no guard."""
        judged = self.read_roles_of(on)
        allowed = [role for role in judged if any(self.allows(role, on, verb) for verb in READ_OPERATIONS)]
        return allowed if len(allowed) < len(judged) else None


def by_provider(roles: Iterable[Role]) -> dict[str, list[Role]]:
    """Roles under their provider."""
    found: dict[str, list[Role]] = {}
    for role in roles:
        found.setdefault(role.provider, []).append(role)
    return found


def explain(type_name: str, operation: str, roles: Sequence[Role]) -> str:
    """The sentence for a refusal: which rule would have been needed."""
    if not roles:
        return f"no @auth rule of {type_name} allows {operation} to anybody"
    listed = ", ".join(role.described() for role in roles)
    return f"the @auth rules of {type_name} allow {operation} only to: {listed}"
