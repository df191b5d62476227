"""GetItem, PutItem, UpdateItem and DeleteItem."""

import re
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.data_sources.amazon_dynamodb.table import (
    Table,
    expressions,
    fresh,
    plain,
    required,
    typed,
)
from habitr_emulator.services.appsync.data_sources.result import DataSourceResult
from habitr_emulator.services.appsync.spec import ResolverError
from habitr_emulator.wire.attribute_value import Item, to_plain

BATCH = 100
_FAILED = "ConditionalCheckFailedException"
_ASSIGNMENT = re.compile(r"\s*([#\w]+)\s*=\s*(:\w+)\s*\Z")
_NAME = re.compile(r"[#\w]+\Z")
_SECTIONS = re.compile(r"\b(SET|REMOVE|ADD|DELETE)\b", re.IGNORECASE)


async def get_item(document: dict[str, Any], table: Table) -> Any:
    """The item, or None."""
    request = {"TableName": table.name, "Key": typed(required(document, "key"))}
    if document.get("consistentRead"):
        request["ConsistentRead"] = True
    answer = await table.call(
        "get_item", expressions(request, {"ProjectionExpression": document.get("projection")})
    )
    return plain(answer.get("Item"))


async def get_many(documents: Mapping[bytes, dict[str, Any]], table: Table) -> dict[bytes, DataSourceResult]:
    """The results of the GetItems among ``documents`` that one batch could fetch; none if it was refused."""
    wanted = {key: document for key, document in documents.items() if _is_plain_get(document)}
    if len(wanted) < 2:
        return {}
    found: dict[bytes, DataSourceResult] = {}
    places = list(wanted)
    for start in range(0, len(places), BATCH):
        part = places[start : start + BATCH]
        try:
            found.update(await _get_batch({place: wanted[place]["key"] for place in part}, table))
        except (AwsError, ResolverError):
            return {}  # one by one, so that a bad key fails alone
    return found


def _is_plain_get(document: dict[str, Any]) -> bool:
    return document.get("operation") == "GetItem" and not document.get("projection") and bool(document.get("key"))


async def _get_batch(keys: dict[bytes, Any], table: Table) -> dict[bytes, DataSourceResult]:
    wanted = {place: typed(key) for place, key in keys.items()}
    names = sorted(next(iter(wanted.values())))
    # strong reads are stronger than what any of the documents asked for
    request = {table.name: {"Keys": list(wanted.values()), "ConsistentRead": True}}
    answer = await table.call("batch_get_item", {"RequestItems": request})
    if answer.get("UnprocessedKeys"):
        return {}
    found = {}
    for item in answer["Responses"][table.name]:
        value = plain(item)
        found[tuple(value.get(name) for name in names)] = value
    plain_keys = {place: tuple(_plain_of(key, name) for name in names) for place, key in wanted.items()}
    return {place: DataSourceResult(found.get(key)) for place, key in plain_keys.items()}


def _plain_of(key: Any, name: str) -> Any:
    return key.plain.get(name) if key.__class__ is Item else to_plain(key[name])


async def put_item(document: dict[str, Any], table: Table) -> Any:
    """The item as stored."""
    key, values = typed(required(document, "key")), typed(document.get("attributeValues") or {})
    if isinstance(key, Item) or isinstance(values, Item):
        item = Item.from_native({**Item.from_typed(values).native, **Item.from_typed(key).native})
    else:
        item = Item.from_typed({**values, **key})
    request = {"TableName": table.name, "Item": item}
    await _guarded("put_item", request, document, table)
    return fresh(item.plain)


async def update_item(document: dict[str, Any], table: Table) -> Any:
    """The item after the update."""
    request = {"TableName": table.name, "Key": typed(required(document, "key")), "ReturnValues": "ALL_NEW"}
    answer = await _guarded("update_item", request, document, table)
    return fresh(plain(answer.get("Attributes")))


async def delete_item(document: dict[str, Any], table: Table) -> Any:
    """The item as it was, or None."""
    request = {"TableName": table.name, "Key": typed(required(document, "key")), "ReturnValues": "ALL_OLD"}
    answer = await _guarded("delete_item", request, document, table)
    return fresh(plain(answer.get("Attributes")))


async def _guarded(
    operation: str, request: dict[str, Any], document: dict[str, Any], table: Table
) -> dict[str, Any]:
    """Call with the document's condition; a failed one is a success if the item already is as intended."""
    condition = document.get("condition")
    parts = {"UpdateExpression": document.get("update"), "ConditionExpression": condition}
    expressions(request, parts)
    if condition is None:
        return await table.call(operation, request)
    _refuse_custom_handler(condition)
    request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    try:
        return await table.call(operation, request)
    except AwsError as error:
        if error.code != _FAILED:
            raise
        current = fresh(plain(error.fields.get("Item")))
        ignored = condition.get("equalsIgnore") or []
        if current is not None and _as_intended(operation, request, current, ignored):
            return {"Attributes": error.fields["Item"]}
        raise table.error(error, current) from error


def _refuse_custom_handler(condition: Mapping[str, Any]) -> None:
    handler = condition.get("conditionalCheckFailedHandler") or {}
    if handler.get("strategy", "Reject") != "Reject":
        why = "not built: conditionalCheckFailedHandler with a Lambda function (strategy Custom)"
        raise ResolverError(
            "conditionalCheckFailedHandler takes the strategy Reject only.", "NotImplemented", why=why
        )


def _as_intended(operation: str, request: dict[str, Any], current: dict[str, Any], ignored: list[str]) -> bool:
    """Whether the stored item equals what the operation would have made of it, apart from ``ignored``."""
    if operation == "put_item":
        intended: dict[str, Any] | None = request["Item"].plain
    elif operation == "update_item":
        intended = _updated(request, current)
    else:
        return False
    if intended is None:
        return False
    names = (intended.keys() | current.keys()) - set(ignored)
    return all(name in intended and name in current and intended[name] == current[name] for name in names)


def _updated(request: dict[str, Any], current: dict[str, Any]) -> dict[str, Any] | None:
    update = {
        "expression": request.get("UpdateExpression"),
        "expressionNames": request.get("ExpressionAttributeNames"),
        "expressionValues": request.get("ExpressionAttributeValues"),
    }
    return updated(update, current)


def updated(update: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any] | None:
    """The item after plain ``SET name = :value`` and ``REMOVE name`` clauses; None for any other update."""
    sections = _SECTIONS.split(update.get("expression") or "")
    names: dict[str, str] = update.get("expressionNames") or {}
    values: dict[str, Any] = update.get("expressionValues") or {}
    made = dict(current)
    for section, body in zip(sections[1::2], sections[2::2], strict=True):
        for clause in body.split(","):
            assignment, name = _ASSIGNMENT.match(clause), clause.strip()
            if section.upper() == "SET" and assignment is not None and assignment[2] in values:
                made[names.get(assignment[1], assignment[1])] = to_plain(values[assignment[2]])
            elif section.upper() == "REMOVE" and _NAME.match(name):
                made.pop(names.get(name, name), None)
            else:
                return None
    return made
