import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.dynamodb import pages
from habitr_emulator.wire.attribute_value import Item


@pytest.fixture
async def filled(call: Any) -> Any:
    for number in range(10):
        item = {"pk": "p", "sk": f"a{number}", "n": number, "x": "X", "y": "Y", "g1": "g", "gn": number - 5}
        await call("put_item", Item=Item.from_plain({**item, "l1": f"z{9 - number}"}))
    await call("put_item", Item=Item.from_plain({"pk": "p", "sk": "b"}))
    await call("put_item", Item=Item.from_plain({"pk": "q", "sk": "a0"}))
    return call


def sort_keys(answer: dict[str, Any]) -> list[str]:
    return [item.plain["sk"] for item in answer["Items"]]


async def query(call: Any, condition: str, **request: Any) -> dict[str, Any]:
    values = {":p": "p", ":g": "g", ":a": "a3", ":b": "a5", ":m": -2, ":n": 1.5} | request.pop("values", {})
    texts = condition + request.get("FilterExpression", "")
    used = {name: value for name, value in values.items() if name in texts}
    answer: dict[str, Any] = await call(
        "query", KeyConditionExpression=condition, ExpressionAttributeValues=Item.from_plain(used), **request
    )
    return answer


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("pk = :p AND sk = :a", ["a3"]),
        ("pk = :p AND sk < :a", ["a0", "a1", "a2"]),
        ("sk >= :b AND pk = :p", ["a5", "a6", "a7", "a8", "a9", "b"]),
        (":b < sk AND :p = pk", ["a6", "a7", "a8", "a9", "b"]),
        ("pk = :p AND sk BETWEEN :a AND :b", ["a3", "a4", "a5"]),
        ("(pk = :p) AND begins_with(sk, :a)", ["a3"]),
    ],
)
async def test_a_query_walks_its_range_in_order(filled: Any, condition: str, expected: list[str]) -> None:
    assert sort_keys(await query(filled, condition)) == expected
    backwards = await query(filled, condition, ScanIndexForward=False)
    assert sort_keys(backwards) == expected[::-1]


async def test_a_page_ends_at_the_limit_and_goes_on_behind_it(filled: Any) -> None:
    first = await query(filled, "pk = :p", Limit=11)
    assert first["LastEvaluatedKey"] == {"pk": {"S": "p"}, "sk": {"S": "b"}}
    rest = await query(filled, "pk = :p", Limit=11, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert rest == {"Items": [], "Count": 0, "ScannedCount": 0}
    nowhere = Item.from_plain({"pk": "p", "sk": "a3x"})
    assert sort_keys(await query(filled, "pk = :p", Limit=1, ExclusiveStartKey=nowhere)) == ["a4"]


async def test_filters_apply_after_the_limit(filled: Any) -> None:
    answer = await query(filled, "pk = :p", Limit=5, FilterExpression="n >= :n", values={":n": 4})
    assert (sort_keys(answer), answer["Count"], answer["ScannedCount"]) == (["a4"], 1, 5)
    assert "LastEvaluatedKey" in answer


async def test_a_page_holds_a_megabyte(call: Any) -> None:
    for number in range(12):
        await call("put_item", Item=Item.from_plain({"pk": "p", "sk": f"{number:02}", "x": "x" * 100_000}))
    answer = await query(call, "pk = :p")
    assert answer["Count"] == 11
    assert answer["LastEvaluatedKey"].plain == {"pk": "p", "sk": "10"}


async def test_a_count_has_no_items(filled: Any) -> None:
    assert await query(filled, "pk = :p", Select="COUNT") == {"Count": 11, "ScannedCount": 11}


async def test_a_global_index_is_sparse_ordered_and_paged(filled: Any) -> None:
    answer = await query(filled, "g1 = :g AND gn BETWEEN :m AND :n", IndexName="gsi")
    assert [item.plain["gn"] for item in answer["Items"]] == [-2, -1, 0, 1]
    seen: list[str] = []
    start: dict[str, Any] = {}
    while True:
        page = await query(filled, "g1 = :g", IndexName="gsi", Limit=3, **start)
        seen += sort_keys(page)
        if "LastEvaluatedKey" not in page:
            break
        assert set(page["LastEvaluatedKey"]) == {"pk", "sk", "g1", "gn"}
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    assert seen == [f"a{number}" for number in range(10)]


async def test_an_item_leaves_an_index_with_its_key_attribute(filled: Any) -> None:
    await filled("update_item", Key=Item.from_plain({"pk": "p", "sk": "a0"}), UpdateExpression="REMOVE gn")
    assert (await query(filled, "g1 = :g", IndexName="gsi", Select="COUNT"))["Count"] == 9
    assert (await query(filled, "g1 = :g", IndexName="keys", Select="COUNT"))["Count"] == 10


async def test_indexes_show_what_they_project(filled: Any) -> None:
    partial = await query(filled, "g1 = :g", IndexName="keys", Limit=1)
    assert set(partial["Items"][0]) == {"pk", "sk", "g1", "x"}
    local = await query(filled, "pk = :p", IndexName="lsi", Limit=1)
    assert local["Items"][0].plain == {"pk": "p", "sk": "a9", "l1": "z0"}
    fetched = await query(filled, "pk = :p", IndexName="lsi", Limit=1, Select="ALL_ATTRIBUTES")
    assert fetched["Items"][0].plain["y"] == "Y"


async def test_segments_share_out_a_scan(filled: Any) -> None:
    for number in range(20):
        await filled("put_item", Item=Item.from_plain({"pk": f"s{number}", "sk": "1"}))
    parts = [await filled("scan", Segment=number, TotalSegments=3) for number in range(3)]
    assert sum(part["Count"] for part in parts) == (await filled("scan"))["Count"] == 32
    assert all(part["Count"] < 32 for part in parts)


async def test_a_scan_goes_page_by_page_through_tables_and_indexes(filled: Any) -> None:
    for index, total in ((None, 12), ("gsi", 10)):
        seen, start = 0, None
        while True:
            page = await filled("scan", IndexName=index, Limit=3, ExclusiveStartKey=start)
            seen, start = seen + page["Count"], page.get("LastEvaluatedKey")
            if start is None:
                break
        assert seen == total


async def test_legacy_conditions_and_filters_still_work(filled: Any) -> None:
    conditions = {
        "pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "p"}]},
        "sk": {"ComparisonOperator": "BEGINS_WITH", "AttributeValueList": [{"S": "a"}]},
    }
    wanted = {"n": {"ComparisonOperator": "IN", "AttributeValueList": [{"N": "2"}, {"N": "4"}]}}
    assert sort_keys(await filled("query", KeyConditions=conditions, QueryFilter=wanted)) == ["a2", "a4"]
    absent = {
        "n": {"ComparisonOperator": "NULL"},
        "pk": {"ComparisonOperator": "NE", "AttributeValueList": [{"S": "q"}]},
    }
    assert sort_keys(await filled("scan", ScanFilter=absent)) == ["b"]
    assert (await filled("scan", ScanFilter=absent, ConditionalOperator="OR"))["Count"] == 12


START = Item.from_plain({"pk": "q", "sk": "a0"})


@pytest.mark.parametrize(
    ("condition", "request_", "message"),
    [
        ("sk = :a", {}, "Query condition missed key schema element: pk"),
        ("pk > :p", {}, "Query key condition not supported"),
        ("pk = :p AND zz = :a", {}, "Query condition missed key schema element: sk"),
        (
            "pk = :n",
            {},
            "One or more parameter values were invalid: Condition parameter type does not match schema type",
        ),
        (
            "pk = :p",
            {"FilterExpression": "sk = :a"},
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
        ),
        ("pk = :p", {"IndexName": "none"}, "The table does not have the specified index: none"),
        (
            "g1 = :g",
            {"IndexName": "gsi", "ConsistentRead": True},
            "Consistent reads are not supported on global secondary indexes",
        ),
        (
            "g1 = :g",
            {"IndexName": "keys", "Select": "ALL_ATTRIBUTES"},
            "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global "
            "secondary index keys because its projection type is not ALL",
        ),
        (
            "g1 = :g",
            {"IndexName": "keys", "ProjectionExpression": "pk, y"},
            "One or more parameter values were invalid: Global secondary index keys does not project [y]",
        ),
        (
            "pk = :p",
            {"Select": "SPECIFIC_ATTRIBUTES"},
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
        ),
        ("pk = :p", {"ExclusiveStartKey": {"pk": {"S": "p"}}}, "The provided starting key is invalid"),
        (
            "pk = :p",
            {"ExclusiveStartKey": START},
            "The provided starting key is outside query boundaries based on provided conditions",
        ),
    ],
)
async def test_bad_queries_are_refused_in_the_services_words(
    filled: Any, condition: str, request_: dict[str, Any], message: str
) -> None:
    with pytest.raises(AwsError) as error:
        await query(filled, condition, **request_)
    assert error.value.message == message


async def refusal(call: Any, operation: str, **request: Any) -> str:
    with pytest.raises(AwsError) as refused:
        await call(operation, **request)
    return str(refused.value.message)


async def test_a_query_does_not_filter_by_what_its_index_lacks(filled: Any) -> None:
    values = Item.from_plain({":g": "g", ":x": "X"})
    asked = {"IndexName": "keys", "KeyConditionExpression": "g1 = :g", "ExpressionAttributeValues": values}
    problem = "Secondary index keys does not project one or more filter attributes: [n, y]"
    assert (await refusal(filled, "query", FilterExpression="y = :x AND n = :x", **asked)).endswith(problem)
    assert (await filled("query", FilterExpression="x = :x", **asked))["Count"] == 10
    values = Item.from_plain({":x": "X"})
    scanned = await filled("scan", IndexName="keys", FilterExpression="y = :x", ExpressionAttributeValues=values)
    assert (scanned["Count"], scanned["ScannedCount"]) == (0, 10)


@pytest.mark.parametrize(
    ("operator", "operands", "problem"),
    [
        ("LT", [{"SS": ["a"]}], "ComparisonOperator LT is not valid for SS AttributeValue type"),
        ("BEGINS_WITH", [{"N": "1"}], "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"),
        ("CONTAINS", [{"L": []}], "ComparisonOperator CONTAINS is not valid for L AttributeValue type"),
        ("BETWEEN", [{"N": "1"}, {"S": "x"}], "AttributeValues inside AttributeValueList must be of same type"),
        ("BETWEEN", [{"N": "2"}, {"N": "1"}], "the lower bound is greater than the upper bound"),
    ],
)
async def test_legacy_operands_have_types(call: Any, operator: str, operands: list[Any], problem: str) -> None:
    condition = {"x": {"ComparisonOperator": operator, "AttributeValueList": operands}}
    assert (await refusal(call, "scan", ScanFilter=condition)).endswith(problem)


async def test_a_conditional_operator_joins_something(call: Any) -> None:
    one = {"x": {"ComparisonOperator": "NULL"}}
    assert await refusal(call, "scan", ConditionalOperator="OR") == (
        "ConditionalOperator cannot be used without Filter or Expected"
    )
    assert await refusal(call, "scan", ConditionalOperator="OR", ScanFilter=one) == (
        "ConditionalOperator can only be used when Filter or Expected has two or more elements"
    )


async def test_others_have_their_turn_while_a_page_is_read(call: Any) -> None:
    count = pages.SLICE * 3
    for begin in range(0, count, 25):
        puts = [
            {"PutRequest": {"Item": Item.from_plain({"pk": "p", "sk": f"{number:05}"})}}
            for number in range(begin, min(begin + 25, count))
        ]
        await call("batch_write_item", TableName=None, RequestItems={"main": puts})
    turns: list[int] = []

    async def count_turns() -> None:
        while True:
            turns.append(len(turns))
            await asyncio.sleep(0)

    other = asyncio.create_task(count_turns())
    page = await call("scan")
    other.cancel()
    assert page["Count"] == count
    assert sort_keys(page) == [f"{number:05}" for number in range(count)]
    assert len(turns) >= 3


async def test_a_table_that_goes_while_it_is_read_is_not_found(
    filled: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deleted(_: float) -> None:
        await filled("delete_table")

    monkeypatch.setattr(pages, "SLICE", 3)
    monkeypatch.setattr(pages, "asyncio", SimpleNamespace(sleep=deleted))  # what others do between two slices
    assert await refusal(filled, "scan") == "Requested resource not found"
