import asyncio
from dataclasses import replace
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.deploy import deploy
from habitr_emulator.services.dynamodb.spec import Table as Spec
from habitr_emulator.wire.attribute_value import Item

HASH = [{"AttributeName": "id", "KeyType": "HASH"}]
BY_G = {
    "IndexName": "by_g",
    "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


def defined(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


async def by_g(call: Any, value: str, table: str = "main") -> int:
    answer = await call(
        "query",
        TableName=table,
        IndexName="by_g",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": value}},
    )
    return int(answer["Count"])


async def test_a_table_is_described(call: Any) -> None:
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "1", "g1": "g", "gn": 1}))
    table = (await call("describe_table"))["Table"]
    assert table["TableStatus"] == "ACTIVE"
    assert table["TableArn"] == "arn:aws:dynamodb:us-east-1:000000000000:table/main"
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert (table["ItemCount"], table["TableSizeBytes"]) == (1, 13)
    assert [index["ItemCount"] for index in table["GlobalSecondaryIndexes"]] == [1, 1]
    assert table["LocalSecondaryIndexes"][0]["IndexArn"].endswith(":table/main/index/lsi")
    assert (await call("describe_table", TableName=table["TableArn"]))["Table"] == table


async def test_names_are_listed_page_by_page(call: Any) -> None:
    for name in ("aaa", "zzz"):
        await call(
            "create_table",
            TableName=name,
            KeySchema=HASH,
            AttributeDefinitions=defined("id"),
            BillingMode="PAY_PER_REQUEST",
        )
    first = await call("list_tables", TableName=None, Limit=2)
    assert first == {"TableNames": ["aaa", "main"], "LastEvaluatedTableName": "main"}
    assert await call("list_tables", TableName=None, ExclusiveStartTableName="main") == {"TableNames": ["zzz"]}


async def test_a_deleted_table_takes_its_items_along(call: Any, definition: dict[str, Any]) -> None:
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "1"}))
    assert (await call("delete_table"))["TableDescription"]["TableStatus"] == "DELETING"
    with pytest.raises(AwsError, match="Requested resource not found: Table: main not found"):
        await call("describe_table")
    await call("create_table", **definition)
    assert (await call("scan"))["Count"] == 0


async def test_a_write_behind_a_deletion_finds_no_table(call: Any) -> None:
    put = call("put_item", Item=Item.from_plain({"pk": "p", "sk": "1"}))
    outcomes = await asyncio.gather(call("delete_table"), put, return_exceptions=True)
    assert isinstance(outcomes[1], AwsError)
    assert outcomes[1].code == "ResourceNotFoundException"


async def test_a_new_index_is_filled_and_a_dropped_one_forgotten(call: Any) -> None:
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "1", "g": "x"}))
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "2", "g": 5}))
    create = call(
        "update_table",
        AttributeDefinitions=defined("g"),
        GlobalSecondaryIndexUpdates=[{"Create": BY_G}],
    )
    late = call("put_item", Item=Item.from_plain({"pk": "p", "sk": "3", "g": "x"}))
    answer, _ = await asyncio.gather(create, late)
    assert answer["TableDescription"]["GlobalSecondaryIndexes"][-1]["IndexStatus"] == "ACTIVE"
    assert await by_g(call, "x") == 2
    with pytest.raises(AwsError, match="Type mismatch for Index Key g"):
        await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "4", "g": 5}))
    await call("update_table", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by_g"}}])
    with pytest.raises(AwsError, match="does not have the specified index: by_g"):
        await by_g(call, "x")
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "4", "g": 5}))


async def test_billing_and_streams_are_updated(call: Any) -> None:
    throughput = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}
    await call("update_table", BillingMode="PROVISIONED", ProvisionedThroughput=throughput)
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    table = (await call("update_table", StreamSpecification=stream))["TableDescription"]
    assert table["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **throughput}
    assert table["StreamSpecification"] == stream
    assert table["LatestStreamArn"].endswith(f"/stream/{table['LatestStreamLabel']}")
    with pytest.raises(AwsError, match="At least one of ProvisionedThroughput"):
        await call("update_table")


async def test_protection_keeps_a_table(call: Any) -> None:
    await call("update_table", DeletionProtectionEnabled=True)
    with pytest.raises(AwsError, match="protected against deletion"):
        await call("delete_table")


async def test_time_to_live_is_switched(call: Any) -> None:
    with pytest.raises(AwsError, match="TimeToLive is already disabled"):
        await call("update_time_to_live", TimeToLiveSpecification={"Enabled": False, "AttributeName": "ttl"})
    wanted = {"Enabled": True, "AttributeName": "ttl"}
    assert await call("update_time_to_live", TimeToLiveSpecification=wanted) == {"TimeToLiveSpecification": wanted}
    described = (await call("describe_time_to_live"))["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}


async def test_tags_are_kept_with_the_table(call: Any) -> None:
    arn = (await call("describe_table"))["Table"]["TableArn"]
    await call("tag_resource", ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    await call("untag_resource", ResourceArn=arn, TagKeys=["b"])
    assert await call("list_tags_of_resource", ResourceArn=arn) == {"Tags": [{"Key": "a", "Value": "1"}]}


async def test_quotas_and_endpoints_are_told(call: Any) -> None:
    assert (await call("describe_limits"))["TableMaxReadCapacityUnits"] == 40_000
    assert (await call("describe_endpoints"))["Endpoints"][0]["Address"] == "localhost:4566"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"TableName": "main"}, "Table already exists: main"),
        ({"TableName": "ab"}, "TableName must be at least 3 characters long and at most 255 characters long"),
        (
            {"AttributeDefinitions": defined("id", "q")},
            "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match "
            "number of attributes defined in AttributeDefinitions",
        ),
        (
            {"AttributeDefinitions": defined("q")},
            "One or more parameter values were invalid: Some index key attributes are not defined in "
            "AttributeDefinitions. Keys: [id], AttributeDefinitions: [q]",
        ),
        (
            {"BillingMode": None},
            "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be "
            "specified when BillingMode is PROVISIONED",
        ),
        (
            {"KeySchema": [{"AttributeName": "id", "KeyType": "RANGE"}]},
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
        ),
    ],
)
async def test_bad_tables_are_refused_in_the_services_words(
    call: Any, changes: dict[str, Any], message: str
) -> None:
    request = {
        "TableName": "new",
        "KeySchema": HASH,
        "AttributeDefinitions": defined("id"),
        "BillingMode": "PAY_PER_REQUEST",
        **changes,
    }
    with pytest.raises(AwsError) as error:
        await call("create_table", **request)
    assert error.value.message == message


async def test_deploying_creates_then_adds_indexes_and_keeps_items(call: Any, ctx: Context) -> None:
    spec = Spec("proj", {"KeySchema": HASH, "AttributeDefinitions": defined("id")}, ttl_attribute="ttl")
    await deploy(ctx, spec)
    await call("put_item", TableName="proj", Item=Item.from_plain({"id": "1", "g": "x"}))
    before = (await call("describe_table", TableName="proj"))["Table"]
    settings = {**spec.settings, "AttributeDefinitions": defined("id", "g"), "GlobalSecondaryIndexes": [BY_G]}
    for _ in range(2):
        await deploy(ctx, replace(spec, settings=settings))
    assert await by_g(call, "x", "proj") == 1
    after = (await call("describe_table", TableName="proj"))["Table"]
    assert (after["TableId"], after["ItemCount"]) == (before["TableId"], 1)
    described = await call("describe_time_to_live", TableName="proj")
    assert described["TimeToLiveDescription"]["AttributeName"] == "ttl"
    with pytest.raises(AwsError, match="primary key"):
        await deploy(
            ctx,
            Spec(
                "proj",
                {"KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}], "AttributeDefinitions": defined("g")},
            ),
        )


async def test_there_is_no_point_in_time_recovery(call: Any) -> None:
    described = (await call("describe_continuous_backups"))["ContinuousBackupsDescription"]
    assert described["PointInTimeRecoveryDescription"] == {"PointInTimeRecoveryStatus": "DISABLED"}
    off, on = ({"PointInTimeRecoveryEnabled": enabled} for enabled in (False, True))
    assert await call("update_continuous_backups", PointInTimeRecoverySpecification=off)
    for request, code in (
        ({"PointInTimeRecoverySpecification": on}, "NotImplemented"),
        ({"PointInTimeRecoverySpecification": off, "TableName": "nobody"}, "TableNotFoundException"),
    ):
        with pytest.raises(AwsError) as error:
            await call("update_continuous_backups", **request)
        assert error.value.code == code


async def test_throughput_that_would_not_change_is_refused_and_the_mode_is_remembered(call: Any) -> None:
    given = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}
    for index in ("gsi", "keys"):
        await call("update_table", GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": index}}])
    await call("update_table", BillingMode="PROVISIONED", ProvisionedThroughput=given)
    told = (await call("describe_table"))["Table"]
    assert told["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert told["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] == told["CreationDateTime"]
    with pytest.raises(AwsError, match=r"The requested value equals the current value\. Current Read"):
        await call("update_table", ProvisionedThroughput=given)
    await call("update_table", ProvisionedThroughput={**given, "ReadCapacityUnits": 5})


async def test_a_key_attribute_keeps_its_type(call: Any) -> None:
    create: dict[str, Any] = {
        "Create": {"IndexName": "more", "KeySchema": [{"AttributeName": "x", "KeyType": "HASH"}]}
    }
    create["Create"]["Projection"] = {"ProjectionType": "ALL"}
    defined = [{"AttributeName": "pk", "AttributeType": "N"}, {"AttributeName": "x", "AttributeType": "S"}]
    with pytest.raises(AwsError, match="redefined should be of same type"):
        await call("update_table", AttributeDefinitions=defined, GlobalSecondaryIndexUpdates=[create])
