"""Indexes that follow tables, and what searches find in them."""

from typing import Any

import pytest

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.deploy import deploy as deploy_table
from habitr_emulator.services.dynamodb.spec import Table
from habitr_emulator.services.opensearch.deploy import deploy
from habitr_emulator.services.opensearch.errors import (
    IllegalArgumentException,
    IndexNotFoundException,
    ParsingException,
)
from habitr_emulator.services.opensearch.spec import Index

TABLE = Table(
    "Habit-x-dev",
    {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    },
)
ITEMS: list[dict[str, Any]] = [
    {"id": "a", "tagline": "Drink more Water", "ups": 5, "made": "2024-02-01", "tags": ["green tea", "cold"]},
    {"id": "b", "tagline": "Walk in the water", "ups": 9, "made": "2024-03-01", "live": True},
    {"id": "c", "tagline": "Save_money every day", "ups": 1, "owner": "ann"},
]


def typed(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case list():
            return {"L": [typed(each) for each in value]}
        case _:
            return {"N": str(value)}


async def put(ctx: Context, item: dict[str, Any]) -> None:
    request = {"TableName": TABLE.table_name, "Item": {name: typed(value) for name, value in item.items()}}
    await ctx.services.dynamodb.put_item(request)


@pytest.fixture
async def searched(ctx: Context) -> Context:
    """One item is there before the index is, two come after."""
    await deploy_table(ctx, TABLE)
    await put(ctx, ITEMS[0])
    await deploy(ctx, Index("habit", TABLE.table_name))
    for item in ITEMS[1:]:
        await put(ctx, item)
    return ctx


async def search(ctx: Context, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = await ctx.services.opensearch.search({"Index": "habit", "Body": body})
    return found


async def found(ctx: Context, query: dict[str, Any]) -> str:
    hits = (await search(ctx, query=query, sort=[{"id.keyword": "asc"}]))["hits"]
    assert hits["total"]["value"] == len(hits["hits"])
    return "".join(hit["_source"]["id"] for hit in hits["hits"])


QUERIES: list[tuple[dict[str, Any], str]] = [
    ({"match_all": {}}, "abc"),
    ({"match": {"tagline": "WATER nothing"}}, "ab"),
    ({"match": {"tagline": "!"}}, ""),
    ({"match": {"tags": "tea"}}, "a"),
    ({"match": {"owner": "water"}}, ""),
    ({"match_phrase": {"tagline": "the water"}}, "b"),
    ({"match_phrase": {"tagline": "water the"}}, ""),
    ({"match_phrase_prefix": {"tagline": "drink mo"}}, "a"),
    ({"multi_match": {"query": "ann walk", "fields": ["tagline", "owner"]}}, "bc"),
    ({"term": {"tagline.keyword": "Walk in the water"}}, "b"),
    ({"term": {"tagline.keyword": "walk in the water"}}, ""),
    ({"term": {"live": True}}, "b"),
    ({"term": {"ups": "5"}}, "a"),
    ({"terms": {"ups": [1, 9]}}, "bc"),
    ({"range": {"ups": {"gte": 5, "lt": 9}}}, "a"),
    ({"range": {"made": {"gt": "2024-02-01", "lte": "2024-03-01T00:00:00Z"}}}, "b"),
    ({"exists": {"field": "owner"}}, "c"),
    ({"wildcard": {"tagline": "wat?r"}}, "ab"),
    ({"wildcard": {"tagline.keyword": "*water"}}, "b"),
    ({"regexp": {"tagline": "(walk|drink)"}}, "ab"),
    ({"match": {"tagline": "save_money"}}, "c"),
    ({"bool": {"must_not": {"term": {"ups": 5}}}}, "bc"),
    ({"bool": {"should": [{"term": {"ups": 1}}, {"term": {"ups": 9}}], "minimum_should_match": 1}}, "bc"),
    ({"bool": {"must": [{"match": {"tagline": "water"}}, {"range": {"ups": {"gt": 5}}}]}}, "b"),
]


@pytest.mark.parametrize(("query", "ids"), QUERIES, ids=[str(query) for query, _ in QUERIES])
async def test_a_query_finds_its_documents(searched: Context, query: dict[str, Any], ids: str) -> None:
    assert await found(searched, query) == ids


async def test_the_index_is_in_step_with_every_write(searched: Context) -> None:
    await put(searched, {"id": "a", "tagline": "Swim"})
    assert await found(searched, {"match": {"tagline": "drink swim"}}) == "a"
    await searched.services.dynamodb.delete_item({"TableName": TABLE.table_name, "Key": {"id": {"S": "a"}}})
    assert await found(searched, {"match_all": {}}) == "bc"


async def test_a_write_that_is_refused_leaves_the_index_alone(searched: Context) -> None:
    request = {
        "TransactItems": [
            {"Put": {"TableName": TABLE.table_name, "Item": {"id": {"S": "d"}}}},
            {
                "ConditionCheck": {
                    "TableName": TABLE.table_name,
                    "Key": {"id": {"S": "none"}},
                    "ConditionExpression": "attribute_exists(id)",
                }
            },
        ]
    }
    with pytest.raises(Exception, match="Transaction cancelled"):
        await searched.services.dynamodb.transact_write_items(request)
    assert await found(searched, {"match_all": {}}) == "abc"


async def test_hits_are_sorted_paged_and_go_on_after_the_last(searched: Context) -> None:
    sort = [{"ups": {"order": "desc"}}]
    first = (await search(searched, sort=sort, size=2))["hits"]["hits"]
    assert [hit["sort"] for hit in first] == [[9], [5]]
    rest = (await search(searched, sort=sort, search_after=first[-1]["sort"]))["hits"]["hits"]
    assert [hit["_source"]["id"] for hit in rest] == ["c"]
    second = await search(searched, sort=sort, **{"from": 1, "size": 1})
    assert [hit["_source"]["id"] for hit in second["hits"]["hits"]] == ["a"]
    assert second["hits"]["total"]["value"] == 3


async def test_what_is_missing_sorts_last_in_either_direction(searched: Context) -> None:
    for way in ("asc", "desc"):
        hits = (await search(searched, sort=[{"made": way}]))["hits"]["hits"]
        assert hits[-1]["_source"]["id"] == "c"


async def test_aggregations_count_and_calculate(searched: Context) -> None:
    wanted = {
        "sum": {"sum": {"field": "ups"}},
        "few": {"filter": {"term": {"ups": 9}}, "aggs": {"most": {"max": {"field": "ups"}}}},
        "words": {"terms": {"field": "tags.keyword"}},
        "kinds": {"cardinality": {"field": "tagline.keyword"}},
    }
    answer = (await search(searched, aggs=wanted))["aggregations"]
    assert answer["sum"]["value"] == 15
    assert answer["few"] == {"doc_count": 1, "most": {"value": 9}}
    assert answer["words"]["buckets"] == [{"key": "cold", "doc_count": 1}, {"key": "green tea", "doc_count": 1}]
    assert answer["kinds"]["value"] == 3


async def test_deploying_again_fills_an_index_that_missed_writes(searched: Context) -> None:
    searched.account.followers.clear()
    await put(searched, {"id": "d", "tagline": "late"})
    assert await found(searched, {"match": {"tagline": "late"}}) == ""
    await deploy(searched, Index("habit", TABLE.table_name))
    assert await found(searched, {"match": {"tagline": "late walk"}}) == "bd"


async def test_what_cannot_be_searched_is_refused(searched: Context) -> None:
    with pytest.raises(IndexNotFoundException):
        await searched.services.opensearch.search({"Index": "nothing", "Body": {}})
    with pytest.raises(IllegalArgumentException, match="10001"):
        await search(searched, size=10_001)
    with pytest.raises(IllegalArgumentException, match="aggregation"):
        await search(searched, aggs={"x": {"avg": {"field": "tagline.keyword"}}})
    with pytest.raises(ParsingException, match="unknown query"):
        await search(searched, query={"fuzzy": {}})
    with pytest.raises(ParsingException):
        await search(searched, query={"regexp": {"tagline": "("}})
