"""What a table is like that is restored from a backup: as its source was, but for what the request overrides.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html
"""

from collections.abc import Mapping
from typing import Any

import orjson

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import definitions
from habitr_emulator.services.dynamodb.access import arn_of
from habitr_emulator.services.dynamodb.errors import invalid
from habitr_emulator.services.dynamodb.tables import Settings

Request = Mapping[str, Any]
_NOT_RESTORED = ("StreamSpecification", "LatestStreamLabel", "DeletionProtectionEnabled", "OnDemandSince")


def settings_of(ctx: Context, backup: Row, request: Request) -> Settings:
    """The catalogue entry of the new table. Raises ValidationException, NotBuilt."""
    if request.get("VectorIndexOverride"):
        raise NotBuilt("VectorIndexOverride is not built in habitr-emulator.", why="tables have no vector indexes")
    source: Settings = orjson.loads(backup["settings"])
    now = round(ctx.clock.now(), 3)
    settings = {name: value for name, value in source.items() if name not in _NOT_RESTORED} | {
        "TableName": request["TargetTableName"],
        "TableId": ctx.ids.uuid(),
        "CreationDateTime": now,
        "RestoreSummary": {
            "SourceBackupArn": backup["arn"],
            "SourceTableArn": arn_of(ctx, backup["table_name"]),
            "RestoreDateTime": now,
            "RestoreInProgress": False,
        },
    }
    for member in ("SSESpecification", "OnDemandThroughput"):
        if request.get(f"{member}Override"):
            settings[member] = request[f"{member}Override"]
    for member, override in (
        ("LocalSecondaryIndexes", "LocalSecondaryIndexOverride"),
        ("GlobalSecondaryIndexes", "GlobalSecondaryIndexOverride"),
    ):
        if request.get(override) is not None:
            settings[member] = [_kept(source[member], index, override) for index in request[override]]
    _bill(settings, request)
    _forget_unused(settings)
    return settings


def _kept(source: list[Settings], index: Mapping[str, Any], override: str) -> Settings:
    """An index may be left out, or given other throughput; it cannot be another one."""
    for old in source:
        if all(old[name] == index[name] for name in ("IndexName", "KeySchema", "Projection")):
            throughput = index.get("ProvisionedThroughput")
            return old | ({"ProvisionedThroughput": dict(throughput)} if throughput else {})
    raise invalid(f"{override} has an index that the backup has not: {index['IndexName']}")  # guess: wording


def _bill(settings: Settings, request: Request) -> None:
    settings["BillingMode"] = request.get("BillingModeOverride", settings["BillingMode"])
    given = request.get("ProvisionedThroughputOverride")
    nothing = definitions.throughput({})
    if settings["BillingMode"] == "PAY_PER_REQUEST":
        if given:
            raise invalid(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                "BillingMode is PAY_PER_REQUEST"
            )
        settings["ProvisionedThroughput"] = nothing
        settings["GlobalSecondaryIndexes"] = [
            {**index, "ProvisionedThroughput": nothing} for index in settings["GlobalSecondaryIndexes"]
        ]
        return
    if given:
        settings["ProvisionedThroughput"] = dict(given)
    for each in (settings, *settings["GlobalSecondaryIndexes"]):
        if not all(each["ProvisionedThroughput"].values()):
            raise invalid(
                "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
            )


def _forget_unused(settings: Settings) -> None:
    indexes = (*settings["LocalSecondaryIndexes"], *settings["GlobalSecondaryIndexes"])
    schemas = (settings["KeySchema"], *(index["KeySchema"] for index in indexes))
    used = {element["AttributeName"] for schema in schemas for element in schema}
    definitions_ = settings["AttributeDefinitions"]
    settings["AttributeDefinitions"] = [each for each in definitions_ if each["AttributeName"] in used]
