"""Failures on purpose: an error, a delay or a dropped connection, by service and operation."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.ids import Ids
from habitr_emulator.services.fault_names import check, plain
from habitr_emulator.wire.refusals import error_class

Kind = Literal["error", "latency", "drop"]
KINDS: tuple[Kind, ...] = ("error", "latency", "drop")
MOST = 100


class Dropped(Exception):
    """The connection is to be closed without an answer."""


@dataclass(slots=True)
class Fault:
    """One rule. ``service`` and ``operation`` are names in any spelling, "" means every; of GraphQL an operation
    is a field or the name of the document's operation. ``count`` is how often it still strikes (None: always),
    ``probability`` how likely each time, by a generator that starts from ``rng``.
    """

    kind: Kind
    service: str = ""
    operation: str = ""
    code: str = "ThrottlingException"
    status: int = 400
    message: str = "Rate exceeded"
    seconds: float = 1.0
    count: int | None = None
    probability: float = 1.0
    rng: int = 0
    id: str = ""
    struck: int = 0
    _dice: Ids = field(init=False)

    def __post_init__(self) -> None:
        self._dice = Ids(self.rng)

    def meant(self, service: str, operations: Collection[str]) -> bool:
        """Whether the rule is about this call; ``operations`` are plain names."""
        return (not self.service or plain(self.service) == plain(service)) and (
            not self.operation or plain(self.operation) in operations
        )

    def strikes(self) -> bool:
        """Whether it strikes this time."""
        if self.count == 0 or self._dice.random() >= self.probability:
            return False
        self.count = None if self.count is None else self.count - 1
        self.struck += 1
        return True

    def shown(self) -> dict[str, Any]:
        """The rule as JSON."""
        names = ["id", "kind", "service", "operation", "count", "probability", "rng", "struck"]
        names += {"error": ["code", "status", "message"], "latency": ["seconds"], "drop": []}[self.kind]
        return {name: getattr(self, name) for name in names}


class Faults:
    """The rules of an account, in the order of their making. While ``rules`` is empty nothing is asked."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self._made = 0

    def add(self, fault: Fault) -> Fault:
        """Add a rule and give it an id. Raises NoSuchName for one that could never strike."""
        check(fault.service, fault.operation)
        self._made += 1
        fault.id = str(self._made)
        self.rules = [*self.rules, fault][-MOST:]
        return fault

    def clear(self, fault_id: str = "") -> int:
        """Remove one rule, or all; how many that were."""
        kept = [rule for rule in self.rules if fault_id and rule.id != fault_id]
        removed = len(self.rules) - len(kept)
        self.rules = kept
        return removed

    async def strike(self, service: str, operations: Collection[str], kinds: Collection[Kind] = KINDS) -> None:
        """Let every rule of these kinds that is meant do its harm. Raises AwsError and Dropped."""
        names = {plain(name) for name in operations}
        for rule in self.rules:
            if rule.kind in kinds and rule.meant(service, names) and rule.strikes():
                await _harm(rule)


async def _harm(rule: Fault) -> None:
    if rule.kind == "latency":
        await asyncio.sleep(rule.seconds)
        return
    if rule.kind == "drop":
        raise Dropped
    raise _error(rule)


def _error(rule: Fault) -> AwsError:
    return error_class(rule.code, rule.status)(
        rule.message, why=f"a fault that was set on purpose: fault {rule.id}"
    )
