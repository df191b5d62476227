"""Query and Scan, page by page."""

from typing import Any

from habitr_emulator.services.appsync.data_sources.amazon_dynamodb.table import Table, expressions, plain, required
from habitr_emulator.services.appsync.data_sources.amazon_dynamodb.tokens import open_token, seal_token
from habitr_emulator.services.appsync.spec import ResolverError

_SELECTS = ("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT")


async def query(document: dict[str, Any], table: Table) -> dict[str, Any]:
    """``{items, nextToken, scannedCount}`` of one partition."""
    parts = {"KeyConditionExpression": required(document, "query"), "FilterExpression": document.get("filter")}
    request: dict[str, Any] = {"TableName": table.name}
    if document.get("scanIndexForward") is False:
        request["ScanIndexForward"] = False
    return await _page("query", document, expressions(request, {**parts, **_projection(document)}), table)


async def scan(document: dict[str, Any], table: Table) -> dict[str, Any]:
    """``{items, nextToken, scannedCount}`` of the table or an index."""
    request: dict[str, Any] = {"TableName": table.name}
    for member, name in (("totalSegments", "TotalSegments"), ("segment", "Segment")):
        if document.get(member) is not None:
            request[name] = document[member]
    parts = {"FilterExpression": document.get("filter"), **_projection(document)}
    return await _page("scan", document, expressions(request, parts), table)


def _projection(document: dict[str, Any]) -> dict[str, Any]:
    return {"ProjectionExpression": document.get("projection")}


async def _page(operation: str, document: dict[str, Any], request: dict[str, Any], table: Table) -> dict[str, Any]:
    _options(document, request)
    shape = _shape(operation, document, table)
    token = document.get("nextToken")
    if token is not None:
        request["ExclusiveStartKey"] = await open_token(token, shape, table.context)
    answer = await table.call(operation, request)
    last = answer.get("LastEvaluatedKey")
    return {
        "items": [plain(item) for item in answer.get("Items", ())],
        "nextToken": None if last is None else await seal_token(last, shape, table.context),
        "scannedCount": answer.get("ScannedCount"),
    }


def _options(document: dict[str, Any], request: dict[str, Any]) -> None:
    if document.get("index"):
        request["IndexName"] = document["index"]
    if document.get("consistentRead"):
        request["ConsistentRead"] = True
    if document.get("select") is not None:
        if document["select"] not in _SELECTS:
            raise ResolverError(f"Unsupported select '{document['select']}'.", "MappingTemplate")
        request["Select"] = document["select"]
    limit = document.get("limit")
    if limit is not None:
        request["Limit"] = _limit(limit)


def _limit(limit: Any) -> int:
    if isinstance(limit, str) and limit.removeprefix("-").isdigit():
        limit = int(limit)  # "limit": "20", as a template without care writes it
    if isinstance(limit, bool) or not isinstance(limit, int):
        raise ResolverError("Expected an integer for limit.", "MappingTemplate")
    if limit < 1:
        message = (
            f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: "
            "Member must have value greater than or equal to 1"
        )
        raise ResolverError(message, "DynamoDB:ValidationException", why=f"the limit of a page was {limit}")
    return limit


def _shape(operation: str, document: dict[str, Any], table: Table) -> list[Any]:
    """What a token belongs to: another query's token does not fit."""
    condition = document.get("query") or {}
    return [
        operation,
        table.name,
        document.get("index"),
        condition.get("expression"),
        condition.get("expressionNames"),
        condition.get("expressionValues"),
        document.get("segment"),
    ]
