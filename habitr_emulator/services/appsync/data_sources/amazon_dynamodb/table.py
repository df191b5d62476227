"""A data source's table, and the forms in which documents and items pass to and from it."""

from collections.abc import Awaitable, Callable, Mapping
from string import ascii_uppercase, digits
from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.spec import ResolverError
from habitr_emulator.services.context import Context
from habitr_emulator.wire.attribute_value import Item


class Table:
    """The table of a data source, and who calls."""

    __slots__ = ("context", "name")

    def __init__(self, name: str, context: Context) -> None:
        self.name, self.context = name, context

    async def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Call DynamoDB's ``operation`` (snake case); raises AwsError."""
        return await self.context.call("dynamodb", operation, request)

    def error(self, error: AwsError, data: Any = None) -> ResolverError:
        """DynamoDB's refusal as AppSync words it."""
        request_id = self.context.ids.text(52, ascii_uppercase + digits)
        self.context.span.note(dynamodb_request_id=request_id)
        tail = f"(Service: DynamoDb, Status Code: {error.status}, Request ID: {request_id})"
        return ResolverError(f"{error.message} {tail}", f"DynamoDB:{error.code}", data, why=error.why)


Handler = Callable[[dict[str, Any], Table], Awaitable[Any]]


def required(document: Mapping[str, Any], name: str) -> Any:
    """A member that the document must have."""
    value = document.get(name)
    if value is None:
        raise ResolverError(f"Required field {name} missing", "MappingTemplate")
    return value


def typed(values: Any) -> Any:
    """Attribute values of a document as DynamoDB takes them: ``{"NULL": null}`` is a null too.

    Raises ResolverError (``MappingTemplate``) if they are no map of attribute values.
    """
    if values.__class__ is Item:
        return values
    if values.__class__ is not dict:
        raise ResolverError("Expected a map of attribute values.", "MappingTemplate")
    return {name: _typed_value(value) for name, value in values.items()}


def _typed_value(value: Any) -> Any:
    if value.__class__ is not dict:
        raise ResolverError('Expected an attribute value such as {"S": "text"}.', "MappingTemplate")
    if len(value) == 1:
        ((kind, content),) = value.items()
        if kind == "NULL":
            return {"NULL": True}
        if kind == "L" and isinstance(content, list):
            return {"L": [_typed_value(item) for item in content]}
        if kind == "M" and isinstance(content, dict):
            return {"M": typed(content)}
    return value


def plain(item: Any) -> Any:
    """An item of an answer as JSON that a template may change; None for no item.

    DynamoDB reads make an Item of each row for one answer, so that nobody else holds it; what a write gives or
    was given may be held elsewhere and is copied (``fresh``).
    """
    return None if item is None else Item.from_typed(item).plain


def fresh(value: Any) -> Any:
    """A deep copy of JSON."""
    if value.__class__ is dict:
        return {name: fresh(item) if item.__class__ in (dict, list) else item for name, item in value.items()}
    if value.__class__ is list:
        return [fresh(item) if item.__class__ in (dict, list) else item for item in value]
    return value


def fingerprint(value: Any) -> bytes:
    """Bytes that are equal for equal documents."""
    try:
        return orjson.dumps(value, default=_told, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    except orjson.JSONEncodeError:  # an integer beyond 64 bits, a lone surrogate
        return repr(value).encode("utf-8", "backslashreplace")


def _told(value: Any) -> Any:
    return (value.plain, value.types) if isinstance(value, Item) else repr(value)


def expressions(request: dict[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Put the expressions of a document into ``request`` under their API names, with all their names and values.

    ``parts`` maps ``UpdateExpression``, ``ConditionExpression`` … to ``{expression, expressionNames,
    expressionValues}`` or None. Raises ResolverError if two parts give one placeholder different meanings.
    """
    names: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for member, part in parts.items():
        if part is None or part.get("expression") is None:
            continue
        request[member] = part["expression"]
        _merge(names, part.get("expressionNames") or {})
        _merge(values, part.get("expressionValues") or {})
    if names:
        request["ExpressionAttributeNames"] = names
    if values:
        request["ExpressionAttributeValues"] = typed(values)
    return request


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for placeholder, meaning in more.items():
        if into.setdefault(placeholder, meaning) != meaning:
            raise ResolverError(f"Two expressions define {placeholder} differently.", "MappingTemplate")
