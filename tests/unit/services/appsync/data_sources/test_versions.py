"""Versioned tables: conflicts are detected, resolved or refused, and clients learn what changed."""

from typing import Any

import pytest

from habitr_emulator.services.appsync.data_sources import amazon_dynamodb
from habitr_emulator.services.appsync.data_sources.result import DataSourceResult
from habitr_emulator.services.appsync.spec import DataSource
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.deploy import deploy
from habitr_emulator.services.dynamodb.spec import Table

SETTINGS = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}
KEY = {"id": {"S": "t"}}


@pytest.fixture
async def stored(ctx: Context) -> Context:
    await deploy(ctx, Table("Task", SETTINGS))
    values = {"title": {"S": "A"}, "tags": {"L": [{"S": "x"}]}}
    made = await call(ctx, {"operation": "PutItem", "key": KEY, "attributeValues": values})
    assert made.value["_version"] == 1
    return ctx


async def call(ctx: Context, document: dict[str, Any], handler: str = "AUTOMERGE") -> DataSourceResult:
    source = DataSource("TaskTable", "AMAZON_DYNAMODB", {"table_name": "Task", "conflict_handler": handler})
    (result,) = await amazon_dynamodb.invoke([document], source, ctx)
    return result


def update(version: int, expression: str = "SET title = :t", **values: Any) -> dict[str, Any]:
    given = values or {"t": {"S": "B"}}
    change = {"expression": expression, "expressionValues": {f":{name}": value for name, value in given.items()}}
    return {"operation": "UpdateItem", "key": KEY, "_version": version, "update": change}


async def test_an_update_of_the_stored_version_counts_up(stored: Context) -> None:
    result = await call(stored, update(1))
    assert (result.value["title"], result.value["_version"]) == ("B", 2)
    assert result.value["_lastChangedAt"] == int(stored.clock.now() * 1000)


async def test_optimistic_concurrency_refuses_another_version_and_shows_the_item(stored: Context) -> None:
    result = await call(stored, update(7), "OPTIMISTIC_CONCURRENCY")
    assert result.error is not None
    assert result.error.error_type == "ConflictUnhandled"
    assert result.value["title"] == "A"


async def test_automerge_keeps_stored_scalars_joins_lists_and_takes_what_is_new(stored: Context) -> None:
    changes = update(0, "SET title = :t, lane = :l, tags = :g", t={"S": "B"}, l={"S": "L"}, g={"L": [{"S": "y"}]})
    result = await call(stored, changes)
    assert result.value | {"_lastChangedAt": 0} == {
        "id": "t",
        "title": "A",
        "lane": "L",
        "tags": ["x", "y"],
        "_version": 2,
        "_lastChangedAt": 0,
    }


async def test_a_delete_leaves_the_item_marked_and_conflicts_like_an_update(stored: Context) -> None:
    refused = await call(stored, {"operation": "DeleteItem", "key": KEY, "_version": 3})
    assert refused.error is not None
    done = await call(stored, {"operation": "DeleteItem", "key": KEY, "_version": 1})
    assert (done.value["_deleted"], done.value["_version"]) == (True, 2)
    assert (await call(stored, {"operation": "GetItem", "key": KEY})).value["_deleted"] is True


async def test_the_documents_own_condition_still_holds(stored: Context) -> None:
    condition = {"expression": "title = :x", "expressionValues": {":x": {"S": "other"}}}
    result = await call(stored, {**update(1), "condition": condition})
    assert result.error is not None
    assert result.error.error_type == "DynamoDB:ConditionalCheckFailedException"


async def test_an_item_that_is_not_there_is_none_of_any_version(stored: Context) -> None:
    condition = {"expression": "attribute_exists(id)"}
    result = await call(stored, {**update(1), "key": {"id": {"S": "none"}}, "condition": condition})
    assert result.error is not None
    assert result.error.error_type == "DynamoDB:ConditionalCheckFailedException"


async def test_sync_gives_everything_and_then_what_changed_since(stored: Context) -> None:
    first = (await call(stored, {"operation": "Sync", "limit": 10})).value
    assert [item["id"] for item in first["items"]] == ["t"]
    stored.clock.advance(5)
    values = {"title": {"S": "new"}}
    await call(stored, {"operation": "PutItem", "key": {"id": {"S": "u"}}, "attributeValues": values})
    later = first["startedAt"] + 1
    second = (await call(stored, {"operation": "Sync", "limit": 10, "lastSync": later})).value
    assert [item["id"] for item in second["items"]] == ["u"]
    assert second["startedAt"] == first["startedAt"] + 5000
