"""``search<Types>``: the filter as OpenSearch's query, sorted and paged by the last hit's sort values."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.resolvers.documents import VERSION, pass_errors
from habitr_emulator.services.appsync.spec import Native, ResolverContext, ResolverError, Unauthorized
from habitr_emulator.wire.search_filter import query_dsl

_DEFAULT_SIZE = 100
_SCALAR = "SearchableAggregateScalarResult"
_BUCKETS = "SearchableAggregateBucketResult"


@dataclass(frozen=True, slots=True)
class SearchShape:
    """``path`` is that of the index's ``_search``; ``plain`` are the fields that are compared, sorted and
    aggregated as they are, all others by their keyword; ``key`` are the key's fields, by which ties are broken;
    ``guards`` are of fields with rules of their own: who may read them in any item, and else by which owner and
    groups fields they may be read.
    """

    path: str
    plain: frozenset[str]
    key: tuple[str, ...]
    guards: Mapping[str, tuple[Check, frozenset[str]]]

    def exact(self, field: str) -> str:
        """The name of the field that holds whole values."""
        return field if field in self.plain else f"{field}.keyword"


def request(shape: SearchShape) -> Native:
    """The search of version 2."""

    def make(ctx: ResolverContext) -> Any:
        given = ctx.arguments
        sort = _sort(shape, given.get("sort") or [])
        body = _body(shape, given, sort)
        if given.get("nextToken"):
            body["search_after"] = _decoded(given["nextToken"])
        mine = _authorized(ctx.stash.get("authFilter"))
        if mine:
            body["query"] = {"bool": {"must": [mine, body["query"]]}}
        if given.get("aggregates"):
            body["aggs"] = _aggregations(shape, ctx, given["aggregates"])
        return _document(shape, body)

    return make


def _body(shape: SearchShape, given: Mapping[str, Any], sort: list[dict[str, str]]) -> dict[str, Any]:
    size = given.get("limit")
    return {
        "from": given.get("from") or 0,
        "size": _DEFAULT_SIZE if size is None else size,
        "sort": sort,
        "query": query_dsl(given["filter"], shape.plain) if given.get("filter") else {"match_all": {}},
    }


def _document(shape: SearchShape, body: dict[str, Any]) -> dict[str, Any]:
    return {"version": VERSION, "operation": "GET", "path": shape.path, "params": {"body": body}}


def _sort(shape: SearchShape, given: Any) -> list[dict[str, str]]:
    """What the client sorts by, then the key, so that pages have one order."""
    clauses = given if isinstance(given, list) else [given]
    found = {
        clause["field"]: clause.get("direction") or "desc" for clause in clauses if clause and clause.get("field")
    }
    missing = {name: "desc" for name in shape.key if name not in found}
    return [{shape.exact(name): way} for name, way in (found | missing).items()]


def _decoded(token: str) -> list[Any]:
    try:
        found = json.loads(b64decode(token, validate=True))
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise ResolverError("Invalid nextToken.", "BadRequest", why="nextToken comes from an earlier search")
    return found


def _authorized(mine: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The filter of dynamic roles: the owner's or the groups' field holds one of the caller's values."""
    if not mine:
        return None
    should = []
    for each in mine["or"]:
        (name, test), *_ = each.items()
        (_, wanted), *_ = test.items()
        should.append({"terms": {f"{name}.keyword": wanted if isinstance(wanted, list) else [wanted]}})
    return {"bool": {"should": should, "minimum_should_match": 1}}


def _aggregations(shape: SearchShape, ctx: ResolverContext, wanted: list[Any]) -> dict[str, Any]:
    made = {}
    for each in wanted:
        mine = _authorized(_filter_for(shape, ctx, each["field"]))
        inside = {each["name"]: {each["type"]: {"field": shape.exact(each["field"])}}}
        made[each["name"]] = {"filter": mine or {"match_all": {}}, "aggs": inside}
    return made


def _filter_for(shape: SearchShape, ctx: ResolverContext, field: str) -> Mapping[str, Any] | None:
    """The part of the authorization filter by which the caller may read a field; None if that is in every item."""
    mine: Mapping[str, Any] | None = ctx.stash.get("authFilter")
    if field not in shape.guards:
        return mine
    check, entities = shape.guards[field]
    kept = [each for each in mine["or"] if entities.intersection(each)] if mine else []
    if kept:
        return {"or": kept}
    try:
        check(ctx)
    except Unauthorized as error:
        message = f"Unauthorized to run aggregation on field: {field}"
        raise ResolverError(message, "Unauthorized", why=error.why) from error
    return mine


def response(ctx: ResolverContext) -> Any:
    """The page of version 2."""
    page = _page(ctx, lambda key: b64encode(json.dumps(key).encode()).decode())
    found = ctx.result.get("aggregations") or {}
    page["aggregateItems"] = [{"name": name, "result": _aggregate(each[name])} for name, each in found.items()]
    return page


def _page(ctx: ResolverContext, token: Callable[[list[Any]], str]) -> dict[str, Any]:
    pass_errors(ctx)
    hits = ctx.result["hits"]
    found = hits["hits"]
    return {
        "items": [hit["_source"] for hit in found],
        "nextToken": token(found[-1]["sort"]) if found else None,
        "total": hits["total"]["value"],
    }


def _aggregate(found: Mapping[str, Any]) -> dict[str, Any]:
    if "buckets" not in found:
        return {"__typename": _SCALAR, "value": found["value"]}
    buckets = [{"key": str(each["key"]), "doc_count": each["doc_count"]} for each in found["buckets"]]
    return {"__typename": _BUCKETS, "buckets": buckets}


def v1_request(shape: SearchShape) -> Native:
    """The search of version 1: one sort (by default the key), whose last value is the token."""

    def make(ctx: ResolverContext) -> Any:
        given = ctx.arguments.get("sort") or {}
        field, way = given.get("field") or shape.key[0], given.get("direction") or "desc"
        body = _body(shape, ctx.arguments, [{shape.exact(field): way}])
        if ctx.arguments.get("nextToken"):
            body["search_after"] = [ctx.arguments["nextToken"]]
        return _document(shape, body)

    return make


def v1_response(ctx: ResolverContext) -> Any:
    """The page of version 1."""
    return _page(ctx, lambda key: str(key[0]))
