"""``get<Type>`` and to-one relations: one item by its key.

Amplify queries by the key with the authorization filter, to tell an item that is not there (null) from one that
the caller may not see (Unauthorized). Without a filter, reading the item says the same.
"""

from typing import Any

from habitr_emulator.amplify.resolvers.documents import VERSION, KeyMaker, filter_of, pass_errors
from habitr_emulator.services.appsync.spec import Native, ResolverContext, Unauthorized
from habitr_emulator.wire.attribute_value import Item


def request(key: KeyMaker) -> Native:
    """GetItem, or Query with the authorization filter."""

    def make(ctx: ResolverContext) -> Any:
        return document(key(ctx.arguments), ctx)

    return make


def document(key: Item, ctx: ResolverContext, index: str | None = None) -> dict[str, Any]:
    """The document that reads the item of ``key``, which may be an index's."""
    if index is None and not ctx.stash.get("authFilter"):
        return {"version": VERSION, "operation": "GetItem", "key": key}
    names = list(key)
    return {
        **({"index": index} if index else {}),
        "version": VERSION,
        "operation": "Query",
        "query": {
            "expression": " AND ".join(f"#key{place} = :key{place}" for place in range(len(names))),
            "expressionNames": {f"#key{place}": name for place, name in enumerate(names)},
            "expressionValues": {f":key{place}": key[name] for place, name in enumerate(names)},
        },
        "filter": filter_of(ctx),
    }


def response(ctx: ResolverContext) -> Any:
    """The item; null if there is none; refused if the filter hid it."""
    pass_errors(ctx)
    found = ctx.result
    if found is None or "scannedCount" not in found or not isinstance(found.get("items"), list):
        return found
    if found["scannedCount"] != 1:
        return None
    if not found["items"]:
        raise Unauthorized(why="the item exists, but the caller is not among its owners or groups")
    return found["items"][0]
