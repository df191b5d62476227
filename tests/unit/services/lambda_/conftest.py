"""A factory of functions whose code is a text."""

import json
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_.deploy import deploy
from habitr_emulator.services.lambda_.spec import Function

Make = Callable[..., Awaitable[Path]]
Invoke = Callable[..., Awaitable[Any]]


@pytest.fixture
def make(ctx: Context, tmp_path: Path) -> Make:
    """Deploy the function ``f`` with the given code as ``index.py`` (or another file); gives its folder."""

    async def deployed(code: str, file: str = "index.py", **settings: Any) -> Path:
        (tmp_path / file).write_text(code)
        settings = {"runtime": "python3.11", "handler": "index.handler", "function_name": "f", **settings}
        await deploy(ctx, Function(code=tmp_path, **settings))
        return tmp_path

    return deployed


@pytest.fixture
def invoke(ctx: Context) -> Invoke:
    """Invoke the function ``f``; gives its answer with the payload decoded."""

    async def invoked(event: Any = None, **more: Any) -> Mapping[str, Any]:
        request = {"FunctionName": "f", "Payload": json.dumps(event).encode(), **more}
        answer = await ctx.services.lambda_.invoke(request)
        return {**answer, "Payload": json.loads(answer.get("Payload") or b"null")}

    return invoked


def package(code: str, name: str = "index.py") -> bytes:
    """A deployment package of one file."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, code)
    return buffer.getvalue()


@pytest.fixture
def zipped() -> Callable[..., bytes]:
    """Makes deployment packages."""
    return package
