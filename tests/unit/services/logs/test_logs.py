"""CloudWatch Logs: what functions wrote, by stream and by pattern."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError, NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import events, filter_pattern

Call = Callable[..., Awaitable[dict[str, Any]]]
GROUP, STREAM = "/aws/lambda/f", "2026/11/29/[$LATEST]abc"


@pytest.fixture
async def call(ctx: Context) -> Call:
    async def called(operation: str, **request: Any) -> dict[str, Any]:
        return await ctx.account.registry.call("logs", operation, {"logGroupName": GROUP, **request}, ctx)

    await called("create_log_group")
    await called("create_log_stream", logStreamName=STREAM)
    return called


async def put(call: Call, *messages: str, at: int = 1_795_000_000_000) -> None:
    listed = [{"timestamp": at + place, "message": message} for place, message in enumerate(messages)]
    await call("put_log_events", logStreamName=STREAM, logEvents=listed)


def messages(answer: dict[str, Any]) -> list[str]:
    return [event["message"] for event in answer["events"]]


async def test_a_stream_is_read_in_both_directions(call: Call) -> None:
    await put(call, *"abcde")
    first = await call("get_log_events", logStreamName=STREAM, limit=2, startFromHead=True)
    assert messages(first) == ["a", "b"]
    second = await call("get_log_events", logStreamName=STREAM, limit=2, nextToken=first["nextForwardToken"])
    assert messages(second) == ["c", "d"]
    back = await call("get_log_events", logStreamName=STREAM, limit=9, nextToken=second["nextBackwardToken"])
    assert messages(back) == ["a", "b"]
    last = await call("get_log_events", logStreamName=STREAM, limit=2)
    assert messages(last) == ["d", "e"]
    end = await call("get_log_events", logStreamName=STREAM, nextToken=last["nextForwardToken"])
    assert (end["events"], end["nextForwardToken"]) == ([], last["nextForwardToken"])


async def test_older_events_that_come_late_stand_in_their_place(call: Call) -> None:
    await put(call, "later", at=1_795_000_001_000)
    await put(call, "earlier", at=1_795_000_000_000)
    assert messages(await call("get_log_events", logStreamName=STREAM, limit=1, startFromHead=True)) == ["earlier"]
    only = await call("get_log_events", logStreamName=STREAM, startTime=1_795_000_001_000)
    assert messages(only) == ["later"]


async def test_events_are_found_by_pattern_and_page_by_page(call: Call) -> None:
    await put(call, "START 1", "ERROR no such user", "END 1", "ERROR no such habit", "START 2")
    assert messages(await call("filter_log_events", filterPattern="ERROR -habit")) == ["ERROR no such user"]
    page = await call("filter_log_events", filterPattern='"no such"', limit=1)
    assert messages(page) == ["ERROR no such user"]
    rest = await call("filter_log_events", filterPattern='"no such"', nextToken=page["nextToken"])
    assert messages(rest) == ["ERROR no such habit"]
    assert "nextToken" not in rest
    assert len(messages(await call("filter_log_events", filterPattern="?START ?END"))) == 3
    assert (await call("filter_log_events", logStreamNames=["other"]))["events"] == []


@pytest.mark.parametrize(
    ("pattern", "message", "found"),
    [
        ("", "anything", True),
        ("a b", "b and a", True),
        ("a b", "only a", False),
        ('"a b"', "b and a", False),
        ('"say \\"hi\\""', 'to say "hi"', True),
        ("?x ?y", "y", True),
        ("?x ?y", "z", False),
        ("-x", "z", True),
        ("error", "ERROR", False),
    ],
)
def test_a_pattern_of_terms(pattern: str, message: str, found: bool) -> None:
    assert filter_pattern.compiled(pattern)(message) is found


async def test_what_is_wrong_is_refused(call: Call) -> None:
    with pytest.raises(NotBuilt):
        await call("filter_log_events", filterPattern='{ $.level = "error" }')
    with pytest.raises(AwsError, match="already exists"):
        await call("create_log_group")
    with pytest.raises(AwsError, match="The specified log stream does not exist"):
        await call("get_log_events", logStreamName="none")
    backwards = [{"timestamp": 2, "message": "b"}, {"timestamp": 1, "message": "a"}]
    with pytest.raises(AwsError, match="chronological"):
        await call("put_log_events", logStreamName=STREAM, logEvents=backwards)
    with pytest.raises(AwsError, match="nextToken is invalid"):
        await call("get_log_events", logStreamName=STREAM, nextToken="f/1")


async def test_a_group_forgets_what_is_too_old_or_too_much(
    call: Call, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "KEPT", 3)
    now = int(ctx.clock.now() * 1000)
    await put(call, *"abcde", at=now)
    assert messages(await call("filter_log_events")) == ["c", "d", "e"]
    await call("put_retention_policy", retentionInDays=1)
    ctx.clock.advance(2 * 86_400)
    await put(call, "f", at=now + 2 * 86_400_000)
    assert messages(await call("filter_log_events")) == ["f"]
    described = (await call("describe_log_groups"))["logGroups"]
    assert [(each["logGroupName"], each["retentionInDays"]) for each in described] == [(GROUP, 1)]


async def test_groups_and_streams_are_listed_and_deleted(call: Call) -> None:
    await call("create_log_stream", logStreamName="another")
    await put(call, "a")
    listed = await call("describe_log_streams", orderBy="LastEventTime", descending=True, limit=1)
    assert [each["logStreamName"] for each in listed["logStreams"]] == [STREAM]
    assert listed["nextToken"]
    await call("delete_log_stream", logStreamName=STREAM)
    assert (await call("filter_log_events"))["events"] == []
    await call("delete_log_group")
    assert (await call("describe_log_groups"))["logGroups"] == []


async def test_what_a_function_wrote_is_in_its_group(ctx: Context, tmp_path: Any) -> None:
    from habitr_emulator.services.lambda_.deploy import deploy
    from habitr_emulator.services.lambda_.spec import Function

    (tmp_path / "index.py").write_text("def handler(event, context):\n    print('hello', event)\n")
    await deploy(ctx, Function(code=tmp_path, runtime="python3.11", handler="index.handler", function_name="g"))
    for word in ('"one"', '"two"'):
        await ctx.services.lambda_.invoke({"FunctionName": "g", "Payload": word.encode()})
    await asyncio.gather(*ctx.account.bus._tasks)
    found = await ctx.services.logs.filter_log_events({"logGroupName": "/aws/lambda/g", "filterPattern": "hello"})
    assert messages(found) == ["hello one\n", "hello two\n"]
    assert "[$LATEST]" in found["events"][0]["logStreamName"]
