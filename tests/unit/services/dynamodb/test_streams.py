from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.upkeep import look
from habitr_emulator.wire.attribute_value import Item


def item(sk: str, **more: Any) -> Item:
    return Item.from_plain({"pk": "p", "sk": sk, **more})


def key(sk: str) -> dict[str, Any]:
    return {"pk": {"S": "p"}, "sk": {"S": sk}}


class Streams:
    """The stream of the table ``main``, and how to read it."""

    def __init__(self, call: Any, ctx: Context) -> None:
        self.call = call
        self._ctx = ctx
        self.arn = ""

    async def enable(self, view: str = "NEW_AND_OLD_IMAGES") -> str:
        specification = {"StreamEnabled": True, "StreamViewType": view}
        answer = await self.call("update_table", StreamSpecification=specification)
        self.arn = answer["TableDescription"]["LatestStreamArn"]
        return self.arn

    async def api(self, operation: str, **request: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await self._ctx.account.registry.call("dynamodb", operation, request, self._ctx)
        return answer

    async def shard(self) -> dict[str, Any]:
        answer = await self.api("describe_stream", StreamArn=self.arn)
        (shard,) = answer["StreamDescription"]["Shards"]
        return dict(shard)

    async def iterator(self, kind: str = "TRIM_HORIZON", **more: Any) -> str:
        shard = (await self.shard())["ShardId"]
        request = {"StreamArn": self.arn, "ShardId": shard, "ShardIteratorType": kind, **more}
        return str((await self.api("get_shard_iterator", **request))["ShardIterator"])

    async def records(self, kind: str = "TRIM_HORIZON", **more: Any) -> list[dict[str, Any]]:
        answer = await self.api("get_records", ShardIterator=await self.iterator(kind, **more))
        return list(answer["Records"])


@pytest.fixture
def streams(call: Any, ctx: Context) -> Streams:
    return Streams(call, ctx)


async def test_every_change_leaves_a_record_and_no_change_none(streams: Streams) -> None:
    await streams.enable()
    await streams.call("put_item", Item=item("a", n=1))
    await streams.call("put_item", Item=item("a", n=1))
    await streams.call("put_item", Item=item("a", n=True))
    await streams.call("delete_item", Key=item("a"))
    await streams.call("delete_item", Key=item("a"))
    found = await streams.records()
    assert [record["eventName"] for record in found] == ["INSERT", "MODIFY", "REMOVE"]
    images = [(record["dynamodb"].get("OldImage"), record["dynamodb"].get("NewImage")) for record in found]
    one, true = {**key("a"), "n": {"N": "1"}}, {**key("a"), "n": {"BOOL": True}}
    assert images == [(None, one), (one, true), (true, None)]
    numbers = [record["dynamodb"]["SequenceNumber"] for record in found]
    assert numbers == sorted(set(numbers))
    assert {len(number) for number in numbers} == {21}
    assert len({record["eventID"] for record in found}) == 3
    assert found[0]["dynamodb"]["SizeBytes"] == (2 + 1 + 2 + 1) + (2 + 1 + 2 + 1 + 1 + 2)


@pytest.mark.parametrize(
    ("view", "members"),
    [
        ("KEYS_ONLY", set()),
        ("NEW_IMAGE", {"NewImage"}),
        ("OLD_IMAGE", {"OldImage"}),
        ("NEW_AND_OLD_IMAGES", {"NewImage", "OldImage"}),
    ],
)
async def test_the_view_decides_what_a_record_shows(streams: Streams, view: str, members: set[str]) -> None:
    await streams.call("put_item", Item=item("a", n=1))
    await streams.enable(view)
    await streams.call("put_item", Item=item("a", n=2))
    (record,) = await streams.records()
    assert record["dynamodb"]["Keys"] == key("a")
    assert record["dynamodb"]["StreamViewType"] == view
    assert {"NewImage", "OldImage"} & set(record["dynamodb"]) == members


async def test_a_transaction_leaves_its_records_together_and_a_cancelled_one_none(streams: Streams) -> None:
    await streams.enable("KEYS_ONLY")

    async def transact(*sks: str, **more: Any) -> None:
        puts = [{"Put": {"TableName": "main", "Item": item(sk), **more}} for sk in sks]
        await streams.call("transact_write_items", TableName=None, TransactItems=puts)

    await transact("a", "b")
    with pytest.raises(AwsError):
        await transact("c", "b", ConditionExpression="attribute_not_exists(pk)")
    assert [record["dynamodb"]["Keys"]["sk"]["S"] for record in await streams.records()] == ["a", "b"]


async def test_iterators_begin_where_they_were_asked_to(streams: Streams, ctx: Context) -> None:
    await streams.enable("KEYS_ONLY")
    for sk in "abc":
        await streams.call("put_item", Item=item(sk))
        ctx.clock.advance(10)
    number = (await streams.records())[1]["dynamodb"]["SequenceNumber"]

    async def seen(kind: str, **more: Any) -> str:
        return "".join(record["dynamodb"]["Keys"]["sk"]["S"] for record in await streams.records(kind, **more))

    assert await seen("AT_SEQUENCE_NUMBER", SequenceNumber=number) == "bc"
    assert await seen("AFTER_SEQUENCE_NUMBER", SequenceNumber=number) == "c"
    assert await seen("AT_TIMESTAMP", Timestamp=ctx.clock.now() - 15) == "c"
    assert await seen("LATEST") == ""
    latest = await streams.iterator("LATEST")
    await streams.call("put_item", Item=item("d"))
    page = await streams.api("get_records", ShardIterator=latest)
    assert page["Records"][0]["dynamodb"]["Keys"]["sk"]["S"] == "d"


async def test_pages_follow_each_other_without_gap(streams: Streams) -> None:
    await streams.enable("KEYS_ONLY")
    for number in range(5):
        await streams.call("put_item", Item=item(str(number)))
    iterator, seen = await streams.iterator(), []
    for _ in range(4):
        page = await streams.api("get_records", ShardIterator=iterator, Limit=2)
        seen.append([record["dynamodb"]["Keys"]["sk"]["S"] for record in page["Records"]])
        iterator = page["NextShardIterator"]
    assert seen == [["0", "1"], ["2", "3"], ["4"], []]


async def test_records_are_gone_after_a_day(streams: Streams, ctx: Context) -> None:
    await streams.enable("KEYS_ONLY")
    await streams.call("put_item", Item=item("a"))
    number = (await streams.records())[0]["dynamodb"]["SequenceNumber"]
    ctx.clock.advance(86_000)
    await streams.call("put_item", Item=item("b"))
    iterator = await streams.iterator("AT_SEQUENCE_NUMBER", SequenceNumber=number)
    ctx.clock.advance(500)
    assert [record["dynamodb"]["Keys"]["sk"]["S"] for record in await streams.records()] == ["b"]
    with pytest.raises(AwsError) as error:
        await streams.records("AT_SEQUENCE_NUMBER", SequenceNumber=number)
    assert error.value.code == "TrimmedDataAccessException"
    ctx.clock.advance(500)
    with pytest.raises(AwsError) as error:
        await streams.api("get_records", ShardIterator=iterator)
    assert error.value.code == "ExpiredIteratorException"


async def test_a_stream_that_is_switched_off_ends_and_is_readable_for_a_day(
    streams: Streams, ctx: Context
) -> None:
    arn = await streams.enable("KEYS_ONLY")
    await streams.call("put_item", Item=item("a"))
    await streams.call("update_table", StreamSpecification={"StreamEnabled": False})
    await streams.call("put_item", Item=item("b"))
    described = (await streams.api("describe_stream", StreamArn=arn))["StreamDescription"]
    assert described["StreamStatus"] == "DISABLED"
    assert "EndingSequenceNumber" in described["Shards"][0]["SequenceNumberRange"]
    page = await streams.api("get_records", ShardIterator=await streams.iterator())
    assert [record["dynamodb"]["Keys"]["sk"]["S"] for record in page["Records"]] == ["a"]
    assert "NextShardIterator" not in page
    ctx.clock.advance(86_401)
    await look(ctx)
    assert (await streams.api("list_streams"))["Streams"] == []


async def test_streams_are_listed_by_table_page_by_page(streams: Streams, ctx: Context) -> None:
    first = await streams.enable("KEYS_ONLY")
    await streams.call("update_table", StreamSpecification={"StreamEnabled": False})
    ctx.clock.advance(1)
    second = await streams.enable("KEYS_ONLY")
    page = await streams.api("list_streams", TableName="main", Limit=1)
    assert [stream["StreamArn"] for stream in page["Streams"]] == [first]
    rest = await streams.api("list_streams", ExclusiveStartStreamArn=page["LastEvaluatedStreamArn"])
    assert [stream["StreamArn"] for stream in rest["Streams"]] == [second]
    assert (await streams.api("list_streams", TableName="other"))["Streams"] == []


async def test_a_write_is_announced_after_its_commit(streams: Streams, ctx: Context) -> None:
    arn = await streams.enable("KEYS_ONLY")
    heard: list[tuple[str, int]] = []

    def count(event: str) -> None:
        row = ctx.store.one("SELECT count(*) FROM dynamodb_stream_record")
        heard.append((event, row[0] if row else 0))

    ctx.account.bus.subscribe("dynamodb.stream", count)
    await streams.call("put_item", Item=item("a"))
    assert heard == [(arn, 1)]


@pytest.mark.parametrize(
    ("operation", "request_", "code"),
    [
        ("describe_stream", {"StreamArn": "arn:aws:dynamodb:us-east-1:1:table/x/stream/y"}, "ResourceNotFound"),
        ("get_records", {"ShardIterator": "nonsense"}, "Validation"),
        ("get_records", {"ShardIterator": "x|1|eHh4"}, "Validation"),
    ],
)
async def test_what_is_no_stream_is_refused(
    streams: Streams, operation: str, request_: dict[str, Any], code: str
) -> None:
    with pytest.raises(AwsError) as error:
        await streams.api(operation, **request_)
    assert error.value.code == f"{code}Exception"
