"""Tables as DescribeTable shows them.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
"""

from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.access import arn_of
from habitr_emulator.services.dynamodb.tables import Index, Settings, Table

Output = dict[str, Any]


def describe(ctx: Context, table: Table, status: str = "ACTIVE", *, new: bool = False) -> Output:
    """The TableDescription of a table; counts and sizes are of this moment, none for a ``new`` one (somebody may
    have deleted it again already).
    """
    settings = table.settings
    arn = arn_of(ctx, table.name)
    gone = new or status == "DELETING"
    count, size = (0, 0) if gone else _measure(ctx, table)
    shown: Output = {
        "AttributeDefinitions": settings["AttributeDefinitions"],
        "TableName": table.name,
        "KeySchema": settings["KeySchema"],
        "TableStatus": status,
        "CreationDateTime": settings["CreationDateTime"],
        "ProvisionedThroughput": _throughput(settings),
        "TableSizeBytes": size,
        "ItemCount": count,
        "TableArn": arn,
        "TableId": settings["TableId"],
        "DeletionProtectionEnabled": settings.get("DeletionProtectionEnabled", False),
    }
    shown |= _billing(settings) | _stream(settings, arn) | _extras(settings)
    for member in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        if settings[member]:
            found = [(each, table.indexes[each["IndexName"]]) for each in settings[member]]
            shown[member] = [_index(ctx, table, each, index, gone=gone) for each, index in found]
    return shown


def _measure(ctx: Context, table: Table, index: Index | None = None) -> tuple[int, int]:
    where = f"WHERE {index.columns[0]} IS NOT NULL" if index else ""
    sql = f"SELECT count(*), coalesce(sum(size), 0) FROM {table.sql_name} {where}"  # noqa: S608
    row = ctx.store.one(sql)
    assert row is not None
    return row[0], row[1]


def _throughput(settings: Settings) -> Output:
    return {"NumberOfDecreasesToday": 0, **settings["ProvisionedThroughput"]}


def _billing(settings: Settings) -> Output:
    mode, at = settings["BillingMode"], settings.get("OnDemandSince")
    if mode != "PAY_PER_REQUEST" and at is None:
        return {}  # it was never on demand
    at = settings["CreationDateTime"] if at is None else at
    return {"BillingModeSummary": {"BillingMode": mode, "LastUpdateToPayPerRequestDateTime": at}}


def _stream(settings: Settings, arn: str) -> Output:
    shown: Output = {}
    if settings.get("StreamSpecification"):
        shown["StreamSpecification"] = settings["StreamSpecification"]
    if settings.get("LatestStreamLabel"):
        shown["LatestStreamLabel"] = settings["LatestStreamLabel"]
        shown["LatestStreamArn"] = f"{arn}/stream/{settings['LatestStreamLabel']}"
    return shown


def _extras(settings: Settings) -> Output:
    shown: Output = {}
    encryption = settings.get("SSESpecification")
    if encryption and encryption.get("Enabled"):
        shown["SSEDescription"] = {"Status": "ENABLED", "SSEType": encryption.get("SSEType", "KMS")}
        if encryption.get("KMSMasterKeyId"):
            shown["SSEDescription"]["KMSMasterKeyArn"] = encryption["KMSMasterKeyId"]
    if settings.get("TableClass"):
        shown["TableClassSummary"] = {"TableClass": settings["TableClass"]}
    for member in ("OnDemandThroughput", "WarmThroughput", "RestoreSummary"):
        if settings.get(member):
            shown[member] = settings[member]
    return shown


def _index(ctx: Context, table: Table, settings: Settings, index: Index, *, gone: bool) -> Output:
    count, size = (0, 0) if gone else _measure(ctx, table, index)
    shown: Output = {
        "IndexName": index.name,
        "KeySchema": settings["KeySchema"],
        "Projection": settings["Projection"],
        "IndexSizeBytes": size,
        "ItemCount": count,
        "IndexArn": f"{arn_of(ctx, table.name)}/index/{index.name}",
    }
    if index.is_global:
        shown |= {
            "IndexStatus": "DELETING" if gone else "ACTIVE",
            "ProvisionedThroughput": _throughput(settings),
            **{name: settings[name] for name in ("OnDemandThroughput", "WarmThroughput") if settings.get(name)},
        }
    return shown
