import asyncio
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Caller, Context
from habitr_emulator.services.dynamodb.errors import ConditionalCheckFailedException, ValidationException
from habitr_emulator.wire.attribute_value import Item

KEY = {"pk": {"S": "p"}, "sk": {"S": "1"}}


def refusal_of(error: pytest.ExceptionInfo[AwsError]) -> str:
    return error.value.message


async def test_an_item_comes_back_as_it_was_put(call: Any) -> None:
    item = {**KEY, "n": {"N": "1.0"}, "b": {"B": b"\x00"}, "s": {"NS": ["1", "2.50"]}, "u": {"NULL": True}}
    assert await call("put_item", Item=item) == {}
    found = (await call("get_item", Key=KEY))["Item"]
    assert found == {**KEY, "n": {"N": "1"}, "b": {"B": "AA=="}, "s": {"NS": ["1", "2.5"]}, "u": {"NULL": True}}
    assert found.plain["s"] == [1, 2.5]
    assert await call("get_item", Key={**KEY, "sk": {"S": "2"}}) == {}


async def test_in_process_callers_may_pass_items_and_json_numbers(call: Any) -> None:
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "1", "n": 2}))
    values = Item.from_plain({":one": 1})
    answer = await call(
        "update_item",
        Key=Item.from_plain({"pk": "p", "sk": "1"}),
        UpdateExpression="ADD n :one",
        ExpressionAttributeValues=values,
        ReturnValues="ALL_NEW",
    )
    assert answer["Attributes"].plain == {"pk": "p", "sk": "1", "n": 3}


async def test_a_projection_cuts_the_answer(call: Any) -> None:
    await call("put_item", Item={**KEY, "a": {"M": {"b": {"N": "1"}, "c": {"N": "2"}}}, "name": {"S": "x"}})
    request = {"ProjectionExpression": "a.b, #n", "ExpressionAttributeNames": {"#n": "name"}}
    assert (await call("get_item", Key=KEY, **request))["Item"].plain == {"a": {"b": 1}, "name": "x"}
    assert (await call("get_item", Key=KEY, AttributesToGet=["name"]))["Item"].plain == {"name": "x"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("ALL_OLD", {"pk": "p", "sk": "1", "a": 1, "m": {"x": 1, "y": 2}}),
        ("UPDATED_OLD", {"a": 1, "m": {"x": 1}}),
        ("ALL_NEW", {"pk": "p", "sk": "1", "m": {"x": 9, "y": 2}, "c": 9}),
        ("UPDATED_NEW", {"m": {"x": 9}, "c": 9}),
        ("NONE", None),
    ],
)
async def test_an_update_returns_what_is_asked_for(call: Any, given: str, expected: Any) -> None:
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "1", "a": 1, "m": {"x": 1, "y": 2}}))
    answer = await call(
        "update_item",
        Key=KEY,
        UpdateExpression="SET m.x = :v, c = :v REMOVE a",
        ExpressionAttributeValues={":v": {"N": "9"}},
        ReturnValues=given,
    )
    assert (answer["Attributes"].plain if expected else answer) == (expected or {})


async def test_put_and_delete_return_the_old_item(call: Any) -> None:
    assert await call("put_item", Item={**KEY, "v": {"N": "1"}}, ReturnValues="ALL_OLD") == {}
    assert (await call("put_item", Item=KEY, ReturnValues="ALL_OLD"))["Attributes"].plain["v"] == 1
    assert (await call("delete_item", Key=KEY, ReturnValues="ALL_OLD"))["Attributes"] == KEY
    assert await call("delete_item", Key=KEY, ReturnValues="ALL_OLD") == {}
    with pytest.raises(ValidationException, match="ReturnValues can only be ALL_OLD or NONE"):
        await call("put_item", Item=KEY, ReturnValues="ALL_NEW")


async def test_a_failed_condition_changes_nothing_and_shows_the_item_if_asked(call: Any) -> None:
    await call("put_item", Item={**KEY, "v": {"N": "1"}})
    condition = {
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    with pytest.raises(ConditionalCheckFailedException, match="The conditional request failed") as failure:
        await call("put_item", Item=KEY, **condition)
    assert failure.value.fields["Item"].plain["v"] == 1
    with pytest.raises(ConditionalCheckFailedException) as failure:
        await call("delete_item", Key=KEY, ConditionExpression="attribute_not_exists(pk)")
    assert "Item" not in failure.value.fields
    assert (await call("get_item", Key=KEY))["Item"].plain["v"] == 1


async def test_an_update_creates_what_is_missing_even_without_an_expression(call: Any) -> None:
    await call("update_item", Key=KEY)
    assert (await call("get_item", Key=KEY))["Item"] == KEY


async def test_a_thousand_votes_at_once_are_counted_exactly(call: Any) -> None:
    vote = {"UpdateExpression": "ADD ups :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    await asyncio.gather(*(call("update_item", Key=KEY, **vote) for _ in range(1000)))
    assert (await call("get_item", Key=KEY))["Item"].plain["ups"] == 1000


async def test_of_many_conditional_puts_one_wins(call: Any) -> None:
    puts = [call("put_item", Item=KEY, ConditionExpression="attribute_not_exists(pk)") for _ in range(16)]
    outcomes = await asyncio.gather(*puts, return_exceptions=True)
    assert sum(isinstance(outcome, ConditionalCheckFailedException) for outcome in outcomes) == 15


@pytest.mark.parametrize(
    ("operation", "request_", "message"),
    [
        ("get_item", {"Key": {"pk": {"S": "p"}}}, "The provided key element does not match the schema"),
        ("get_item", {"Key": {**KEY, "sk": {"N": "1"}}}, "The provided key element does not match the schema"),
        (
            "put_item",
            {"Item": {"pk": {"S": "p"}}},
            "One or more parameter values were invalid: Missing the key sk in the item",
        ),
        (
            "put_item",
            {"Item": {**KEY, "sk": {"S": ""}}},
            "One or more parameter values are not valid. "
            "The AttributeValue for a key attribute cannot contain an empty string value. Key: sk",
        ),
        (
            "put_item",
            {"Item": {**KEY, "g1": {"N": "1"}}},
            "One or more parameter values were invalid: Type mismatch for Index Key g1 Expected: S Actual: N "
            "IndexName: gsi",
        ),
        (
            "update_item",
            {"Key": KEY, "UpdateExpression": "SET pk = :v", "ExpressionAttributeValues": {":v": {"S": "x"}}},
            "One or more parameter values were invalid: "
            "Cannot update attribute pk. This attribute is part of the key",
        ),
        (
            "update_item",
            {"Key": KEY, "UpdateExpression": "REMOVE a", "ExpressionAttributeValues": {":v": {"S": "x"}}},
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}",
        ),
        (
            "update_item",
            {"Key": KEY, "UpdateExpression": "REMOVE a", "AttributeUpdates": {"x": {"Action": "DELETE"}}},
            "Can not use both expression and non-expression parameters in the same request: Non-expression "
            "parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}",
        ),
        (
            "update_item",
            {"Key": KEY, "UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"N": "x"}}},
            "ExpressionAttributeValues contains invalid value: "
            "The parameter cannot be converted to a numeric value: x for key :v",
        ),
        (
            "get_item",
            {"Key": KEY, "ExpressionAttributeNames": {"#a": "b"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            "put_item",
            {"Item": {**KEY, "x": {"S": "x" * 410_000}}},
            "Item size has exceeded the maximum allowed size",
        ),
    ],
)
async def test_bad_requests_are_refused_in_the_services_words(
    call: Any, operation: str, request_: dict[str, Any], message: str
) -> None:
    with pytest.raises(AwsError) as error:
        await call(operation, **request_)
    assert refusal_of(error) == message
    assert error.value.code == "ValidationException"


async def test_an_update_beyond_400_kb_is_refused(call: Any) -> None:
    await call("put_item", Item={**KEY, "x": {"S": "x" * 300_000}})
    with pytest.raises(ValidationException, match="Item size to update has exceeded the maximum allowed size"):
        await call(
            "update_item",
            Key=KEY,
            UpdateExpression="SET y = :y",
            ExpressionAttributeValues={":y": {"S": "y" * 120_000}},
        )


async def test_an_unknown_table_is_not_found(call: Any) -> None:
    with pytest.raises(AwsError, match=r"^Requested resource not found$") as error:
        await call("get_item", TableName="nope", Key=KEY)
    assert error.value.code == "ResourceNotFoundException"


async def test_capacity_is_counted_in_units(call: Any) -> None:
    put = await call("put_item", Item={**KEY, "x": {"S": "x" * 5000}}, ReturnConsumedCapacity="TOTAL")
    assert put["ConsumedCapacity"] == {"TableName": "main", "CapacityUnits": 5.0}
    got = await call("get_item", Key=KEY, ReturnConsumedCapacity="TOTAL")
    assert got["ConsumedCapacity"]["CapacityUnits"] == 1.0
    got = await call("get_item", Key=KEY, ConsistentRead=True, ReturnConsumedCapacity="INDEXES")
    assert got["ConsumedCapacity"] == {"TableName": "main", "CapacityUnits": 2.0, "Table": {"CapacityUnits": 2.0}}
    put = await call("put_item", Item={**KEY, "g1": {"S": "g"}}, ReturnConsumedCapacity="INDEXES")
    assert put["ConsumedCapacity"]["GlobalSecondaryIndexes"] == {"keys": {"CapacityUnits": 1.0}}


async def test_item_collections_are_measured_on_tables_with_local_indexes(call: Any) -> None:
    answer = await call("put_item", Item=KEY, ReturnItemCollectionMetrics="SIZE")
    metrics = answer["ItemCollectionMetrics"]
    assert metrics == {"ItemCollectionKey": {"pk": {"S": "p"}}, "SizeEstimateRangeGB": [0.0, 1.0]}


async def test_legacy_parameters_still_work(call: Any) -> None:
    updates = {
        "a": {"Action": "PUT", "Value": {"N": "1"}},
        "n": {"Action": "ADD", "Value": {"N": "2"}},
        "s": {"Action": "ADD", "Value": {"SS": ["x"]}},
        "gone": {"Action": "DELETE"},
    }
    await call("update_item", Key=KEY, AttributeUpdates=updates)
    assert (await call("get_item", Key=KEY))["Item"].plain == {"pk": "p", "sk": "1", "a": 1, "n": 2, "s": ["x"]}
    expected = {"a": {"ComparisonOperator": "GT", "AttributeValueList": [{"N": "0"}]}, "zz": {"Exists": False}}
    await call("delete_item", Key=KEY, Expected=expected)
    with pytest.raises(ConditionalCheckFailedException):
        await call("delete_item", Key=KEY, Expected={"a": {"Value": {"N": "1"}}})


async def test_a_restored_store_is_read_anew(call: Any, ctx: Context) -> None:
    await call("get_item", Key=KEY)
    await ctx.store.write(lambda tx: tx.execute("DELETE FROM dynamodb_table"))
    ctx.account.bus.publish("store.restored")
    with pytest.raises(AwsError, match="Requested resource not found"):
        await call("get_item", Key=KEY)


async def test_policies_are_asked_with_the_partition_keys(call: Any, ctx: Context) -> None:
    asked: list[Any] = []
    ctx.account.authorizer = lambda context, action, resource, conditions, _: asked.append(
        (action, dict(conditions))
    )
    ctx.caller = Caller("signed")
    await call("get_item", Key=KEY)
    await call("query", KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "q"}})
    await call("batch_write_item", RequestItems={"main": [{"PutRequest": {"Item": KEY}}]})
    assert asked == [
        ("dynamodb:GetItem", {"dynamodb:LeadingKeys": ["p"]}),
        ("dynamodb:Query", {"dynamodb:LeadingKeys": ["q"]}),
        ("dynamodb:BatchWriteItem", {"dynamodb:LeadingKeys": ["p"]}),
    ]


@pytest.mark.parametrize(
    ("operation", "request_", "where"),
    [
        ("put_item", {"Item": KEY, "ConditionExpression": "pk.x = :v"}, "Key: pk"),
        ("delete_item", {"Key": KEY, "ConditionExpression": "attribute_exists(g1[0])"}, "IndexKey: g1"),
        ("update_item", {"Key": KEY, "UpdateExpression": "SET a = sk.x"}, "Key: sk"),
        ("update_item", {"Key": KEY, "UpdateExpression": "REMOVE l1.x"}, "IndexKey: l1"),
        ("get_item", {"Key": KEY, "ProjectionExpression": "a, pk.x"}, "Key: pk"),
        ("scan", {"FilterExpression": "size(gn.x) = :v"}, "IndexKey: gn"),
        ("query", {"KeyConditionExpression": "pk.x = :v"}, "Key: pk"),
    ],
)
async def test_no_path_goes_into_a_key(call: Any, operation: str, request_: dict[str, Any], where: str) -> None:
    values = {"ExpressionAttributeValues": Item.from_plain({":v": 1})} if ":v" in str(request_) else {}
    with pytest.raises(AwsError) as refused:
        await call(operation, **request_, **values)
    assert refused.value.message == (
        f"Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: {where}"
    )


async def test_a_default_must_be_there_even_if_it_is_not_needed(call: Any) -> None:
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "1", "n": 1}))
    with pytest.raises(AwsError, match="refers to an attribute that does not exist"):
        await call("update_item", Key=KEY, UpdateExpression="SET a = if_not_exists(n, nowhere)")
    await call("update_item", Key=KEY, UpdateExpression="SET a = if_not_exists(nowhere, n)")
    assert (await call("get_item", Key=KEY))["Item"]["a"] == {"N": "1"}
