"""Backups keep a table as it was; a table restored from one is a table like any other."""

from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.wire.attribute_value import Item


@pytest.fixture
async def backup(call: Any) -> str:
    """The ARN of a backup of the table ``main`` with two items, which has changed since."""
    for number in (1, 2):
        item = {"pk": "p", "sk": str(number), "g1": "g", "gn": number, "l1": str(9 - number)}
        await call("put_item", Item=Item.from_plain(item))
    taken = await call("create_backup", BackupName="before")
    await call("delete_item", Key=Item.from_plain({"pk": "p", "sk": "1"}))
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "3"}))
    return str(taken["BackupDetails"]["BackupArn"])


async def keys_of(call: Any, **request: Any) -> list[str]:
    return [item["sk"]["S"] for item in (await call("scan", **request))["Items"]]


async def restored(call: Any, backup: str, **request: Any) -> Any:
    asked = {"TableName": None, "TargetTableName": "again", "BackupArn": backup, **request}
    return (await call("restore_table_from_backup", **asked))["TableDescription"]


async def refusal(call: Any, operation: str, **request: Any) -> tuple[str, str]:
    with pytest.raises(AwsError) as refused:
        await call(operation, TableName=None, **request)
    return refused.value.code, refused.value.message


async def test_a_restored_table_has_what_the_table_had(call: Any, backup: str) -> None:
    table = await restored(call, backup)
    assert (table["TableStatus"], table["ItemCount"]) == ("ACTIVE", 2)
    assert table["RestoreSummary"]["SourceBackupArn"] == backup
    assert table["RestoreSummary"]["RestoreInProgress"] is False
    assert await keys_of(call, TableName="again") == ["1", "2"]
    assert await keys_of(call) == ["2", "3"]
    for index in ("gsi", "lsi", "keys"):
        assert sorted(await keys_of(call, TableName="again", IndexName=index)) == ["1", "2"]
    await call("put_item", TableName="again", Item=Item.from_plain({"pk": "p", "sk": "4", "g1": "g", "gn": 0}))
    assert await keys_of(call, TableName="again", IndexName="gsi") == ["4", "1", "2"]


async def test_a_backup_outlives_its_table_and_tables_outlive_their_backup(call: Any, backup: str) -> None:
    await call("delete_table")
    await restored(call, backup)
    gone = await call("delete_backup", TableName=None, BackupArn=backup)
    assert gone["BackupDescription"]["BackupDetails"]["BackupStatus"] == "DELETED"
    assert await keys_of(call, TableName="again") == ["1", "2"]
    assert await refusal(call, "describe_backup", BackupArn=backup) == (
        "BackupNotFoundException",
        f"Backup not found: {backup}",
    )


async def test_a_backup_tells_what_the_table_was_like(call: Any, backup: str) -> None:
    told = (await call("describe_backup", TableName=None, BackupArn=backup))["BackupDescription"]
    assert told["BackupDetails"]["BackupName"] == "before"
    assert told["BackupDetails"]["BackupSizeBytes"] == told["SourceTableDetails"]["TableSizeBytes"] > 0
    assert told["SourceTableDetails"]["ItemCount"] == 2
    assert told["SourceTableDetails"]["BillingMode"] == "PAY_PER_REQUEST"
    features = told["SourceTableFeatureDetails"]
    assert [index["IndexName"] for index in features["GlobalSecondaryIndexes"]] == ["gsi", "keys"]
    assert [index["IndexName"] for index in features["LocalSecondaryIndexes"]] == ["lsi"]


async def test_backups_are_listed_page_by_page(call: Any, backup: str, ctx: Context) -> None:
    more = [(await call("create_backup", BackupName=f"later-{n}"))["BackupDetails"]["BackupArn"] for n in range(3)]
    await call("create_table", **{**other_table(), "TableName": "other"})
    await call("create_backup", TableName="other", BackupName="elsewhere")
    first = await call("list_backups", Limit=3)
    assert [each["BackupArn"] for each in first["BackupSummaries"]] == [backup, *more[:2]]
    rest = await call("list_backups", ExclusiveStartBackupArn=first["LastEvaluatedBackupArn"])
    assert [each["BackupArn"] for each in rest["BackupSummaries"]] == more[2:]
    assert "LastEvaluatedBackupArn" not in rest
    everything = await call("list_backups", TableName=None)
    assert len(everything["BackupSummaries"]) == 5
    none = await call("list_backups", TableName=None, TimeRangeLowerBound=ctx.clock.now() + 60)
    assert none == {"BackupSummaries": []}


def other_table() -> dict[str, Any]:
    return {
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    }


async def test_a_restore_may_leave_indexes_out_and_be_billed_otherwise(call: Any, backup: str) -> None:
    throughput = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}
    table = await restored(
        call,
        backup,
        GlobalSecondaryIndexOverride=[],
        BillingModeOverride="PROVISIONED",
        ProvisionedThroughputOverride=throughput,
    )
    assert "GlobalSecondaryIndexes" not in table
    assert throughput.items() <= table["ProvisionedThroughput"].items()
    assert {each["AttributeName"] for each in table["AttributeDefinitions"]} == {"pk", "sk", "l1"}


async def test_what_is_not_there_or_there_already_is_refused(call: Any, backup: str) -> None:
    lost = backup[:-1] + ("0" if backup[-1] != "0" else "1")
    assert await refusal(call, "restore_table_from_backup", TargetTableName="main", BackupArn=backup) == (
        "TableAlreadyExistsException",
        "Table already exists: main",
    )
    assert (await refusal(call, "restore_table_from_backup", TargetTableName="again", BackupArn=lost))[0] == (
        "BackupNotFoundException"
    )
    with pytest.raises(AwsError, match="Table not found: nowhere"):
        await call("create_backup", TableName="nowhere", BackupName="none")
