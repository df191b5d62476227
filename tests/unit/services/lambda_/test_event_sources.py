"""Streams feed functions. The function is a list of answers here, save in the last test."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_sources, stream_poller
from habitr_emulator.services.lambda_.stream_poller import Poller
from habitr_emulator.services.registry import Registry

FAILS = object()


@dataclass
class Function(Registry):
    """Stands for Lambda: keeps the batches it is invoked with, answers what ``answers`` say, in order."""

    answers: list[Any] = field(default_factory=list)
    batches: list[list[dict[str, Any]]] = field(default_factory=list)

    async def call(self, service: str, name: str, request: dict[str, Any], context: Context) -> dict[str, Any]:
        if (service, name) != ("lambda_", "invoke"):
            return await super().call(service, name, request, context)
        self.batches.append(json.loads(request["Payload"])["Records"])
        answer = self.answers.pop(0) if self.answers else None
        if callable(answer):
            answer = answer(self.batches[-1])
        if answer is FAILS:
            return {"FunctionError": "Unhandled", "Payload": b"{}"}
        return {"Payload": json.dumps(answer).encode()}

    @property
    def seen(self) -> list[str]:
        """The ids in each batch."""
        return ["".join(record["dynamodb"]["Keys"]["id"]["S"] for record in batch) for batch in self.batches]


@dataclass
class Feed:
    """A table with a stream, a function, and a mapping between them that works when asked to."""

    ctx: Context
    function: Function
    arn: str = ""
    uuid: str = ""

    async def write(self, *ids: str) -> None:
        for each in ids:
            await self.ctx.services.dynamodb.put_item({"TableName": "source", "Item": {"id": {"S": each}}})

    async def map(self, **settings: Any) -> dict[str, Any]:
        request = {
            "FunctionName": "f",
            "EventSourceArn": self.arn,
            "StartingPosition": "TRIM_HORIZON",
            "Enabled": False,
            **settings,
        }
        answer = await self.ctx.services.lambda_.create_event_source_mapping(request)
        self.uuid = answer["UUID"]
        return dict(answer)

    async def work(self, steps: int = 1) -> None:
        poller = Poller(self.ctx.account, self.uuid)
        for _ in range(steps):
            await poller.step(event_sources.require(self.ctx.account, self.uuid))

    async def result(self) -> str:
        answer = await self.ctx.services.lambda_.get_event_source_mapping({"UUID": self.uuid})
        return str(answer["LastProcessingResult"])


@pytest.fixture
async def feed(ctx: Context, make: Any, monkeypatch: pytest.MonkeyPatch) -> Feed:
    monkeypatch.setattr(stream_poller, "FIRST_BACKOFF", 0)
    monkeypatch.setattr(stream_poller, "IDLE", 0)
    await make("def handler(event, context): pass")
    created = await ctx.services.dynamodb.create_table(
        {
            "TableName": "source",
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        }
    )
    function = Function()
    ctx.account.registry = function
    return Feed(ctx, function, created["TableDescription"]["LatestStreamArn"])


def failures(*ids: str) -> Callable[[list[dict[str, Any]]], Any]:
    """An answer that reports these records."""

    def report(batch: list[dict[str, Any]]) -> Any:
        numbers = {record["dynamodb"]["Keys"]["id"]["S"]: record["dynamodb"]["SequenceNumber"] for record in batch}
        return {"batchItemFailures": [{"itemIdentifier": numbers[each]} for each in ids]}

    return report


async def test_records_come_in_order_in_batches(feed: Feed) -> None:
    await feed.map(BatchSize=2)
    await feed.write(*"abc")
    await feed.work(2)
    assert feed.function.seen == ["ab", "c"]
    record = feed.function.batches[0][0]
    assert record["eventSourceARN"] == feed.arn
    assert record["eventName"] == "INSERT"
    assert record["dynamodb"]["NewImage"] == {"id": {"S": "a"}}
    assert record["dynamodb"]["ApproximateCreationDateTime"] == int(feed.ctx.clock.now())
    assert await feed.result() == "OK"


async def test_latest_begins_where_the_stream_was_when_the_mapping_was_made(feed: Feed) -> None:
    await feed.write("a")
    await feed.map(StartingPosition="LATEST")
    await feed.write("b")
    feed.ctx.clock.advance(3600)  # longer than an iterator of a client lives
    await feed.work()
    assert feed.function.seen == ["b"]


async def test_a_new_poller_goes_on_behind_what_was_dealt_with(feed: Feed) -> None:
    await feed.map(BatchSize=1)
    await feed.write(*"ab")
    await feed.work()
    await feed.work()
    await feed.work()
    assert feed.function.seen == ["a", "b"]


async def test_a_failed_batch_is_tried_again_and_blocks_what_follows(feed: Feed) -> None:
    feed.function.answers = [FAILS, FAILS]
    await feed.map(BatchSize=2)
    await feed.write(*"abc")
    await feed.work(4)
    assert feed.function.seen == ["ab", "ab", "ab", "c"]


async def test_a_batch_is_discarded_after_its_retries(feed: Feed) -> None:
    feed.function.answers = [FAILS, FAILS]
    await feed.map(BatchSize=2, MaximumRetryAttempts=1)
    await feed.write(*"abc")
    await feed.work(2)
    assert await feed.result() == "PROBLEM: Function call failed"
    await feed.work(2)
    assert feed.function.seen == ["ab", "ab", "c"]


async def test_records_that_are_too_old_are_discarded(feed: Feed) -> None:
    feed.function.answers = [FAILS]
    await feed.map(BatchSize=2, MaximumRecordAgeInSeconds=60)
    await feed.write("a")
    feed.ctx.clock.advance(40)
    await feed.write(*"bc")
    poller = Poller(feed.ctx.account, feed.uuid)
    mapping = event_sources.require(feed.ctx.account, feed.uuid)
    await poller.step(mapping)
    feed.ctx.clock.advance(30)
    await poller.step(mapping)
    feed.ctx.clock.advance(100)
    await poller.step(mapping)
    assert feed.function.seen == ["ab", "b"]


async def test_bisecting_isolates_the_record_that_fails(feed: Feed) -> None:
    def poisoned(batch: list[dict[str, Any]]) -> Any:
        return FAILS if any(record["dynamodb"]["Keys"]["id"]["S"] == "c" for record in batch) else None

    feed.function.answers = [poisoned] * 9
    await feed.map(BisectBatchOnFunctionError=True, MaximumRetryAttempts=0)
    await feed.write(*"abcd")
    await feed.work(6)
    assert feed.function.seen == ["abcd", "ab", "cd", "c", "d"]


async def test_a_reported_failure_keeps_what_was_done_before_it(feed: Feed) -> None:
    feed.function.answers = [failures("d", "c"), failures("c"), {"batchItemFailures": []}]
    await feed.map(FunctionResponseTypes=["ReportBatchItemFailures"])
    await feed.write(*"abcd")
    await feed.work(4)
    assert feed.function.seen == ["abcd", "cd", "cd"]


@pytest.mark.parametrize("report", [{"batchItemFailures": [{"itemIdentifier": ""}]}, {"batchItemFailures": [{}]}])
async def test_a_report_without_sense_fails_the_whole_batch(feed: Feed, report: Any) -> None:
    feed.function.answers = [report]
    await feed.map(FunctionResponseTypes=["ReportBatchItemFailures"])
    await feed.write(*"ab")
    await feed.work(2)
    assert feed.function.seen == ["ab", "ab"]


async def test_only_what_a_filter_lets_through_is_delivered(feed: Feed) -> None:
    pattern = json.dumps({"dynamodb": {"Keys": {"id": {"S": ["b", "d"]}}}})
    await feed.map(BatchSize=3, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    await feed.write(*"abcaad")
    await feed.work(3)
    assert feed.function.seen == ["b", "d"]


async def test_the_end_of_a_stream_is_delivered_once(feed: Feed) -> None:
    await feed.map(BatchSize=2)
    await feed.write(*"abc")
    await feed.ctx.services.dynamodb.delete_table({"TableName": "source"})
    await feed.work(4)
    assert feed.function.seen == ["ab", "c"]


async def test_what_was_trimmed_is_passed_over(feed: Feed) -> None:
    await feed.write("a")
    await feed.map(StartingPosition="LATEST", BatchSize=1)
    await feed.write("b")
    feed.ctx.clock.advance(86_401)
    await feed.write("c")
    await feed.work(2)
    assert feed.function.seen == ["c"]


async def test_a_mapping_is_described_changed_and_removed(feed: Feed) -> None:
    api = feed.ctx.services.lambda_
    created = await feed.map(BatchSize=7)
    assert created["State"] == "Creating"
    assert created["FunctionArn"].endswith(":function:f")
    with pytest.raises(AwsError) as error:
        await feed.map()
    assert (error.value.code, feed.uuid in error.value.message) == ("ResourceConflictException", True)
    updated = await api.update_event_source_mapping({"UUID": feed.uuid, "MaximumRetryAttempts": 3})
    assert (updated["BatchSize"], updated["MaximumRetryAttempts"]) == (7, 3)
    (listed,) = (await api.list_event_source_mappings({"FunctionName": "f"}))["EventSourceMappings"]
    assert (listed["UUID"], listed["State"]) == (feed.uuid, "Disabled")
    assert (await api.list_event_source_mappings({"FunctionName": "g"}))["EventSourceMappings"] == []
    assert (await api.delete_event_source_mapping({"UUID": feed.uuid}))["State"] == "Deleting"
    with pytest.raises(AwsError) as error:
        await api.get_event_source_mapping({"UUID": feed.uuid})
    assert error.value.code == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"StartingPosition": "AT_TIMESTAMP"}, "InvalidParameterValueException"),
        ({"EventSourceArn": "arn:aws:dynamodb:us-east-1:0:table/x/stream/y"}, "InvalidParameterValueException"),
        ({"EventSourceArn": "arn:aws:sqs:us-east-1:0:queue"}, "NotImplemented"),
        ({"FunctionName": "nobody"}, "ResourceNotFoundException"),
        ({"MaximumRecordAgeInSeconds": 5}, "InvalidParameterValueException"),
        ({"FilterCriteria": {"Filters": [{"Pattern": "x"}]}}, "InvalidParameterValueException"),
        ({"ParallelizationFactor": 2}, "NotImplemented"),
        ({"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:0:q"}}}, "NotImplemented"),
    ],
)
async def test_what_cannot_work_is_refused(feed: Feed, settings: dict[str, Any], code: str) -> None:
    with pytest.raises(AwsError) as error:
        await feed.map(**settings)
    assert error.value.code == code


async def test_an_enabled_mapping_works_by_itself_and_stops_when_disabled(feed: Feed) -> None:
    delivered = asyncio.Event()
    feed.function.answers = [lambda batch: delivered.set()]
    await feed.map(Enabled=True)
    await feed.write("a")
    await asyncio.wait_for(delivered.wait(), 5)
    await feed.ctx.services.lambda_.update_event_source_mapping({"UUID": feed.uuid, "Enabled": False})
    tasks = feed.ctx.account.part(stream_poller.EventSources)._tasks
    await asyncio.wait_for(tasks[feed.uuid], 5)
    await feed.write("b")
    assert feed.function.seen == ["a"]


async def test_a_real_function_gets_its_records(feed: Feed, make: Any) -> None:
    folder = await make(
        "import json, pathlib\n"
        "def handler(event, context):\n"
        "    pathlib.Path(__file__).with_name('seen').write_text(json.dumps(event))\n"
    )
    feed.ctx.account.registry = Registry()
    await feed.map()
    await feed.write("a")
    await feed.work()
    (record,) = json.loads((folder / "seen").read_text())["Records"]
    assert record["dynamodb"]["Keys"] == {"id": {"S": "a"}}
