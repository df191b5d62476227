"""The generated search: what it asks of OpenSearch, and what it makes of the answer."""

import json
from base64 import b64encode
from typing import Any

import pytest

from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformer import transform
from habitr_emulator.services.appsync.spec import (
    FieldInfo,
    Function,
    ResolverContext,
    ResolverError,
    Unauthorized,
)

SCHEMA = """
type Note @model(subscriptions: { level: off }) @searchable
  @auth(
    rules: [{ allow: owner }, { allow: groups, groupsField: "teams", operations: [read] }, { allow: public }]
  ) {
  id: ID!
  text: String
  made: AWSDate
  n: Int
  owner: String
  teams: [String]
  secret: String @auth(rules: [{ allow: owner }])
}
type Log @model @searchable { id: ID! text: String }
"""


def function(version: int = 2) -> Function:
    schema = SCHEMA if version == 2 else SCHEMA.replace("(subscriptions: { level: off })", "(subscriptions: null)")
    flags = Flags.read({"transformerversion": version, "usesubusernamefordefaultidentityclaim": False})
    made = transform(schema, to=Resources(), flags=flags, providers=("userPools", "apiKey"))
    (found,) = made.resolvers["Query", "searchNotes"].functions
    return found


def context(user: str = "", *groups: str, **arguments: Any) -> ResolverContext:
    claims = {"username": user, "cognito:groups": list(groups)}
    mode = "AMAZON_COGNITO_USER_POOLS" if user else "API_KEY"
    info = FieldInfo("searchNotes", "Query", {})
    return ResolverContext(arguments, None, {"claims": claims} if user else None, mode, info, "query", str, str)


def body(found: Function, ctx: ResolverContext) -> Any:
    document = found.request(ctx)  # type: ignore[operator, misc]
    assert document["path"] in ("/note/_search", "/note/doc/_search")
    return document["params"]["body"]


def test_sorts_go_by_keyword_and_end_with_the_key() -> None:
    sort = [{"field": "text", "direction": "asc"}, {"field": "made"}]
    asked = body(function(), context("", sort=sort, limit=3, **{"from": 2}))
    assert asked["sort"] == [{"text.keyword": "asc"}, {"made": "desc"}, {"id.keyword": "desc"}]
    assert (asked["size"], asked["from"], asked["query"]) == (3, 2, {"match_all": {}})
    assert body(function(1), context())["sort"] == [{"id.keyword": "desc"}]


def test_owners_and_groups_narrow_the_query() -> None:
    query = body(function(), context("ann", "red", filter={"n": {"eq": 1}}))["query"]
    mine, wanted = query["bool"]["must"]
    assert mine["bool"]["should"] == [{"terms": {"owner.keyword": ["ann"]}}, {"terms": {"teams.keyword": ["red"]}}]
    assert wanted == {"term": {"n": 1}}


def test_a_guarded_field_is_aggregated_over_the_items_that_show_it() -> None:
    wanted = [{"name": "s", "type": "terms", "field": "secret"}]
    asked = body(function(), context("ann", "red", aggregates=wanted))["aggs"]["s"]
    assert asked["filter"]["bool"]["should"] == [{"terms": {"owner.keyword": ["ann"]}}]
    assert asked["aggs"] == {"s": {"terms": {"field": "secret.keyword"}}}
    with pytest.raises(ResolverError, match="Unauthorized to run aggregation on field: secret"):
        body(function(), context(aggregates=wanted))


def test_the_token_is_the_last_hits_sort_values() -> None:
    found, ctx = function(), context()
    hits = [{"_source": {"id": "1"}, "sort": [5, "1"]}, {"_source": {"id": "2"}, "sort": [4, "2"]}]
    sums = {"n": {"doc_count": 2, "n": {"value": 9.0}}}
    ctx.result = {"hits": {"total": {"value": 7}, "hits": hits}, "aggregations": sums}
    page = found.response(ctx)  # type: ignore[operator, misc]
    assert page["items"] == [{"id": "1"}, {"id": "2"}]
    assert page["total"] == 7
    assert page["nextToken"] == b64encode(json.dumps([4, "2"]).encode()).decode()
    scalar = {"__typename": "SearchableAggregateScalarResult", "value": 9.0}
    assert page["aggregateItems"] == [{"name": "n", "result": scalar}]
    assert body(found, context(nextToken=page["nextToken"]))["search_after"] == [4, "2"]
    with pytest.raises(ResolverError, match="nextToken"):
        body(found, context(nextToken="?"))


def test_version_1_filters_the_hits_and_gives_the_plain_sort_value() -> None:
    found, ctx = function(1), context("ann")
    hits = [{"_source": {"id": "1", "owner": "ann"}, "sort": [5]}, {"_source": {"id": "2"}, "sort": [4]}]
    ctx.result = {"hits": {"total": {"value": 2}, "hits": hits}}
    page = found.response(ctx)  # type: ignore[operator, misc]
    assert (page["items"], page["nextToken"], page["total"]) == ([{"id": "1", "owner": "ann"}], "4", 2)


def test_a_model_without_rules_cannot_be_searched_in_version_2() -> None:
    flags = Flags.read({"transformerversion": 2})
    made = transform(SCHEMA, to=Resources(), flags=flags, providers=("userPools", "apiKey"))
    (found,) = made.resolvers["Query", "searchLogs"].functions
    with pytest.raises(Unauthorized):
        found.request(context())  # type: ignore[operator, misc]
