from typing import Any

import pytest

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.upkeep import look
from habitr_emulator.wire.attribute_value import Item

FIVE_YEARS = 5 * 365 * 86_400


@pytest.fixture
async def expires(call: Any, ctx: Context) -> Any:
    """Put an item that expires in so many seconds; there was one before TTL was enabled."""

    async def put(sk: str, seconds: float | str | None) -> None:
        at = seconds if seconds is None or isinstance(seconds, str) else ctx.clock.now() + seconds
        more = {} if at is None else {"ttl": at}
        await call("put_item", Item=Item.from_plain({"pk": "p", "sk": sk, **more}))

    await put("before", 5)
    specification = {"Enabled": True, "AttributeName": "ttl"}
    await call("update_time_to_live", TimeToLiveSpecification=specification)
    return put


async def left(call: Any) -> list[str]:
    return [item.plain["sk"] for item in (await call("scan"))["Items"]]


async def test_items_go_when_the_clock_passes_their_time(call: Any, ctx: Context, expires: Any) -> None:
    await expires("soon", 10)
    await expires("later", 100)
    await expires("never", None)
    await expires("text", "10")
    await expires("long-past", -FIVE_YEARS)
    await look(ctx)
    assert await left(call) == ["before", "later", "long-past", "never", "soon", "text"]
    ctx.clock.advance(11)
    assert "soon" in await left(call)  # reads do not hide what has expired
    await look(ctx)
    assert await left(call) == ["later", "long-past", "never", "text"]


async def test_a_later_time_or_none_saves_an_item(call: Any, ctx: Context, expires: Any) -> None:
    await expires("moved", 10)
    await expires("moved", 100)
    await expires("saved", 10)
    key = Item.from_plain({"pk": "p", "sk": "saved"})
    names = {"#t": "ttl"}
    await call("update_item", Key=key, UpdateExpression="REMOVE #t", ExpressionAttributeNames=names)
    ctx.clock.advance(50)
    await look(ctx)
    assert await left(call) == ["moved", "saved"]


async def test_more_items_than_a_slice_expire_at_once(call: Any, ctx: Context, expires: Any) -> None:
    for start in range(0, 1100, 25):
        puts = [
            {"PutRequest": {"Item": Item.from_plain({"pk": "p", "sk": str(n), "ttl": ctx.clock.now() + 1})}}
            for n in range(start, start + 25)
        ]
        await call("batch_write_item", TableName=None, RequestItems={"main": puts})
    ctx.clock.advance(2)
    await look(ctx)
    assert await left(call) == ["before"]


async def test_switched_off_nothing_expires(call: Any, ctx: Context, expires: Any) -> None:
    await expires("soon", 10)
    specification = {"Enabled": False, "AttributeName": "ttl"}
    await call("update_time_to_live", TimeToLiveSpecification=specification)
    ctx.clock.advance(11)
    await look(ctx)
    assert await left(call) == ["before", "soon"]


async def test_a_table_made_anew_does_not_inherit_expiries(
    call: Any, ctx: Context, expires: Any, definition: dict[str, Any]
) -> None:
    await call("delete_table")
    await call("create_table", **definition)
    ctx.clock.advance(11)
    await look(ctx)
    assert await left(call) == []


async def test_the_stream_says_who_deleted_an_expired_item(call: Any, ctx: Context, expires: Any) -> None:
    specification = {"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"}
    answer = await call("update_table", StreamSpecification=specification)
    arn = answer["TableDescription"]["LatestStreamArn"]
    await call("delete_item", Key=Item.from_plain({"pk": "p", "sk": "nobody"}))
    ctx.clock.advance(11)
    await look(ctx)
    api = ctx.services.dynamodb
    shard = (await api.describe_stream({"StreamArn": arn}))["StreamDescription"]["Shards"][0]["ShardId"]
    request = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    page = await api.get_records(await api.get_shard_iterator(request))
    (record,) = page["Records"]
    assert record["eventName"] == "REMOVE"
    assert record["userIdentity"] == {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
    assert record["dynamodb"]["OldImage"]["sk"] == {"S": "before"}
