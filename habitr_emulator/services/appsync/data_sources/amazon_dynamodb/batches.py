"""BatchGetItem, BatchPutItem and BatchDeleteItem: over several tables, in the order of the document."""

from typing import Any

from habitr_emulator.services.appsync.data_sources.amazon_dynamodb.table import (
    Table,
    expressions,
    fresh,
    plain,
    required,
    typed,
)
from habitr_emulator.services.appsync.spec import ResolverError
from habitr_emulator.wire.attribute_value import Item

Tables = dict[str, list[Any]]


async def batch_get_item(document: dict[str, Any], table: Table) -> dict[str, Any]:
    """``{data: {table: [item or None, …]}, unprocessedKeys: {table: [key, …]}}``, in the order of the keys."""
    asked = required(document, "tables")
    requests = {name: _get_request(each) for name, each in asked.items()}
    answer = await table.call("batch_get_item", {"RequestItems": requests})
    unprocessed = answer.get("UnprocessedKeys") or {}
    return {
        "data": {
            name: _in_order(request["Keys"], answer["Responses"].get(name, []))
            for name, request in requests.items()
        },
        "unprocessedKeys": {
            name: [plain(key) for key in unprocessed.get(name, {}).get("Keys", [])] for name in requests
        },
    }


def _get_request(each: dict[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {"Keys": [typed(key) for key in _list(each.get("keys"))]}
    if each.get("consistentRead"):
        request["ConsistentRead"] = True
    return expressions(request, {"ProjectionExpression": each.get("projection")})


def _in_order(keys: list[Any], found: list[Any]) -> list[Any]:
    items = [plain(item) for item in found]
    wanted = [plain(key) for key in keys]
    return [
        next((item for item in items if all(item.get(k) == v for k, v in key.items())), None) for key in wanted
    ]


async def batch_put_item(document: dict[str, Any], table: Table) -> dict[str, Any]:
    """``{data: {table: [item, …]}, unprocessedItems: {table: [item, …]}}``."""
    items = {name: [Item.from_typed(typed(each)) for each in _list(some)] for name, some in _tables(document)}
    requests = {name: [{"PutRequest": {"Item": item}} for item in some] for name, some in items.items()}
    answer = await table.call("batch_write_item", {"RequestItems": requests})
    left = _unprocessed(answer, "PutRequest", "Item")
    return {"data": _plain(items), "unprocessedItems": {name: left.get(name, []) for name in items}}


async def batch_delete_item(document: dict[str, Any], table: Table) -> dict[str, Any]:
    """``{data: {table: [key, …]}, unprocessedKeys: {table: [key, …]}}``."""
    keys = {name: [typed(each) for each in _list(some)] for name, some in _tables(document)}
    requests = {name: [{"DeleteRequest": {"Key": key}} for key in some] for name, some in keys.items()}
    answer = await table.call("batch_write_item", {"RequestItems": requests})
    left = _unprocessed(answer, "DeleteRequest", "Key")
    return {"data": _plain(keys), "unprocessedKeys": {name: left.get(name, []) for name in keys}}


def _tables(document: dict[str, Any]) -> Any:
    return required(document, "tables").items()


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ResolverError("Expected a list for each of the tables.", "MappingTemplate")
    return value


def _plain(tables: Tables) -> Tables:
    return {name: [fresh(plain(each)) for each in some] for name, some in tables.items()}


def _unprocessed(answer: dict[str, Any], request: str, member: str) -> Tables:
    left = answer.get("UnprocessedItems") or {}
    return {name: [plain(each[request][member]) for each in some] for name, some in left.items()}
