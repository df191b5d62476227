"""Invoke, with real Python workers."""

import asyncio
import os
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import asynchronous, credentials
from habitr_emulator.services.lambda_.environment import Credentials
from habitr_emulator.services.lambda_.errors import (
    InvalidRequestContentException,
    RequestTooLargeException,
    ResourceNotFoundException,
)
from habitr_emulator.services.lambda_.functions import Function
from habitr_emulator.services.lambda_.pool import WORKERS, Pool

Make = Callable[..., Awaitable[Path]]
Invoke = Callable[..., Awaitable[Any]]
ECHO = "import os\ndef handler(event, context):\n    return {'event': event, 'pid': os.getpid()}\n"


def log_of(answer: Any) -> str:
    return b64decode(answer["LogResult"]).decode()


async def test_a_function_answers_its_result(make: Make, invoke: Invoke) -> None:
    await make(ECHO)
    answer = await invoke({"name": "Zoë"})
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert answer["Payload"]["event"] == {"name": "Zoë"}
    assert "FunctionError" not in answer


async def test_a_warm_worker_is_reused(make: Make, invoke: Invoke) -> None:
    await make(ECHO)
    assert (await invoke())["Payload"]["pid"] == (await invoke())["Payload"]["pid"] != os.getpid()


async def test_the_pool_grows_with_the_load_up_to_its_bound(make: Make, invoke: Invoke) -> None:
    await make("import os, time\ndef handler(event, context):\n    time.sleep(0.02)\n    return os.getpid()\n")
    pids = [answer["Payload"] for answer in await asyncio.gather(*(invoke() for _ in range(WORKERS * 3)))]
    assert 1 < len(set(pids)) <= WORKERS


async def test_an_exception_becomes_an_error_object(make: Make, invoke: Invoke) -> None:
    await make("def handler(event, context):\n    raise KeyError('nope')\n")
    answer = await invoke(LogType="Tail")
    payload = answer["Payload"]
    assert answer["FunctionError"] == "Unhandled"
    assert payload["errorMessage"] == "'nope'"
    assert payload["errorType"] == "KeyError"
    assert payload["requestId"] in log_of(answer)
    [frame] = payload["stackTrace"]
    assert "index.py" in frame
    assert "in handler" in frame
    assert "[ERROR] KeyError: 'nope'\nTraceback" in log_of(answer)


@pytest.mark.parametrize(
    ("code", "handler", "error_type", "message"),
    [
        ("import nowhere", "index.handler", "Runtime.ImportModuleError", "No module named 'nowhere'"),
        ("x = 1", "index.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'index'"),
        ("def handler(:", "index.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'index'"),
        ("", "handler", "Runtime.MalformedHandlerName", "Bad handler 'handler'"),
        ("raise ValueError('early')", "index.handler", "ValueError", "early"),
        (
            "def handler(e, c): return {1, 2}",
            "index.handler",
            "Runtime.MarshalError",
            "Unable to marshal response",
        ),
    ],
)
async def test_what_cannot_run_says_why(
    make: Make, invoke: Invoke, code: str, handler: str, error_type: str, message: str
) -> None:
    await make(code, handler=handler)
    answer = await invoke()
    assert answer["FunctionError"] == "Unhandled"
    assert answer["Payload"]["errorType"] == error_type
    assert message in answer["Payload"]["errorMessage"]
    assert answer["Payload"]["requestId"]


async def test_a_time_out_kills_and_replaces_the_worker(make: Make, invoke: Invoke, ctx: Context) -> None:
    code = "import os, time\ndef handler(event, context):\n    if event: time.sleep(60)\n    return os.getpid()\n"
    await make(code, timeout=1)
    first = (await invoke())["Payload"]
    answer = await invoke("slow")
    assert answer["Payload"]["errorType"] == "Sandbox.Timedout"
    assert answer["Payload"]["errorMessage"].endswith(" Error: Task timed out after 1.00 seconds")
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert (await invoke())["Payload"] != first


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("sys.exit(4)", "Runtime exited with error: exit status 4"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
    ],
)
async def test_a_crash_is_an_exit_error(make: Make, invoke: Invoke, line: str, reason: str) -> None:
    await make(f"import os, sys\ndef handler(event, context):\n    if event: {line}\n    return 'up'\n")
    payload = (await invoke("crash"))["Payload"]
    assert payload["errorType"] == "Runtime.ExitError"
    assert payload["errorMessage"].endswith(f"Error: {reason}")
    assert (await invoke())["Payload"] == "up"


async def test_output_is_the_log_of_its_own_invocation(make: Make, invoke: Invoke) -> None:
    await make(
        "import logging, os, sys\ndef handler(event, context):\n    print(event)\n    os.system('echo child')\n"
        "    sys.stderr.write('err\\n')\n    logging.warning('careful')\n"
    )
    first, second = await invoke("one", LogType="Tail"), await invoke("two", LogType="Tail")
    lines = log_of(first).splitlines()
    assert lines[0].startswith("START RequestId: ")
    assert lines[0].endswith(" Version: $LATEST")
    assert lines[1:4] == ["one", "child", "err"]
    assert lines[4].startswith("[WARNING]\t")
    assert lines[4].endswith("\tcareful")
    assert lines[5].startswith("END RequestId: ")
    assert "\tMemory Size: 128 MB\tMax Memory Used: " in lines[6]
    assert "\tInit Duration: " in lines[6]
    assert "one" not in log_of(second)
    assert "Init Duration" not in log_of(second)


async def test_the_context_knows_the_function_and_its_deadline(make: Make, invoke: Invoke) -> None:
    await make(
        "def handler(event, context):\n    return [context.function_name, context.invoked_function_arn,"
        " context.memory_limit_in_mb, context.get_remaining_time_in_millis(), context.client_context.custom]\n",
        timeout=9,
    )
    client = b64encode(b'{"custom": {"a": "b"}}').decode()
    name, arn, memory, remaining, custom = (await invoke(ClientContext=client))["Payload"]
    assert (name, arn) == ("f", "arn:aws:lambda:us-east-1:000000000000:function:f")
    assert memory == "128"
    assert 8000 < remaining <= 9000
    assert custom == {"a": "b"}


async def test_a_changed_file_is_picked_up(make: Make, invoke: Invoke, ctx: Context) -> None:
    folder = await make("def handler(event, context):\n    return 'old'\n")
    assert (await invoke())["Payload"] == "old"
    (folder / "index.py").write_text("def handler(event, context):\n    return 'brand new'\n")
    deadline = ctx.clock.monotonic() + 5
    while (answer := (await invoke())["Payload"]) == "old" and ctx.clock.monotonic() < deadline:
        pass
    assert answer == "brand new"


async def test_a_worker_is_replaced_when_its_keys_end(
    make: Make, invoke: Invoke, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def of_function(context: Context, _: Function) -> Credentials:
        return Credentials("ASIA1", "secret", "token", context.clock.now() + 3600)

    monkeypatch.setattr(credentials, "of_function", of_function)
    await make(
        "import os\ndef handler(event, context):\n    return [os.getpid(), os.environ['AWS_SESSION_TOKEN']]\n"
    )
    first = (await invoke())["Payload"]
    assert first[1] == "token"
    ctx.clock.advance(3000)
    assert (await invoke())["Payload"] == first
    ctx.clock.advance(600)
    assert (await invoke())["Payload"] != first


async def test_closing_ends_every_worker(make: Make, invoke: Invoke, ctx: Context) -> None:
    await make(ECHO)
    pid = (await invoke())["Payload"]["pid"]
    await ctx.account.part(Pool).close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_worker_ends_when_the_emulator_is_gone(make: Make, invoke: Invoke, ctx: Context) -> None:
    await make(ECHO)
    await invoke()
    [lane] = ctx.account.part(Pool)._lanes.values()
    process = lane.idle[0].sandbox.process
    assert process._transport is not None
    pipe = process._transport.get_pipe_transport(0)
    assert isinstance(pipe, asyncio.WriteTransport)
    pipe.close()
    await asyncio.wait_for(process._gone.wait(), 5)


async def test_an_event_is_accepted_at_once_and_run_later(make: Make, invoke: Invoke, tmp_path: Path) -> None:
    done = tmp_path / "done"
    os.mkfifo(done)
    await make(f"def handler(event, context):\n    open({str(done)!r}, 'w').write(event)\n")
    answer = await invoke("hello", InvocationType="Event")
    assert (answer["StatusCode"], answer["Payload"]) == (202, None)
    assert await asyncio.to_thread(done.read_text) == "hello"


async def test_an_event_that_fails_is_tried_three_times(
    make: Make, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ctx: Context
) -> None:
    monkeypatch.setattr(asynchronous, "RETRY_AFTER", (0.0, 0.0))
    tries = tmp_path / "tries.log"
    await make(f"def handler(event, context):\n    open({str(tries)!r}, 'a').write('x')\n    raise ValueError\n")
    await invoke(InvocationType="Event")
    await asyncio.gather(*ctx.account.bus._tasks)
    assert tries.read_text() == "xxx"


async def test_a_dry_run_runs_nothing(make: Make, invoke: Invoke) -> None:
    await make("raise SystemExit")
    assert (await invoke(InvocationType="DryRun"))["StatusCode"] == 204


async def test_no_payload_is_an_empty_object(make: Make, ctx: Context) -> None:
    await make("def handler(event, context):\n    return event\n")
    assert (await ctx.services.lambda_.invoke({"FunctionName": "f"}))["Payload"] == b"{}"


@pytest.mark.parametrize(
    "reference",
    ["f", "f:$LATEST", "000000000000:function:f", "arn:aws:lambda:us-east-1:000000000000:function:f"],
)
async def test_a_function_goes_by_name_and_by_arn(make: Make, invoke: Invoke, reference: str) -> None:
    await make("def handler(event, context):\n    return 1\n")
    assert (await invoke(FunctionName=reference))["Payload"] == 1


@pytest.mark.parametrize("reference", ["g", "f:prod", "arn:aws:lambda:eu-west-1:000000000000:function:f"])
async def test_an_unknown_function_is_not_found(make: Make, invoke: Invoke, reference: str) -> None:
    await make(ECHO)
    with pytest.raises(
        ResourceNotFoundException, match=r"Function not found: arn:aws:lambda:us-east-1:000000000000:"
    ):
        await invoke(FunctionName=reference)


async def test_a_payload_must_be_json_and_not_too_large(make: Make, invoke: Invoke) -> None:
    await make(ECHO)
    with pytest.raises(InvalidRequestContentException, match="Could not parse request body into json"):
        await invoke(Payload=b"{'a': 1}")
    with pytest.raises(RequestTooLargeException, match="6291456 bytes for the InvokeFunction"):
        await invoke(Payload=b'"' + b"x" * 6_291_456 + b'"')
    with pytest.raises(InvalidRequestContentException, match="Client context must be"):
        await invoke(ClientContext="bm8=")


async def test_a_large_answer_comes_whole_and_a_too_large_one_is_refused(make: Make, invoke: Invoke) -> None:
    await make("def handler(event, context):\n    return 'x' * event\n")
    assert len((await invoke(3_000_000))["Payload"]) == 3_000_000
    assert (await invoke(7_000_000))["Payload"]["errorType"] == "Function.ResponseSizeTooLarge"
