"""The Runtime API, with a raw socket for a worker, and with real Node and shell programs."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.services.lambda_.runtime_api import RuntimeApi
from habitr_emulator.services.lambda_.sandbox import Invocation, Reply, Sandbox

Make = Callable[..., Awaitable[Path]]
Invoke = Callable[..., Awaitable[Any]]
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
INVOCATION = Invocation("id-1", b'{"a":1}', "arn:f", 5.0)
NODE = """
exports.handler = async (event, context) => {
  if (event === 'boom') throw new TypeError('boom');
  if (event === 'exit') process.exit(3);
  console.log('said', event);
  return { event, name: context.functionName, left: context.getRemainingTimeInMillis() };
};
exports.callback = (event, context, callback) => setTimeout(() => callback(null, 'called back'), 1);
exports.silent = () => {};
"""
SHELL = """#!/bin/sh
api=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
while event=$(curl -sf -D head $api/next); do
  id=$(tr -d '\\r' < head | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  curl -s -d "{\\"echo\\": $event}" $api/$id/response > /dev/null
done
"""


class Worker:
    """A socket that speaks HTTP/1.1 by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def call(self, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        head = f"{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        return int(first.split()[1]), headers, await self.reader.readexactly(int(headers["content-length"]))


@pytest.fixture
async def sandbox() -> Sandbox:
    return Sandbox()


async def connect(api: RuntimeApi) -> Worker:
    host, _, port = (await api.listen()).partition(":")
    return Worker(*await asyncio.open_connection(host, int(port)))


async def test_next_carries_what_every_client_needs_and_a_response_is_202(sandbox: Sandbox) -> None:
    api = RuntimeApi(sandbox)
    worker = await connect(api)
    sandbox._reply = asyncio.get_running_loop().create_future()
    api.deliver(INVOCATION, 1_795_000_005_000)
    status, headers, body = await worker.call("GET", "invocation/next")
    assert (status, body) == (200, b'{"a":1}')
    assert headers["content-type"] == "application/json"
    assert headers["lambda-runtime-aws-request-id"] == "id-1"
    assert headers["lambda-runtime-deadline-ms"] == "1795000005000"
    assert headers["lambda-runtime-invoked-function-arn"] == "arn:f"
    assert (await worker.call("POST", "invocation/other/response", b"1"))[0] == 400
    assert (await worker.call("POST", "invocation/id-1/response", b'"done"'))[0] == 202
    assert await sandbox._reply == Reply(b'"done"')
    api.close()
    worker.writer.close()


async def test_an_error_fails_the_invocation_and_an_init_error_the_start(sandbox: Sandbox) -> None:
    api = RuntimeApi(sandbox)
    worker = await connect(api)
    assert (await worker.call("POST", "init/error", b'{"errorType":"Bad"}'))[0] == 202
    assert await sandbox.initialise() == Reply(b'{"errorType":"Bad"}', failed=True)
    sandbox._reply = asyncio.get_running_loop().create_future()
    api.deliver(INVOCATION, 0)
    await worker.call("GET", "invocation/next")
    assert (await worker.call("POST", "invocation/id-1/error", b'{"errorType":"E"}'))[0] == 202
    assert (await sandbox._reply).failed
    assert (await worker.call("GET", "elsewhere"))[0] == 404
    api.close()
    worker.writer.close()


@needs_node
async def test_node_handlers_answer_fail_and_crash(make: Make, invoke: Invoke) -> None:
    await make(NODE, "index.js", runtime="nodejs20.x")
    answer = await invoke({"a": "ö"})
    assert answer["Payload"] == {"event": {"a": "ö"}, "name": "f", "left": answer["Payload"]["left"]}
    assert 20_000 < answer["Payload"]["left"] <= 25_000
    failed = await invoke("boom")
    assert failed["FunctionError"] == "Unhandled"
    assert (failed["Payload"]["errorType"], failed["Payload"]["errorMessage"]) == ("TypeError", "boom")
    assert (await invoke("exit"))["Payload"]["errorMessage"].endswith("exit status 3")
    assert (await invoke("again"))["Payload"]["event"] == "again"


@needs_node
@pytest.mark.parametrize(
    ("file", "code", "handler", "expected"),
    [
        ("index.js", NODE, "index.callback", "called back"),
        ("index.js", NODE, "index.silent", None),
        ("index.mjs", "export const handler = async () => 'module';", "index.handler", "module"),
        ("index.js", "export const handler = async () => 'esm';", "index.handler", "esm"),
    ],
)
async def test_every_kind_of_node_handler_works(
    make: Make, invoke: Invoke, file: str, code: str, handler: str, expected: str | None
) -> None:
    await make(code, file, runtime="nodejs20.x", handler=handler)
    answer = await invoke({})
    assert answer["Payload"] == expected
    assert "FunctionError" not in answer


@needs_node
@pytest.mark.parametrize(
    ("code", "error_type"),
    [
        ("require('nowhere')", "Runtime.ImportModuleError"),
        ("exports.handler = (;", "Runtime.UserCodeSyntaxError"),
        ("exports.other = 1", "Runtime.HandlerNotFound"),
        ("throw new RangeError('x')", "RangeError"),
    ],
)
async def test_node_code_that_does_not_load_says_why(
    make: Make, invoke: Invoke, code: str, error_type: str
) -> None:
    await make(code, "index.js", runtime="nodejs20.x")
    assert (await invoke())["Payload"]["errorType"] == error_type


@needs_curl
async def test_a_provided_program_runs_unchanged(make: Make, invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "bootstrap").touch(mode=0o755)
    await make(SHELL, "bootstrap", runtime="provided.al2023", handler="any")
    assert (await invoke({"a": 1}))["Payload"] == {"echo": {"a": 1}}
    assert (await invoke([2]))["Payload"] == {"echo": [2]}


async def test_a_missing_program_is_an_invalid_entrypoint(make: Make, invoke: Invoke) -> None:
    await make("", runtime="provided.al2", handler="main")
    assert (await invoke())["Payload"]["errorType"] == "Runtime.InvalidEntrypoint"


async def test_a_handler_that_leads_out_of_the_folder_is_not_run(make: Make, invoke: Invoke) -> None:
    await make("", runtime="go1.x", handler="../../../../../../bin/true")
    assert (await invoke())["Payload"]["errorType"] == "Runtime.InvalidEntrypoint"
