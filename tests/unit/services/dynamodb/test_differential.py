"""Random sequences of operations: table, index, pages and stream agree with a small reference model."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.errors import ConditionalCheckFailedException
from habitr_emulator.wire.attribute_value import Item
from tests.unit.services.dynamodb.reference_model import Model, Refused, Write

keys = st.tuples(st.sampled_from("pq"), st.sampled_from("123"))
numbers = st.integers(-3, 3)
bodies = st.fixed_dictionaries({}, optional={"n": numbers, "g1": st.sampled_from("ab"), "gn": numbers})
conditions = st.none() | st.just(("absent", None)) | st.tuples(st.just("below"), numbers)
actions = st.one_of(
    st.tuples(st.just("put"), bodies),
    st.tuples(st.just("delete"), st.none()),
    st.tuples(st.sampled_from(["set", "count", "increment", "append"]), numbers),
    st.tuples(st.just("remove"), st.sampled_from(["n", "l", "g1", "gn"])),
    st.tuples(st.just("cut"), st.integers(0, 2)),
)
writes = st.builds(
    lambda key, action, condition: Write(action[0], key, action[1], condition), keys, actions, conditions
)
steps = st.lists(writes.map(lambda write: [write]) | st.lists(writes, min_size=2, max_size=4), max_size=15)

EXPRESSIONS = {
    "set": "SET n = :v",
    "count": "SET n = if_not_exists(n, :zero) + :v",
    "increment": "SET n = n + :v",
    "append": "SET l = list_append(if_not_exists(l, :none), :list)",
}
CONDITIONS = {"absent": "attribute_not_exists(pk)", "below": "n < :bound"}


def request_of(write: Write) -> tuple[str, dict[str, Any]]:
    """The request for a write: Put, Update or Delete, and its members."""
    named = Item.from_plain({"pk": write.key[0], "sk": write.key[1]})
    values = {":v": write.detail, ":list": [write.detail], ":none": [], ":zero": 0}
    request: dict[str, Any] = {"TableName": "main"}
    if write.condition:
        request["ConditionExpression"] = CONDITIONS[write.condition[0]]
        values[":bound"] = write.condition[1]
    if write.action == "put":
        kind, request["Item"] = "Put", Item.from_plain({**named.plain, **write.detail})
    else:
        kind, request["Key"] = "Delete" if write.action == "delete" else "Update", named
    if kind == "Update":
        other = f"REMOVE l[{write.detail}]" if write.action == "cut" else f"REMOVE {write.detail}"
        request["UpdateExpression"] = EXPRESSIONS.get(write.action, other)
    text = request.get("ConditionExpression", "") + request.get("UpdateExpression", "")
    used = {name: value for name, value in values.items() if name in text}
    if used:
        request["ExpressionAttributeValues"] = Item.from_plain(used)
    return kind, request


async def done(call: Any, step: list[Write]) -> Any:
    """What the service answers: a refusal's code, or the old item of a single write."""
    requests = [request_of(write) for write in step]
    try:
        if len(step) > 1:
            items = [{kind: request} for kind, request in requests]
            await call("transact_write_items", TableName=None, TransactItems=items)
            return None
        ((kind, request),) = requests
        answer = await call(f"{kind.lower()}_item", **request, ReturnValues="ALL_OLD")
    except AwsError as error:
        return error.code
    return answer["Attributes"].plain if "Attributes" in answer else None


def expected(model: Model, step: list[Write]) -> Any:
    """What the model answers."""
    try:
        return model.transact(step) if len(step) > 1 else model.write(step[0])
    except Refused as refused:
        return refused.code


async def pages(call: Any, operation: str, limit: int, **request: Any) -> list[dict[str, Any]]:
    """The plain items of all pages."""
    found: list[dict[str, Any]] = []
    start: dict[str, Any] = {}
    while True:
        page = await call(operation, Limit=limit, **request, **start)
        found += [item.plain for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            return found
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


async def check_reads(call: Any, model: Model, limit: int) -> None:
    """Scan and queries, both ways, page by page."""
    assert await pages(call, "scan", limit) == [model.items[key] for key in sorted(model.items)]
    for forward in (True, False):
        values = Item.from_plain({":p": "p", ":s": "2"})
        request = {"KeyConditionExpression": "pk = :p AND sk >= :s", "ExpressionAttributeValues": values}
        found = await pages(call, "query", limit, ScanIndexForward=forward, **request)
        wanted = [key for key in sorted(model.items, reverse=not forward) if key[0] == "p" and key[1] >= "2"]
        assert found == [model.items[key] for key in wanted]
    request = {"KeyConditionExpression": "g1 = :g", "ExpressionAttributeValues": Item.from_plain({":g": "a"})}
    members = [item for item in model.items.values() if item.get("g1") == "a" and "gn" in item]
    wanted_members = sorted(members, key=lambda item: (item["gn"], item["pk"], item["sk"]))
    assert await pages(call, "query", limit, IndexName="gsi", **request) == wanted_members


async def stream(ctx: Context, arn: str) -> list[Any]:
    """What the stream tells: event names with plain old and new items."""
    api = ctx.services.dynamodb
    shard = (await api.describe_stream({"StreamArn": arn}))["StreamDescription"]["Shards"][0]["ShardId"]
    request = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    records = (await api.get_records(await api.get_shard_iterator(request)))["Records"]
    images = [[record["dynamodb"].get(member) for member in ("OldImage", "NewImage")] for record in records]
    plain = [[None if image is None else Item.from_typed(image).plain for image in pair] for pair in images]
    return [(record["eventName"], *pair) for record, pair in zip(records, plain, strict=True)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=steps, limit=st.integers(1, 4))
async def test_the_service_and_the_model_agree(
    call: Any, ctx: Context, definition: dict[str, Any], sequence: list[list[Write]], limit: int
) -> None:
    await call("delete_table")
    specification = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    created = await call("create_table", **definition, StreamSpecification=specification)
    model = Model()
    for step in sequence:
        assert await done(call, step) == expected(model, step)
    await check_reads(call, model, limit)
    assert await stream(ctx, created["TableDescription"]["LatestStreamArn"]) == model.records


async def test_many_writers_lose_no_update(call: Any) -> None:
    key = Item.from_plain({"pk": "p", "sk": "counter"})
    one = {"ExpressionAttributeValues": Item.from_plain({":one": 1})}

    async def add() -> None:
        await call("update_item", Key=key, UpdateExpression="ADD added :one", **one)

    async def transact() -> None:
        update = {"TableName": "main", "Key": key, "UpdateExpression": "ADD transacted :one", **one}
        other = {**update, "Key": Item.from_plain({"pk": "p", "sk": "other"})}
        await call("transact_write_items", TableName=None, TransactItems=[{"Update": update}, {"Update": other}])

    async def compare_and_swap() -> None:
        while True:
            seen = (
                (await call("get_item", Key=key, ConsistentRead=True))
                .get("Item", Item({}))
                .plain.get("swapped", 0)
            )
            try:
                await call(
                    "update_item",
                    Key=key,
                    UpdateExpression="SET swapped = :next",
                    ConditionExpression="attribute_not_exists(swapped) OR swapped = :seen",
                    ExpressionAttributeValues=Item.from_plain({":seen": seen, ":next": seen + 1}),
                )
            except ConditionalCheckFailedException:
                await asyncio.sleep(0)
            else:
                return

    await asyncio.gather(*(writer() for _ in range(50) for writer in (add, transact, compare_and_swap)))
    item = (await call("get_item", Key=key))["Item"].plain
    assert (item["added"], item["transacted"], item["swapped"]) == (50, 50, 50)


async def test_only_one_of_many_creators_succeeds(call: Any) -> None:
    item = Item.from_plain({"pk": "p", "sk": "s"})

    async def create() -> bool:
        try:
            await call("put_item", Item=item, ConditionExpression="attribute_not_exists(pk)")
        except ConditionalCheckFailedException:
            return False
        return True

    assert sum(await asyncio.gather(*(create() for _ in range(40)))) == 1


@pytest.mark.parametrize("count", [20])
async def test_readers_see_transactions_whole(call: Any, count: int) -> None:
    keys_ = [Item.from_plain({"pk": "p", "sk": sk}) for sk in "ab"]
    gets = [{"Get": {"TableName": "main", "Key": key}} for key in keys_]

    async def transfer(amount: int) -> None:
        updates = [
            {
                "Update": {
                    "TableName": "main",
                    "Key": key,
                    "UpdateExpression": "ADD n :v",
                    "ExpressionAttributeValues": Item.from_plain({":v": part}),
                }
            }
            for key, part in zip(keys_, (amount, -amount), strict=True)
        ]
        await call("transact_write_items", TableName=None, TransactItems=updates)

    async def total() -> int:
        answer = await call("transact_get_items", TableName=None, TransactItems=gets)
        return sum(response["Item"].plain["n"] for response in answer["Responses"] if response)

    work = [work for amount in range(count) for work in (transfer(amount), total())]
    sums = [each for each in await asyncio.gather(*work) if each is not None]
    assert sums == [0] * count
