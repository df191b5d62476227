"""Consumed capacity: what a request would have cost, in capacity units.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from habitr_emulator.services.dynamodb.rows import Stored
from habitr_emulator.services.dynamodb.tables import Index, Table
from habitr_emulator.wire.attribute_value import Item

Output = dict[str, Any]
READ_UNIT = 4096
WRITE_UNIT = 1024


def read_units(size: int, *, consistent: bool) -> float:
    """Units to read ``size`` bytes: an eventually consistent read costs half."""
    units = max(1, -(-size // READ_UNIT))
    return float(units) if consistent else units / 2


def write_units(size: int) -> float:
    """Units to write ``size`` bytes."""
    return float(max(1, -(-size // WRITE_UNIT)))


def index_units(table: Table, old: Stored | None, new: Stored | None) -> dict[str, float]:
    """Units that a write costs in each index whose entry it changes: a moved entry is removed and put."""
    found = {}
    for number, index in enumerate(table.indexes.values()):
        before, after = _entry(old, number), _entry(new, number)
        if before != after:
            sides = ((before, old), (after, new))
            found[index.name] = sum(write_units(stored.size) for entry, stored in sides if entry and stored)
        elif before is not None and old and new and _content(index, old) != _content(index, new):
            found[index.name] = write_units(max(old.size, new.size))
    return found


def _entry(stored: Stored | None, number: int) -> tuple[bytes | None, ...] | None:
    if stored is None or stored.index_columns[2 * number] is None:
        return None
    return stored.index_columns[2 * number : 2 * number + 2]


def _content(index: Index, stored: Stored) -> dict[str, Any]:
    plain = stored.item.plain
    return plain if index.projected is None else {name: plain[name] for name in plain if name in index.projected}


class Meter:
    """Adds up what a request costs, table by table; ``level`` is ReturnConsumedCapacity.

    Transactions cost twice (``factor``) and tell their ``kind``, Read or Write, beside the sum.
    """

    def __init__(self, request: Mapping[str, Any], *, factor: int = 1, kind: str = "") -> None:
        self.level: str = request.get("ReturnConsumedCapacity") or "NONE"
        self._factor = factor
        self._kind = kind
        self._tables: dict[str, tuple[Table, float, dict[str, float]]] = {}

    @property
    def wanted(self) -> bool:
        """Whether the answer carries a figure at all."""
        return self.level != "NONE"

    def read(self, table: Table, size: int, *, consistent: bool, index: Index | None = None) -> None:
        """Count a read of ``size`` bytes."""
        units = read_units(size, consistent=consistent) * self._factor
        self._add(table, 0.0 if index else units, {index.name: units} if index else {})

    def write(self, table: Table, old: Stored | None, new: Stored | None) -> None:
        """Count a write."""
        if self.wanted:
            size = max(each.size if each else 0 for each in (old, new))
            of_indexes = {name: units * self._factor for name, units in index_units(table, old, new).items()}
            self._add(table, write_units(size) * self._factor, of_indexes)

    def _add(self, table: Table, units: float, of_indexes: Mapping[str, float]) -> None:
        _, total, indexes = self._tables.get(table.name, (table, 0.0, {}))
        for name, more in of_indexes.items():
            indexes[name] = indexes.get(name, 0.0) + more
        self._tables[table.name] = (table, total + units, indexes)

    def one(self) -> Output:
        """The ConsumedCapacity member of an operation on one table, if it was asked for."""
        return {"ConsumedCapacity": self._all()[0]} if self.wanted and self._tables else {}

    def each(self) -> Output:
        """The ConsumedCapacity member of a batch or transaction, if it was asked for."""
        return {"ConsumedCapacity": self._all()} if self.wanted else {}

    def _all(self) -> list[Output]:
        return [self._shown(*found) for found in self._tables.values()]

    def _shown(self, table: Table, units: float, indexes: dict[str, float]) -> Output:
        shown: Output = {"TableName": table.name, **self._units(units + sum(indexes.values()))}
        if self.level == "INDEXES":
            shown["Table"] = self._units(units)
            for member, is_global in (("LocalSecondaryIndexes", False), ("GlobalSecondaryIndexes", True)):
                names = [name for name in indexes if table.indexes[name].is_global == is_global]
                if names:
                    shown[member] = {name: self._units(indexes[name]) for name in names}
        return shown

    def _units(self, units: float) -> Output:
        return {"CapacityUnits": units} | ({f"{self._kind}CapacityUnits": units} if self._kind else {})


def collection_metrics(request: Mapping[str, Any], table: Table, key: Mapping[str, Any]) -> Output:
    """The ItemCollectionMetrics member, if it was asked for and the table has local indexes; ``key`` is native."""
    if request.get("ReturnItemCollectionMetrics") != "SIZE" or not table.has_local_indexes:
        return {}
    return {"ItemCollectionMetrics": _collection(table, key)}


def batch_metrics(request: Mapping[str, Any], written: Iterable[tuple[str, Table, Mapping[str, Any]]]) -> Output:
    """The same for a batch or transaction: a list of collections for each table, under the name it was given."""
    if request.get("ReturnItemCollectionMetrics") != "SIZE":
        return {}
    metrics: dict[str, list[Output]] = {}
    for name, table, key in written:
        found = collection_metrics(request, table, key).get("ItemCollectionMetrics")
        if found is not None and found not in metrics.setdefault(name, []):
            metrics[name].append(found)
    return {"ItemCollectionMetrics": {name: found for name, found in metrics.items() if found}}


def _collection(table: Table, key: Mapping[str, Any]) -> Output:
    """One item collection: its partition key, and its size as a range in GB, estimated as the service does."""
    name = table.key_names[0]
    return {"ItemCollectionKey": Item.from_native({name: key[name]}), "SizeEstimateRangeGB": [0.0, 1.0]}
