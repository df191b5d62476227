"""DynamoDB in few words: a dictionary of items, and what each request does to it. Slow, plain, obviously right."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, str]
Record = tuple[str, dict[str, Any] | None, dict[str, Any] | None]


class Refused(Exception):
    """The request has no effect; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Write:
    """A write: ``action`` put, delete, or an update's verb; ``condition`` as (kind, operand)."""

    action: str
    key: Key
    detail: Any = None
    condition: tuple[str, Any] | None = None


@dataclass
class Model:
    """The items of one table, and the records of its stream."""

    items: dict[Key, dict[str, Any]] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)

    def write(self, write: Write) -> dict[str, Any] | None:
        """Do one write; the old item."""
        old = self.items.get(write.key)
        self._put(write.key, self._judge(write))
        return old

    def transact(self, writes: list[Write]) -> None:
        """Do all or none."""
        if len({write.key for write in writes}) < len(writes):
            raise Refused("ValidationException")
        try:
            outcomes = [(write.key, self._judge(write)) for write in writes]
        except Refused as refused:
            raise Refused("TransactionCanceledException") from refused
        for key, new in outcomes:
            self._put(key, new)

    def _put(self, key: Key, new: Any) -> None:
        old = self.items.pop(key, None)
        if new is not None:
            self.items[key] = new
        if old != new:
            self.records.append(("MODIFY" if old and new else "INSERT" if new else "REMOVE", old, new))

    def _judge(self, write: Write) -> dict[str, Any] | None:
        old = self.items.get(write.key, {})
        if write.condition and not holds(write.condition, old):
            raise Refused("ConditionalCheckFailedException")
        named = {"pk": write.key[0], "sk": write.key[1]}
        if write.action == "put":
            return {**named, **write.detail}
        if write.action == "delete":
            return None
        return update(write, deepcopy(old) or named)


def holds(condition: tuple[str, Any], item: dict[str, Any]) -> bool:
    """Whether a condition is true of an item (empty: there is none)."""
    kind, operand = condition
    if kind == "absent":
        return not item
    return "n" in item and bool(item["n"] < operand)


def update(write: Write, item: dict[str, Any]) -> dict[str, Any]:
    """The item after an update."""
    if write.action == "set":
        item["n"] = write.detail
    elif write.action == "count":
        item["n"] = item.get("n", 0) + write.detail
    elif write.action == "increment":
        if "n" not in item:
            raise Refused("ValidationException")
        item["n"] += write.detail
    elif write.action == "append":
        item["l"] = [*item.get("l", []), write.detail]
    elif write.action == "remove":
        item.pop(write.detail, None)
    else:
        if "l" not in item:
            raise Refused("ValidationException")
        item["l"] = [member for place, member in enumerate(item["l"]) if place != write.detail]
    return item
