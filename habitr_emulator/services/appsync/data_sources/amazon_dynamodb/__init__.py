"""AMAZON_DYNAMODB: request documents as calls of the DynamoDB API.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference-dynamodb.html
"""

import asyncio
from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.data_sources.amazon_dynamodb import (
    batches,
    items,
    pages,
    transactions,
    versions,
)
from habitr_emulator.services.appsync.data_sources.amazon_dynamodb.table import Handler, Table, fingerprint, fresh
from habitr_emulator.services.appsync.data_sources.result import DataSourceResult, failed
from habitr_emulator.services.appsync.spec import DataSource, ResolverError
from habitr_emulator.services.context import Context

_READS: dict[str, Handler] = {
    "GetItem": items.get_item,
    "Query": pages.query,
    "Scan": pages.scan,
    "BatchGetItem": batches.batch_get_item,
    "TransactGetItems": transactions.transact_get_items,
}
_WRITES: dict[str, Handler] = {
    "PutItem": items.put_item,
    "UpdateItem": items.update_item,
    "DeleteItem": items.delete_item,
    "BatchPutItem": batches.batch_put_item,
    "BatchDeleteItem": batches.batch_delete_item,
    "TransactWriteItems": transactions.transact_write_items,
}
_UNBUILT = ("_version", "customPartitionKey", "populateIndexFields")


async def invoke(
    documents: list[dict[str, Any]], data_source: DataSource, context: Context
) -> list[DataSourceResult]:
    """Carry out the documents: equal reads once, single items of several GetItems in one batch, writes side by
    side (DynamoDB makes each of them atomic).
    """
    table = Table(data_source.config["table_name"], context.as_service("appsync.amazonaws.com"))
    handler = data_source.config.get("conflict_handler")
    if handler:
        return [await versions.invoke(document, table, handler, _one) for document in documents]
    if len(documents) == 1:
        return [await _one(documents[0], table)]
    if all(document.get("operation") in _READS for document in documents):
        return await _reads(documents, table)
    return list(await asyncio.gather(*[_one(document, table) for document in documents]))


async def _reads(documents: list[dict[str, Any]], table: Table) -> list[DataSourceResult]:
    same = [fingerprint(document) for document in documents]
    distinct = dict(zip(same, documents, strict=True))
    found = await items.get_many(distinct, table)
    for key, document in distinct.items():
        if key not in found:
            found[key] = await _one(document, table)
    given: set[bytes] = set()
    results = []
    for key in same:
        results.append(_copy(found[key]) if key in given else found[key])
        given.add(key)
    return results


def _copy(result: DataSourceResult) -> DataSourceResult:
    """A result of its own for a further asker: templates may change what they are given."""
    return DataSourceResult(fresh(result.value), result.error)


async def _one(document: dict[str, Any], table: Table) -> DataSourceResult:
    name = document.get("operation")
    handler = _READS.get(name or "") or _WRITES.get(name or "")
    try:
        if handler is None:
            raise _unsupported(name)
        for member in _UNBUILT:
            if document.get(member) is not None:
                raise ResolverError(f"{member} needs conflict detection.", "NotImplemented", why=_why(member))
        return DataSourceResult(await handler(document, table))
    except AwsError as error:
        return failed(table.error(error))
    except ResolverError as error:
        return failed(error)


def _unsupported(name: Any) -> ResolverError:
    if name == "Sync":
        return ResolverError("The Sync operation needs conflict detection.", "NotImplemented", why=_why("Sync"))
    return ResolverError(f"Unsupported operation '{name}'.", "MappingTemplate")


def _why(what: str) -> str:
    return f"not built: {what} belongs to versioned data sources (DataStore's conflict detection)"
