"""Asynchronous events: kept, retried by the emulator's clock, told to destinations; schedules."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import asynchronous
from habitr_emulator.services.lambda_.asynchronous import Events
from habitr_emulator.services.lambda_.deploy import deploy
from habitr_emulator.services.lambda_.errors import ResourceNotFoundException
from habitr_emulator.services.lambda_.schedules import Schedules
from habitr_emulator.services.lambda_.spec import Function
from tests.unit.services.lambda_.conftest import Invoke, Make

FAILS = "def handler(event, context):\n    open({!r}, 'a').write('x')\n    raise ValueError('no')\n"
TELLS = "import json\n\n\ndef handler(event, context):\n    open({!r}, 'a').write(json.dumps(event) + '\\n')\n"


@pytest.fixture(autouse=True)
def looking_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asynchronous, "_LOOK", 0.01)


async def settled(ctx: Context, holds: Callable[[], Any]) -> None:
    """Wait until something holds, as long as background work goes on."""
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


def written(path: Path) -> str:
    return path.read_text() if path.exists() else ""


async def test_a_retry_is_due_by_the_emulators_clock(
    make: Make, invoke: Invoke, tmp_path: Path, ctx: Context
) -> None:
    log = tmp_path / "log"
    await make(FAILS.format(str(log)))
    await invoke(InvocationType="Event")
    for failures in (1, 2):
        waits = "SELECT 1 FROM lambda_event WHERE failures = ?"
        await settled(ctx, partial(ctx.store.one, waits, (failures,)))
        assert written(log) == "x" * failures
        ctx.clock.advance(121)
    await settled(ctx, lambda: not ctx.store.all("SELECT 1 FROM lambda_event"))
    assert written(log) == "xxx"


async def test_an_event_that_was_accepted_survives_a_restart(
    make: Make, invoke: Invoke, tmp_path: Path, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    await make(TELLS.format(str(log)))
    monkeypatch.setattr(Events, "_begin", lambda *_: None)
    await invoke({"a": 1}, InvocationType="Event")
    monkeypatch.undo()
    Events(ctx.account)
    await settled(ctx, lambda: written(log) == '{"a": 1}\n')
    await settled(ctx, lambda: not ctx.store.all("SELECT 1 FROM lambda_event"))


async def test_a_destination_hears_how_an_event_ended(
    make: Make, invoke: Invoke, tmp_path: Path, ctx: Context
) -> None:
    log, heard = tmp_path / "log", tmp_path / "heard"
    folder = tmp_path / "g"
    folder.mkdir()
    (folder / "index.py").write_text(TELLS.format(str(heard)))
    await deploy(ctx, Function(code=folder, runtime="python3.11", handler="index.handler", function_name="g"))
    await make(FAILS.format(str(log)))
    to_g = {"OnFailure": {"Destination": "arn:aws:lambda:us-east-1:000000000000:function:g"}}
    services = ctx.services.lambda_
    await services.put_function_event_invoke_config(
        {"FunctionName": "f", "MaximumRetryAttempts": 0, "DestinationConfig": to_g}
    )
    await invoke({"a": 1}, InvocationType="Event")
    await settled(ctx, lambda: written(heard))
    told = json.loads(written(heard))
    assert told["requestPayload"] == {"a": 1}
    assert told["requestContext"]["condition"] == "RetriesExhausted"
    assert told["requestContext"]["approximateInvokeCount"] == 1
    assert told["responsePayload"]["errorType"] == "ValueError"
    assert written(log) == "x"


async def test_an_event_invoke_config_is_kept_by_qualifier(make: Make, ctx: Context) -> None:
    await make(TELLS.format("/dev/null"))
    call = ctx.services.lambda_
    with pytest.raises(ResourceNotFoundException):
        await call.get_function_event_invoke_config({"FunctionName": "f"})
    await call.put_function_event_invoke_config({"FunctionName": "f", "MaximumRetryAttempts": 1})
    changed = await call.update_function_event_invoke_config({"FunctionName": "f", "MaximumEventAgeInSeconds": 60})
    assert (changed["MaximumRetryAttempts"], changed["MaximumEventAgeInSeconds"]) == (1, 60)
    assert changed["FunctionArn"].endswith(":f:$LATEST")
    listed = await call.list_function_event_invoke_configs({"FunctionName": "f"})
    assert len(listed["FunctionEventInvokeConfigs"]) == 1
    queue = {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:q"}}
    with pytest.raises(NotBuilt):
        await call.put_function_event_invoke_config({"FunctionName": "f", "DestinationConfig": queue})
    await call.delete_function_event_invoke_config({"FunctionName": "f"})
    with pytest.raises(ResourceNotFoundException):
        await call.delete_function_event_invoke_config({"FunctionName": "f"})


async def test_an_event_that_meets_the_reserved_concurrency_waits(
    make: Make, invoke: Invoke, tmp_path: Path, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asynchronous, "THROTTLED_AFTER", 0.0)
    log = tmp_path / "log"
    await make(TELLS.format(str(log)))
    reserve = ctx.services.lambda_.put_function_concurrency
    await reserve({"FunctionName": "f", "ReservedConcurrentExecutions": 1})
    for number in range(4):
        await invoke(number, InvocationType="Event")
    await settled(ctx, lambda: written(log).count("\n") == 4)
    assert sorted(written(log).split()) == ["0", "1", "2", "3"]
    await reserve({"FunctionName": "f", "ReservedConcurrentExecutions": 0})
    await invoke(9, InvocationType="Event")
    await settled(ctx, lambda: not ctx.store.all("SELECT 1 FROM lambda_event"))
    assert "9" not in written(log)


async def test_a_schedule_runs_by_the_emulators_clock(make: Make, tmp_path: Path, ctx: Context) -> None:
    log = tmp_path / "log"
    await make(TELLS.format(str(log)), schedules=("rate(5 minutes)",))
    schedules = Schedules(ctx.account)
    await schedules.look()
    assert written(log) == ""
    ctx.clock.advance(300)
    await schedules.look()
    await settled(ctx, lambda: written(log).count("\n") == 1)
    event = json.loads(written(log))
    assert (event["source"], event["detail-type"]) == ("aws.events", "Scheduled Event")
    ctx.clock.advance(3600)
    await schedules.look()  # what was missed is not made up for
    await settled(ctx, lambda: written(log).count("\n") == 2)
