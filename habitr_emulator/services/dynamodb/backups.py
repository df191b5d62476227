"""Backups of tables: their items and what they were like, until the backup is deleted. None are continuous
(snapshots keep the whole state).

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorks.html
"""

from typing import Any

import orjson

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import layout, tables
from habitr_emulator.services.dynamodb.access import arn_of
from habitr_emulator.services.dynamodb.errors import (
    BackupNotFoundException,
    ResourceInUseException,
    TableAlreadyExistsException,
    TableNotFoundException,
)
from habitr_emulator.services.dynamodb.tables import Settings, Table

Output = dict[str, Any]

#: What every table answers about continuous backups.
DISABLED: Output = {
    "ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",  # the service says so of every table
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
    }
}
_INSERT = (
    "INSERT INTO dynamodb_backup (arn, name, table_name, settings, ttl_attribute, at, items, size) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_COLUMNS = "pk, sk, size, types, item"


def require_table(ctx: Context, reference: str) -> Table:
    """The table of a TableName member. Raises TableNotFoundException."""
    name = tables.name_of(reference)
    table = tables.of(ctx).find(name)
    if table is None:
        raise TableNotFoundException(f"Table not found: {name}")
    return table


def require(ctx: Context, arn: str) -> Row:
    """The backup of an ARN. Raises BackupNotFoundException."""
    row = ctx.store.one("SELECT * FROM dynamodb_backup WHERE arn = ?", (arn,))
    if row is None:
        raise BackupNotFoundException(f"Backup not found: {arn}")
    return row


def take(tx: Transaction, name: str, arn: str, backup_name: str, now: float) -> None:
    """Copy a table as it is now. Raises ResourceNotFoundException."""
    table = layout.require(tx, name)
    held = tx.one(f"SELECT count(*), coalesce(sum(size), 0) FROM {table.sql_name}")  # noqa: S608
    assert held is not None
    settings = orjson.dumps(table.settings).decode()
    values = (arn, backup_name, name, settings, table.ttl_attribute, now, held[0], held[1])
    number = tx.execute(_INSERT, values).lastrowid
    tx.execute(f"CREATE TABLE dynamodb_backup_{number} AS SELECT {_COLUMNS} FROM {table.sql_name}")  # noqa: S608


def discard(tx: Transaction, number: int) -> None:
    """Delete a backup."""
    tx.execute("DELETE FROM dynamodb_backup WHERE number = ?", (number,))
    tx.execute(f"DROP TABLE IF EXISTS dynamodb_backup_{number}")


def restore(tx: Transaction, arn: str, settings: Settings) -> Table:
    """A new table of ``settings`` with the items of a backup.

    Raises BackupNotFoundException, TableAlreadyExistsException.
    """
    row = tx.one("SELECT number FROM dynamodb_backup WHERE arn = ?", (arn,))
    if row is None:
        raise BackupNotFoundException(f"Backup not found: {arn}")
    try:
        table = layout.create(tx, settings, {})
    except ResourceInUseException as error:
        raise TableAlreadyExistsException(error.message) from None
    backup = f"dynamodb_backup_{row['number']}"
    tx.execute(f"INSERT INTO {table.sql_name} ({_COLUMNS}) SELECT {_COLUMNS} FROM {backup}")  # noqa: S608
    if table.indexes:
        layout.fill(tx, table, list(table.indexes.values()))
    return table


def details(row: Row, status: str = "AVAILABLE") -> Output:
    """The BackupDetails of a backup."""
    return {
        "BackupArn": row["arn"],
        "BackupName": row["name"],
        "BackupSizeBytes": row["size"],
        "BackupStatus": status,
        "BackupType": "USER",
        "BackupCreationDateTime": row["at"],
    }


def summary(ctx: Context, row: Row) -> Output:
    """A backup as ListBackups shows it."""
    settings = orjson.loads(row["settings"])
    source = {"TableName": row["table_name"], "TableId": settings["TableId"]}
    return {**source, "TableArn": arn_of(ctx, row["table_name"]), **details(row)}


def describe(ctx: Context, row: Row, status: str = "AVAILABLE") -> Output:
    """The BackupDescription of a backup."""
    settings = orjson.loads(row["settings"])
    return {
        "BackupDetails": details(row, status),
        "SourceTableDetails": {
            "TableName": row["table_name"],
            "TableId": settings["TableId"],
            "TableArn": arn_of(ctx, row["table_name"]),
            "TableSizeBytes": row["size"],
            "KeySchema": settings["KeySchema"],
            "TableCreationDateTime": settings["CreationDateTime"],
            "ProvisionedThroughput": settings["ProvisionedThroughput"],
            "ItemCount": row["items"],
            "BillingMode": settings["BillingMode"],
        },
        "SourceTableFeatureDetails": _features(settings, row["ttl_attribute"]),
    }


def _features(settings: Settings, ttl_attribute: str | None) -> Output:
    shown: Output = {}
    for member, kept in (
        ("LocalSecondaryIndexes", ("IndexName", "KeySchema", "Projection")),
        ("GlobalSecondaryIndexes", ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput")),
    ):
        if settings[member]:
            shown[member] = [{name: index[name] for name in kept} for index in settings[member]]
    if settings.get("StreamSpecification"):
        shown["StreamDescription"] = settings["StreamSpecification"]
    if ttl_attribute:
        shown["TimeToLiveDescription"] = {"TimeToLiveStatus": "ENABLED", "AttributeName": ttl_attribute}
    return shown
