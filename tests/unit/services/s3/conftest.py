"""S3's operations as functions of keyword arguments, with a bucket to work in."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from habitr_emulator.services.context import Context

BUCKET = "photos"
Call = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def s3(ctx: Context) -> Call:
    """``await s3("put_object", Key="k", Body=b"x")`` as the administrator, in the bucket ``photos``."""

    async def call(operation: str, *, by: Context = ctx, **request: Any) -> dict[str, Any]:
        by.response_status = 0
        return await ctx.account.registry.call("s3", operation, {"Bucket": BUCKET, **request}, by)

    await call("create_bucket")
    return call
