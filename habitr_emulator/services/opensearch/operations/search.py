"""Search: the documents of an index that a query finds, sorted, a page of them, and aggregations.

https://opensearch.org/docs/latest/api-reference/search/
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson

from habitr_emulator.services.context import Context
from habitr_emulator.services.opensearch.aggregations import aggregate
from habitr_emulator.services.opensearch.errors import IllegalArgumentException, IndexNotFoundException
from habitr_emulator.services.opensearch.query import Query
from habitr_emulator.services.opensearch.sorting import Order
from habitr_emulator.services.opensearch.values import Source
from habitr_emulator.services.registry import Auth, Input, Output, operation

WINDOW = 10_000
SLICE = 500
_DEFAULT_SIZE = 10


@operation(auth=Auth.SIGNED, action="es:ESHttpGet")
async def search(request: Input, ctx: Context) -> Output:
    """``Index`` is the index's name, ``Body`` the search. Answers OpenSearch's own body.

    Raises IndexNotFoundException, IllegalArgumentException, ParsingException.
    """
    name, body = request["Index"], request.get("Body") or {}
    row = ctx.store.one("SELECT number FROM opensearch_index WHERE name = ?", (name,))
    if row is None:
        raise IndexNotFoundException(f"no such index [{name}]")
    first, size = _window(body)
    query = Query(ctx.store, row["number"])
    found = await _found(ctx, query, body.get("query"))
    order = Order(body.get("sort") or [])
    hits = order.sorted([(order.key(source), source) for _, source in found])
    after = body.get("search_after")
    if after:
        hits = [hit for hit in hits if order.compare(hit[0], after) > 0]
    answer: Output = {
        "hits": {
            "total": {"value": min(len(found), WINDOW), "relation": "eq" if len(found) <= WINDOW else "gte"},
            "hits": [
                {"_index": name, "_source": source, "sort": key} for key, source in hits[first : first + size]
            ],
        }
    }
    wanted = body.get("aggs") or body.get("aggregations")
    if wanted:
        answer["aggregations"] = aggregate(query, wanted, found)
    return answer


def _window(body: Mapping[str, Any]) -> tuple[int, int]:
    first, size = body.get("from") or 0, body.get("size", _DEFAULT_SIZE)
    if first < 0 or size < 0:
        raise IllegalArgumentException("[from] and [size] parameters cannot be negative")
    if first + size > WINDOW:
        raise IllegalArgumentException(
            f"Result window is too large, from + size must be less than or equal to: [{WINDOW}] but was "
            f"[{first + size}]"
        )
    return first, size


async def _found(ctx: Context, query: Query, clause: Mapping[str, Any] | None) -> list[tuple[int, Source]]:
    """Every document that passes, in slices, so that other requests are not kept waiting."""
    test, last = query.test(clause), 0
    found: list[tuple[int, Source]] = []
    while True:
        rows = ctx.store.all(
            "SELECT number, source FROM opensearch_document WHERE index_number = ? AND number > ? "  # noqa: S608
            f"ORDER BY number LIMIT {SLICE}",
            (query.index, last),
        )
        for row in rows:
            source = orjson.loads(row["source"])
            if test(row["number"], source):
                found.append((row["number"], source))
        if len(rows) < SLICE:
            return found
        last = rows[-1]["number"]
        await asyncio.sleep(0)
