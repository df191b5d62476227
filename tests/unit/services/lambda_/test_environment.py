"""The environment of a worker."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.services.context import Context

Make = Callable[..., Awaitable[Path]]
Invoke = Callable[..., Awaitable[Any]]


async def test_a_function_sees_lambdas_variables_and_its_own_and_nothing_of_ours(
    make: Make, invoke: Invoke, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "x")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    folder = await make(
        "import os\ndef handler(event, context):\n    return dict(os.environ)\n",
        environment={"GRAPHQL_API_ENDPOINT": "{endpoint}/graphql", "PLAIN": "1"},
        memory_size=256,
    )
    seen = (await invoke())["Payload"]
    expected = {
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": ctx.account.endpoint,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f",
        "LAMBDA_TASK_ROOT": str(folder),
        "_HANDLER": "index.handler",
        "GRAPHQL_API_ENDPOINT": f"{ctx.account.endpoint}/graphql",
        "PLAIN": "1",
    }
    assert {name: seen.get(name) for name in expected} == expected
    assert seen["AWS_ACCESS_KEY_ID"]
    assert seen["AWS_SECRET_ACCESS_KEY"]
    assert "SECRET_OF_THE_PARENT" not in seen
    assert "PYTHONPATH" not in seen


async def test_the_task_root_comes_first_and_is_the_working_folder(make: Make, invoke: Invoke) -> None:
    folder = await make("import os, sys\ndef handler(event, context):\n    return [os.getcwd(), sys.path[0]]\n")
    assert (await invoke())["Payload"] == [str(folder), str(folder)]
    assert not (folder / "__pycache__").exists()
