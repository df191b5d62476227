"""Relational fields: one related item by its key, or a page of them by an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.auth.redaction import OPERATION
from habitr_emulator.amplify.resolvers import get
from habitr_emulator.amplify.resolvers.documents import VERSION, joined, key_text, page
from habitr_emulator.amplify.resolvers.key_conditions import key_condition
from habitr_emulator.services.appsync.spec import EarlyReturn, Native, ResolverContext
from habitr_emulator.wire.attribute_value import Item


@dataclass(frozen=True, slots=True)
class RelationShape:
    """``local`` are the source's attributes, ``hashed`` and ``sort`` the related key's fields in the same order;
    ``index`` is the index to query (None for the primary key), ``limit`` the default page size. ``text``: the key
    is compared as a string, whatever it is.
    """

    local: tuple[str, ...]
    hashed: str
    sort: tuple[str, ...]
    index: str | None = None
    limit: int = 100
    text: bool = False


def redaction(*, many: bool) -> Check:
    """In a mutation's response the field is null (no items), because subscribers see the response too."""

    def check(ctx: ResolverContext) -> None:
        if (ctx.source or {}).get(OPERATION) == "Mutation":
            raise EarlyReturn({"items": []} if many else None)

    return check


def to_one(shape: RelationShape) -> Native:
    """Reads the related item; null if an attribute of the foreign key is missing."""

    def make(ctx: ResolverContext) -> Any:
        source = ctx.source or {}
        values = [source.get(name) for name in shape.local]
        if any(value is None or value == "" for value in values):
            raise EarlyReturn(None)
        return get.document(_key(shape.hashed, shape.sort, values), ctx, shape.index)

    return make


def _key(hashed: str, sort: Sequence[str], values: Sequence[Any]) -> Item:
    if len(sort) < 2:
        return Item.from_plain(dict(zip((hashed, *sort), values, strict=False)))
    return Item.from_plain({hashed: values[0], "#".join(sort): _joined(sort, values[1:])})


def _joined(sort: Sequence[str], values: Sequence[Any]) -> str:
    return joined(dict(zip(sort, values, strict=True)), sort)


def to_many(shape: RelationShape) -> Native:
    """Queries a page of related items; none if the source's key is missing."""
    fixed_sort = shape.sort if len(shape.local) > 1 else ()

    def make(ctx: ResolverContext) -> Any:
        source, own = ctx.source or {}, ctx.stash.get("connectionAttributes", {})
        value = own.get(shape.local[0])
        if value is None:
            value = source.get(shape.local[0])
        if value is None:
            raise EarlyReturn({"items": []})
        if shape.text:
            value = key_text(value)
        arguments = ctx.arguments
        if fixed_sort:
            arguments = _fixed(fixed_sort, [source.get(name) for name in shape.local[1:]])
        document = {
            "version": VERSION,
            "operation": "Query",
            "query": key_condition(arguments, (shape.hashed, value), shape.sort, checked=False),
            "scanIndexForward": ctx.arguments.get("sortDirection") != "DESC",
        }
        if shape.index:
            document["index"] = shape.index
        return page(ctx, document, shape.limit)

    return make


def _fixed(sort: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    """The sort key arguments of a relation whose fields name the whole key."""
    name = sort[0] + "".join(part[:1].upper() + part[1:] for part in sort[1:])
    wanted: Any = values[0] if len(sort) == 1 else dict(zip(sort, values, strict=True))
    return {name: {"eq": wanted}}
