"""A table with every kind of index, and a short way to call operations on it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from habitr_emulator.services.context import Context

Call = Callable[..., Awaitable[dict[str, Any]]]

TABLE: dict[str, Any] = {
    "TableName": "main",
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind}
        for name, kind in {"pk": "S", "sk": "S", "g1": "S", "gn": "N", "l1": "S"}.items()
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "gsi",
            "KeySchema": [{"AttributeName": "g1", "KeyType": "HASH"}, {"AttributeName": "gn", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "ALL"},
        },
        {
            "IndexName": "keys",
            "KeySchema": [{"AttributeName": "g1", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]},
        },
    ],
    "LocalSecondaryIndexes": [
        {
            "IndexName": "lsi",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "l1", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
}


@pytest.fixture
def definition() -> dict[str, Any]:
    """What CreateTable is given for the table ``main``."""
    return TABLE


@pytest.fixture
async def call(ctx: Context) -> Call:
    """``await call("get_item", Key=…)`` on the table ``main``; ``TableName=None`` leaves the name out."""

    async def run(operation: str, **request: Any) -> dict[str, Any]:
        named = {"TableName": "main"} | request
        given = {name: value for name, value in named.items() if value is not None}
        return await ctx.account.registry.call("dynamodb", operation, given, ctx)

    await run("create_table", **TABLE)
    return run
