"""One ``@auth`` rule of version 1. https://docs.amplify.aws/cli-legacy/graphql-transformer/auth/"""

from collections.abc import Iterable
from dataclasses import dataclass

_READS = frozenset({"get", "list"})


@dataclass(frozen=True, slots=True)
class Rule:
    """``strategy`` is ``allow``. ``operations`` are what it allows: of ``create``, ``update``, ``delete`` and
    ``read``, and of ``get`` and ``list`` if the rule is of the old style with ``queries`` and ``mutations``.

    ``field`` is the owner's or the groups' field, ``groups`` are static groups, ``claim`` is "" unless named.
    """

    strategy: str
    provider: str
    operations: frozenset[str]
    field: str = ""
    groups: tuple[str, ...] = ()
    claim: str = ""

    def allows(self, operation: str) -> bool:
        """Whether the rule speaks of the operation; a rule for ``read`` does of every query."""
        return operation in self.operations or (operation in _READS and "read" in self.operations)

    @property
    def is_owner(self) -> bool:
        """Whether a field of the item names who may."""
        return self.strategy == "owner"

    @property
    def is_static_group(self) -> bool:
        """Whether the token alone decides."""
        return self.strategy == "groups" and not self.field

    @property
    def is_dynamic_group(self) -> bool:
        """Whether a field of the item names the groups that may."""
        return self.strategy == "groups" and bool(self.field)

    @property
    def described(self) -> str:
        """For a sentence."""
        match self.strategy:
            case "owner":
                return f"the owner (field {self.field})"
            case "groups" if self.field:
                return f"a group named in field {self.field}"
            case "groups":
                return f"group {' or '.join(self.groups)}"
            case _:
                return f"{self.strategy} ({self.provider})"


def for_operation(rules: Iterable[Rule], operation: str) -> tuple[Rule, ...]:
    """The rules that speak of an operation."""
    return tuple(rule for rule in rules if rule.allows(operation))
