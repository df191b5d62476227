"""The project's tables: created if missing, given indexes that were added, otherwise left with their data."""

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import definitions, layout, tables, ttl
from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.spec import Table as Spec
from habitr_emulator.services.dynamodb.tables import Settings, Table, Tables

_KEPT = ("TableId", "CreationDateTime", "OnDemandSince", "LatestStreamLabel")
_INDEXES = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")


async def deploy(context: Context, spec: Spec) -> None:
    """Make ``spec``'s table exist as described. Items stay; a changed primary key cannot be had, and is refused.

    Raises ValidationException for settings that CreateTable would refuse.
    """
    request = {"BillingMode": "PAY_PER_REQUEST"} if not spec.settings.get("ProvisionedThroughput") else {}
    wanted = definitions.settings_of(context, {**request, **spec.settings, "TableName": spec.table_name})
    known = tables.of(context)
    tags = {tag["Key"]: tag["Value"] for tag in spec.settings.get("Tags") or ()}

    def write(tx: Transaction) -> None:
        found = tx.one("SELECT * FROM dynamodb_table WHERE name = ?", (spec.table_name,))
        table = layout.create(tx, wanted, tags) if found is None else _change(tx, known, found, wanted)
        if spec.ttl_attribute and table.ttl_attribute is None:
            known.changing(table, ttl.follow(tx, table, spec.ttl_attribute))

    try:
        await context.store.write(write)
    finally:
        known.forget(spec.table_name)


def _change(tx: Transaction, known: Tables, row: Row, wanted: Settings) -> Table:
    table = tables.of_row(row)
    settings = _merged(table.settings, wanted)
    if settings["KeySchema"] != table.settings["KeySchema"]:
        raise ValidationException(
            f"The primary key of {table.name} cannot change", why="delete the table, or reset, to change its key"
        )
    return table if settings == table.settings else layout.change(tx, known, table, settings)


def _merged(old: Settings, wanted: Settings) -> Settings:
    """``wanted`` with what only the first creation decides; indexes that are the same keep their columns."""
    merged = {**wanted, **{member: old[member] for member in _KEPT if member in old}}
    if old.get("StreamSpecification") != wanted.get("StreamSpecification") and "LatestStreamLabel" in wanted:
        merged["LatestStreamLabel"] = wanted["LatestStreamLabel"]
    slots = {index["IndexName"]: index["Slot"] for member in _INDEXES for index in old[member]}
    free = (slot for slot in range(len(slots) + 100) if slot not in slots.values())
    for member in _INDEXES:
        merged[member] = [
            {**index, "Slot": slots[index["IndexName"]] if index["IndexName"] in slots else next(free)}
            for index in wanted[member]
        ]
    return merged
