"""TransactGetItems and TransactWriteItems."""

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
from habitr_emulator.services.appsync.spec import ResolverError
from habitr_emulator.wire.attribute_value import Item

_CANCELLED = "TransactionCanceledException"
_MEMBERS = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete", "ConditionCheck": "ConditionCheck"}


async def transact_get_items(document: dict[str, Any], table: Table) -> dict[str, Any]:
    """``{items: [item or None, …], cancellationReasons: None}``."""
    gets = [{"Get": _get(each)} for each in required(document, "transactItems")]
    try:
        answer = await table.call("transact_get_items", {"TransactItems": gets})
    except AwsError as error:
        raise _cancelled(error, table, "items") from error
    items = [plain(each.get("Item")) for each in answer["Responses"]]
    return {"items": items, "cancellationReasons": None}


def _get(each: dict[str, Any]) -> dict[str, Any]:
    request = {"TableName": required(each, "table"), "Key": typed(required(each, "key"))}
    return expressions(request, {"ProjectionExpression": each.get("projection")})


async def transact_write_items(document: dict[str, Any], table: Table) -> dict[str, Any]:
    """``{keys: [key, …], cancellationReasons: None}``."""
    asked = required(document, "transactItems")
    try:
        await table.call("transact_write_items", {"TransactItems": [_write(each) for each in asked]})
    except AwsError as error:
        raise _cancelled(error, table, "keys") from error
    return {"keys": [fresh(plain(typed(each["key"]))) for each in asked], "cancellationReasons": None}


def _write(each: dict[str, Any]) -> dict[str, Any]:
    operation = each.get("operation")
    if operation not in _MEMBERS:
        raise ResolverError(f"Unsupported operation '{operation}'.", "MappingTemplate")
    key, condition = typed(required(each, "key")), each.get("condition")
    request: dict[str, Any] = {"TableName": required(each, "table")}
    if operation == "PutItem":
        values = typed(each.get("attributeValues") or {})
        request["Item"] = Item.from_native({**Item.from_typed(values).native, **Item.from_typed(key).native})
    else:
        request["Key"] = key
    if condition is not None and condition.get("returnValuesOnConditionCheckFailure"):
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    parts = {"UpdateExpression": each.get("update"), "ConditionExpression": condition}
    return {_MEMBERS[operation]: expressions(request, parts)}


def _cancelled(error: AwsError, table: Table, member: str) -> ResolverError:
    if error.code != _CANCELLED:
        return table.error(error)
    reasons = [_reason(reason) for reason in error.fields.get("CancellationReasons", [])]
    return table.error(error, {member: None, "cancellationReasons": reasons})


def _reason(reason: dict[str, Any]) -> dict[str, Any]:
    code = reason.get("Code", "None")
    return {"type": code, "message": reason.get("Message") or code, "item": plain(reason.get("Item"))}
