from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Caller, Context
from habitr_emulator.services.dynamodb.errors import TransactionCanceledException
from habitr_emulator.wire.attribute_value import Item


def key(sk: str) -> Item:
    return Item.from_plain({"pk": "p", "sk": sk})


def item(sk: str, **more: Any) -> Item:
    return Item.from_plain({"pk": "p", "sk": sk, **more})


def put(sk: str, **more: Any) -> dict[str, Any]:
    return {"Put": {"TableName": "main", "Item": item(sk), **more}}


async def count(call: Any) -> int:
    return int((await call("scan", Select="COUNT"))["Count"])


async def batch(call: Any, operation: str, items: Any, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await call(operation, TableName=None, RequestItems={"main": items}, **more)
    return answer


async def transact(call: Any, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await call("transact_write_items", TableName=None, TransactItems=list(items), **more)
    return answer


async def test_a_batch_writes_and_reads_many(call: Any) -> None:
    await call("put_item", Item=item("old"))
    writes = [{"PutRequest": {"Item": item(str(n))}} for n in range(3)]
    answer = await batch(call, "batch_write_item", [*writes, {"DeleteRequest": {"Key": key("old")}}])
    assert answer == {"UnprocessedItems": {}}
    found = await batch(call, "batch_get_item", {"Keys": [key("0"), key("2"), key("old")]})
    assert [each.plain["sk"] for each in found["Responses"]["main"]] == ["0", "2"]
    assert found["UnprocessedKeys"] == {}


async def test_a_batch_answers_sixteen_megabytes_and_names_the_rest(call: Any) -> None:
    for number in range(44):
        await call("put_item", Item=item(f"{number:02}", x="x" * 400_000))
    found = await batch(call, "batch_get_item", {"Keys": [key(f"{n:02}") for n in range(44)]})
    answered, left = len(found["Responses"]["main"]), len(found["UnprocessedKeys"]["main"]["Keys"])
    assert (answered, left) == (41, 3)


@pytest.mark.parametrize(
    ("operation", "items", "message"),
    [
        ("batch_get_item", {"Keys": [key("1"), key("1")]}, "Provided list of item keys contains duplicates"),
        (
            "batch_write_item",
            [{"PutRequest": {"Item": item("1")}}, {"DeleteRequest": {"Key": key("1")}}],
            "Provided list of item keys contains duplicates",
        ),
        (
            "batch_write_item",
            [{"PutRequest": {"Item": item("1")}}, {"PutRequest": {"Item": Item.from_plain({"pk": "p"})}}],
            "The provided key element does not match the schema",
        ),
    ],
)
async def test_a_bad_batch_has_no_effect(call: Any, operation: str, items: Any, message: str) -> None:
    with pytest.raises(AwsError) as error:
        await batch(call, operation, items)
    assert error.value.message == message
    assert await count(call) == 0


async def test_a_transaction_does_everything(call: Any) -> None:
    for sk in "bcd":
        await call("put_item", Item=item(sk, n=1))
    await transact(
        call,
        put("a"),
        {
            "Update": {
                "TableName": "main",
                "Key": key("b"),
                "UpdateExpression": "ADD n :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
        },
        {"Delete": {"TableName": "main", "Key": key("c")}},
        {"ConditionCheck": {"TableName": "main", "Key": key("d"), "ConditionExpression": "attribute_exists(pk)"}},
    )
    found = (await call("scan"))["Items"]
    assert [(each.plain["sk"], each.plain.get("n")) for each in found] == [("a", None), ("b", 2), ("d", 1)]


async def test_a_cancelled_transaction_does_nothing_and_says_why(call: Any) -> None:
    await call("put_item", Item=item("b", s="x"))
    update = {"UpdateExpression": "ADD s :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    absent = {
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    with pytest.raises(TransactionCanceledException) as cancelled:
        await transact(call, put("a"), put("b", **absent))
    assert cancelled.value.message == (
        "Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[None, ConditionalCheckFailed]"
    )
    reasons = cancelled.value.fields["CancellationReasons"]
    assert reasons[0] == {"Code": "None"}
    assert reasons[1] == {
        "Code": "ConditionalCheckFailed",
        "Message": "The conditional request failed",
        "Item": item("b", s="x"),
    }
    with pytest.raises(TransactionCanceledException) as cancelled:
        await transact(call, put("a"), {"Update": {"TableName": "main", "Key": key("b"), **update}})
    assert cancelled.value.fields["CancellationReasons"][1]["Code"] == "ValidationError"
    assert await count(call) == 1


async def test_a_token_makes_a_transaction_happen_once(call: Any, ctx: Context) -> None:
    update = {
        "Update": {
            "TableName": "main",
            "Key": key("a"),
            "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }
    for _ in range(2):
        await transact(call, update, ClientRequestToken="token")
    with pytest.raises(AwsError) as error:
        await transact(call, put("b"), ClientRequestToken="token")
    assert error.value.code == "IdempotentParameterMismatchException"
    assert (await call("get_item", Key=key("a")))["Item"].plain["n"] == 1
    ctx.clock.advance(601)
    await transact(call, update, ClientRequestToken="token")
    assert (await call("get_item", Key=key("a")))["Item"].plain["n"] == 2


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([put("a"), put("a")], "Transaction request cannot include multiple operations on one item"),
        (
            [{**put("a"), "Delete": {"TableName": "main", "Key": key("b")}}],
            "TransactItems can only contain one of Check, Put, Update or Delete",
        ),
    ],
)
async def test_a_malformed_transaction_is_refused(call: Any, items: list[Any], message: str) -> None:
    with pytest.raises(AwsError) as error:
        await transact(call, *items)
    assert error.value.message == message


async def test_transactional_reads_answer_in_order(call: Any) -> None:
    await call("put_item", Item=item("a", n=1))
    gets = [{"Get": {"TableName": "main", "Key": key(sk)}} for sk in "ba"]
    answer = await call("transact_get_items", TableName=None, TransactItems=gets, ReturnConsumedCapacity="TOTAL")
    assert answer["Responses"] == [{}, {"Item": item("a", n=1)}]
    assert answer["ConsumedCapacity"][0]["CapacityUnits"] == 4.0


async def test_each_item_of_a_transaction_is_authorized(call: Any, ctx: Context) -> None:
    asked: list[tuple[str, str]] = []
    ctx.account.authorizer = lambda context, action, resource, *_: asked.append((action, resource))
    ctx.caller = Caller("signed")
    await transact(call, put("a"), {"Delete": {"TableName": "main", "Key": key("b")}})
    arn = "arn:aws:dynamodb:us-east-1:000000000000:table/main"
    assert asked == [("dynamodb:PutItem", arn), ("dynamodb:DeleteItem", arn)]


async def test_a_key_of_the_wrong_type_cancels_a_transaction(call: Any) -> None:
    put = {"Put": {"TableName": "main", "Item": Item.from_plain({"pk": 1, "sk": "1"})}}
    delete = {"Delete": {"TableName": "main", "Key": Item.from_plain({"pk": "p", "sk": "1"})}}
    with pytest.raises(TransactionCanceledException) as cancelled:
        await call("transact_write_items", TableName=None, TransactItems=[delete, put])
    message = "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"
    assert cancelled.value.fields["CancellationReasons"] == [
        {"Code": "None"},
        {"Code": "ValidationError", "Message": message},
    ]


async def test_transactions_tell_what_kind_of_units_they_took(call: Any) -> None:
    put = {"Put": {"TableName": "main", "Item": Item.from_plain({"pk": "p", "sk": "1"})}}
    get = {"Get": {"TableName": "main", "Key": Item.from_plain({"pk": "p", "sk": "1"})}}
    asked = {"TableName": None, "ReturnConsumedCapacity": "TOTAL"}
    written = await call("transact_write_items", TransactItems=[put], **asked)
    assert written["ConsumedCapacity"] == [{"TableName": "main", "CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}]
    read = await call("transact_get_items", TransactItems=[get], **asked)
    assert read["ConsumedCapacity"] == [{"TableName": "main", "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}]
