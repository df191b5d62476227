"""Versioned tables: conflict detection and resolution, and Sync, as DataStore's clients need them.

Every write counts ``_version`` up and sets ``_lastChangedAt`` (milliseconds since 1970); a delete leaves the item
with ``_deleted``. A write that names another version than the stored one is a conflict.

https://docs.aws.amazon.com/appsync/latest/devguide/conflict-detection-and-sync.html
"""

from collections.abc import Awaitable, Callable
from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.data_sources.amazon_dynamodb import items, pages
from habitr_emulator.services.appsync.data_sources.amazon_dynamodb.table import Table, required, typed
from habitr_emulator.services.appsync.data_sources.result import DataSourceResult, failed
from habitr_emulator.services.appsync.spec import ResolverError
from habitr_emulator.wire.attribute_value import Item

OPTIMISTIC, AUTOMERGE = "OPTIMISTIC_CONCURRENCY", "AUTOMERGE"
#: How long a deleted item stays (Amplify's BaseTableTTL of 30 days), in seconds.
_KEPT = 43_200 * 60
_TRIES = 10
_FAILED = "DynamoDB:ConditionalCheckFailedException"

Document = dict[str, Any]
Others = Callable[[Document, Table], Awaitable[DataSourceResult]]


async def invoke(document: Document, table: Table, handler: str, others: Others) -> DataSourceResult:
    """Carry out a document on a versioned table; ``handler`` is its conflict handler, ``others`` does what
    versions do not concern.
    """
    try:
        match document.get("operation"):
            case "PutItem":
                return DataSourceResult(await _put(document, table))
            case "UpdateItem" | "DeleteItem" as operation:
                return DataSourceResult(await _change(document, table, handler, deletes=operation == "DeleteItem"))
            case "Sync":
                return DataSourceResult(await sync(document, table))
    except AwsError as error:
        return failed(table.error(error))
    except ResolverError as error:
        return failed(error)
    return await others(document, table)


def _stamps(table: Table, version: int) -> Document:
    return {"_version": version, "_lastChangedAt": int(table.context.clock.now() * 1000)}


async def _put(document: Document, table: Table) -> Any:
    values = Item.from_typed(typed(document.get("attributeValues") or {})).plain
    stamped = Item.from_plain({**values, **_stamps(table, 1)})
    return await items.put_item({**document, "attributeValues": stamped}, table)


async def _change(document: Document, table: Table, handler: str, *, deletes: bool) -> Any:
    """An update or a delete; tried again if another write came between reading the version and writing."""
    key, wanted = required(document, "key"), int(document.get("_version") or 0)
    for _ in range(_TRIES):
        current = await items.get_item({"key": key, "consistentRead": True}, table)
        if current is None:
            return await (items.delete_item if deletes else items.update_item)(document, table)
        stored = int(current.get("_version") or 0)
        update: Document = {"expression": ""} if deletes else document.get("update") or {"expression": ""}
        if stored != wanted:
            update = _resolved(handler, update, current, deletes=deletes)
        try:
            return await items.update_item(_versioned(document, table, update, stored, deletes=deletes), table)
        except ResolverError as error:
            if error.error_type != _FAILED or (error.data or {}).get("_version", 0) == stored:
                raise
    raise ResolverError("Too many writes of one item at a time.", "ConflictUnhandled")


def _resolved(handler: str, update: Document, current: Document, *, deletes: bool) -> Document:
    """What is left of a conflicting update. Raises ResolverError (``ConflictUnhandled``) if nothing may be."""
    if handler != AUTOMERGE or deletes:
        why = f"the item is of version {current.get('_version', 0)}, the request names another"
        raise ResolverError("Conflict resolver rejects mutation.", "ConflictUnhandled", current, why=why)
    intended = items.updated(update, current)
    merged = {} if intended is None else {name: _merged(current.get(name), intended[name]) for name in intended}
    changed = {name: value for name, value in merged.items() if value != current.get(name)}
    sets = [f"#merge{place} = :merge{place}" for place in range(len(changed))]
    return {
        "expression": f"SET {', '.join(sets)}" if sets else "",
        "expressionNames": {f"#merge{place}": name for place, name in enumerate(changed)},
        "expressionValues": {
            f":merge{place}": value for place, value in enumerate(Item.from_plain(changed).typed.values())
        },
    }


def _merged(stored: Any, given: Any) -> Any:
    """Automerge: what is new comes in, lists join, objects merge; of two values the stored one stays."""
    if stored is None:
        return given
    if isinstance(stored, list) and isinstance(given, list):
        return stored + [item for item in given if item not in stored]
    if isinstance(stored, dict) and isinstance(given, dict):
        return {name: _merged(stored.get(name), given.get(name)) for name in {**stored, **given}}
    return stored


def _versioned(document: Document, table: Table, update: Document, stored: int, *, deletes: bool) -> Document:
    """The UpdateItem document that also writes the version, on condition that it is still the stored one."""
    stamps = _stamps(table, stored + 1)
    if deletes:
        stamps |= {"_deleted": True, "_ttl": int(table.context.clock.now()) + _KEPT}
    values = {f":{name}": value for name, value in Item.from_plain(stamps).typed.items()}
    condition: Document = dict(document.get("condition") or {})
    own = "attribute_not_exists(#_version)" if stored == 0 else "#_version = :storedVersion"
    given = condition.get("expression")
    condition["expression"] = f"({given}) AND {own}" if given else own
    condition["expressionNames"] = {**(condition.get("expressionNames") or {}), "#_version": "_version"}
    if stored:
        found = condition.get("expressionValues") or {}
        condition["expressionValues"] = {**found, ":storedVersion": {"N": str(stored)}}
    return {
        **document,
        "operation": "UpdateItem",
        "condition": condition,
        "update": {
            "expression": _with_sets(update["expression"], [f"#{name} = :{name}" for name in stamps]),
            "expressionNames": {**(update.get("expressionNames") or {}), **{f"#{name}": name for name in stamps}},
            "expressionValues": {**(update.get("expressionValues") or {}), **values},
        },
    }


def _with_sets(expression: str, sets: list[str]) -> str:
    """An update expression has one SET section: join the new clauses to it."""
    more = ", ".join(sets)
    head, section, rest = expression.partition("SET ")
    return f"{head}SET {more}, {rest}" if section else f"SET {more} {expression}"


async def sync(document: Document, table: Table) -> Document:
    """A page of items, with ``lastSync`` of those that changed since; ``startedAt`` is the next ``lastSync``."""
    started, last = int(table.context.clock.now() * 1000), document.get("lastSync")
    scan = {**document, "operation": "Scan"}
    if last is not None:
        scan["filter"] = _changed_since(document.get("filter") or {}, int(last))
    return {**await pages.scan(scan, table), "startedAt": started}


def _changed_since(given: Document, last: int) -> Document:
    expression = given.get("expression")
    own = "#_lastChangedAt >= :lastSync"
    return {
        "expression": f"({expression}) AND {own}" if expression else own,
        "expressionNames": {**(given.get("expressionNames") or {}), "#_lastChangedAt": "_lastChangedAt"},
        "expressionValues": {**(given.get("expressionValues") or {}), ":lastSync": {"N": str(last)}},
    }
