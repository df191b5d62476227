"""The DynamoDB data source against the real DynamoDB service, and the vote as a pipeline over it."""

import asyncio
from typing import Any

import pytest

from habitr_emulator.services.appsync.data_sources.amazon_dynamodb import invoke
from habitr_emulator.services.appsync.resolvers import Outcome, run
from habitr_emulator.services.appsync.spec import (
    DataSource,
    FieldInfo,
    Function,
    GraphqlApi,
    Resolver,
    ResolverContext,
    ResolverError,
    Vtl,
)
from habitr_emulator.services.context import Context
from habitr_emulator.wire.attribute_value import Item

THINGS = DataSource("Things", "AMAZON_DYNAMODB", {"table_name": "Things"})
USERS = DataSource("Users", "AMAZON_DYNAMODB", {"table_name": "Users"})
API = GraphqlApi("id", "api", "", (), data_sources={"Things": THINGS, "Users": USERS})


@pytest.fixture(autouse=True)
async def tables(ctx: Context) -> None:
    for name, index in (("Things", True), ("Users", False)):
        request: dict[str, Any] = {
            "TableName": name,
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
        }
        if index:
            request["AttributeDefinitions"] += [
                {"AttributeName": "shelf", "AttributeType": "S"},
                {"AttributeName": "n", "AttributeType": "N"},
            ]
            keys = [{"AttributeName": "shelf", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}]
            projection = {"ProjectionType": "ALL"}
            request["GlobalSecondaryIndexes"] = [
                {"IndexName": "byShelf", "KeySchema": keys, "Projection": projection}
            ]
        await ctx.services.dynamodb.create_table(request)


async def ask(ctx: Context, operation: str, **members: Any) -> Any:
    (result,) = await invoke([{"version": "2018-05-29", "operation": operation, **members}], THINGS, ctx)
    if result.error is not None:
        raise result.error
    return result.value


def key(identifier: str) -> dict[str, Any]:
    return {"id": {"S": identifier}}


async def put(ctx: Context, identifier: str, **values: Any) -> Any:
    typed = {name: {"N": value} if isinstance(value, int) else {"S": value} for name, value in values.items()}
    return await ask(ctx, "PutItem", key=key(identifier), attributeValues=typed)


async def test_an_item_comes_back_as_json(ctx: Context) -> None:
    values = {
        "n": {"N": 1},
        "f": {"N": "1.5"},
        "tags": {"SS": ["a", "b"]},
        "none": {"NULL": None},
        "deep": {"M": {"l": {"L": [{"BOOL": True}, {"NULL": None}]}}},
        "bytes": {"B": "YQ=="},
    }
    shown = {
        "id": "x",
        "n": 1,
        "f": 1.5,
        "tags": ["a", "b"],
        "none": None,
        "deep": {"l": [True, None]},
        "bytes": "YQ==",
    }
    assert await ask(ctx, "PutItem", key=key("x"), attributeValues=values) == shown
    assert await ask(ctx, "GetItem", key=key("x")) == shown
    assert await ask(ctx, "GetItem", key=key("y")) is None
    projection = {"expression": "#n", "expressionNames": {"#n": "n"}}
    assert await ask(ctx, "GetItem", key=key("x"), projection=projection) == {"n": 1}


async def test_items_of_native_resolvers_are_taken_as_they_are(ctx: Context) -> None:
    item = Item.from_plain({"title": "t", "l": [1]})
    made = await ask(ctx, "PutItem", key=Item.from_plain({"id": "x"}), attributeValues=item)
    assert made == {"title": "t", "l": [1], "id": "x"}
    assert await ask(ctx, "GetItem", key=Item.from_plain({"id": "x"})) == made


async def test_update_gives_the_new_item_and_delete_the_old(ctx: Context) -> None:
    update = {"expression": "ADD #n :one", "expressionNames": {"#n": "n"}, "expressionValues": {":one": {"N": 1}}}
    assert await ask(ctx, "UpdateItem", key=key("x"), update=update) == {"id": "x", "n": 1}
    assert await ask(ctx, "UpdateItem", key=key("x")) == {"id": "x", "n": 1}
    assert await ask(ctx, "DeleteItem", key=key("x")) == {"id": "x", "n": 1}
    assert await ask(ctx, "DeleteItem", key=key("x")) is None


NEW = {"expression": "attribute_not_exists(id)"}


async def test_a_failed_condition_tells_the_current_item(ctx: Context) -> None:
    await put(ctx, "x", title="old")
    with pytest.raises(ResolverError) as error:
        await ask(ctx, "PutItem", key=key("x"), attributeValues={"title": {"S": "new"}}, condition=NEW)
    assert error.value.error_type == "DynamoDB:ConditionalCheckFailedException"
    assert error.value.message.startswith(
        "The conditional request failed (Service: DynamoDb, Status Code: 400, Request"
    )
    assert error.value.data == {"id": "x", "title": "old"}


async def test_a_failed_condition_is_a_success_if_nothing_would_change(ctx: Context) -> None:
    await put(ctx, "x", title="same", at="then")
    values = {"title": {"S": "same"}, "at": {"S": "now"}}
    condition = {**NEW, "equalsIgnore": ["at"]}
    await ask(ctx, "PutItem", key=key("x"), attributeValues=values, condition=condition)
    update = {"expression": "SET title = :t REMOVE gone", "expressionValues": {":t": {"S": "same"}}}
    assert (await ask(ctx, "UpdateItem", key=key("x"), update=update, condition=NEW))["at"] == "then"
    changed = {**update, "expressionValues": {":t": {"S": "other"}}}
    with pytest.raises(ResolverError, match="conditional"):
        await ask(ctx, "UpdateItem", key=key("x"), update=changed, condition=NEW)


async def test_deleting_what_is_not_there_fails_its_condition(ctx: Context) -> None:
    with pytest.raises(ResolverError, match="conditional") as error:
        await ask(ctx, "DeleteItem", key=key("x"), condition={"expression": "attribute_exists(id)"})
    assert error.value.data is None


def shelf(name: str) -> dict[str, Any]:
    return {"expression": "shelf = :s", "expressionValues": {":s": {"S": name}}}


async def test_a_query_goes_page_by_page(ctx: Context) -> None:
    for number in range(5):
        await put(ctx, f"i{number}", shelf="a", n=number)
    rest: dict[str, Any] = {"query": shelf("a"), "index": "byShelf", "limit": 2, "scanIndexForward": False}
    first = await ask(ctx, "Query", **rest)
    assert ([item["n"] for item in first["items"]], first["scannedCount"]) == ([4, 3], 2)
    second = await ask(ctx, "Query", **rest, nextToken=first["nextToken"])
    assert [item["n"] for item in second["items"]] == [2, 1]
    last = await ask(ctx, "Query", **rest, nextToken=second["nextToken"])
    assert ([item["n"] for item in last["items"]], last["nextToken"]) == ([0], None)


async def test_a_filter_counts_after_the_limit(ctx: Context) -> None:
    for number in range(3):
        await put(ctx, f"i{number}", shelf="a", n=number)
    filter = {"expression": "#t = :t", "expressionNames": {"#t": "title"}, "expressionValues": {":t": {"S": "x"}}}
    page = await ask(ctx, "Scan", limit=2, filter=filter)
    assert (page["items"], page["scannedCount"]) == ([], 2)
    assert page["nextToken"]


async def test_a_token_opens_its_own_query_only(ctx: Context) -> None:
    for number in range(3):
        await put(ctx, f"i{number}", shelf="a", n=number)
    token = (await ask(ctx, "Scan", limit=1))["nextToken"]
    assert "i0" not in token
    assert (await ask(ctx, "Scan", limit=1, nextToken=token))["items"]
    changed = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for asked, given in (("Scan", "rubbish"), ("Scan", changed), ("Scan", 5), ("Query", token)):
        members = {"query": shelf("a"), "index": "byShelf"} if asked == "Query" else {}
        with pytest.raises(ResolverError, match="Invalid pagination token"):
            await ask(ctx, asked, nextToken=given, **members)


@pytest.mark.parametrize(
    ("operation", "members", "kind"),
    [
        ("Scan", {"limit": 0}, "DynamoDB:ValidationException"),
        ("Query", {}, "MappingTemplate"),
        ("GetItem", {}, "MappingTemplate"),
        ("GetItem", {"key": {"id": "plain"}}, "MappingTemplate"),
        ("GetItem", {"key": {"id": {"N": 1}}}, "DynamoDB:ValidationException"),
        ("PutItem", {"key": {"id": {"S": "x"}}, "_version": 1}, "NotImplemented"),
        ("Sync", {}, "NotImplemented"),
        ("Nonsense", {}, "MappingTemplate"),
        ("Scan", {"filter": {"expression": ""}}, "DynamoDB:ValidationException"),
    ],
)
async def test_a_bad_document_is_refused(ctx: Context, operation: str, members: dict[str, Any], kind: str) -> None:
    with pytest.raises(ResolverError) as error:
        await ask(ctx, operation, **members)
    assert error.value.error_type == kind


async def test_equal_reads_are_made_once_and_gets_together(ctx: Context) -> None:
    await put(ctx, "a", title="A")
    await put(ctx, "b", title="B")
    calls: list[str] = []
    real = ctx.account.registry.call

    async def counted(service: str, name: str, request: dict[str, Any], context: Context) -> dict[str, Any]:
        calls.append(name)
        return await real(service, name, request, context)

    ctx.account.registry.call = counted  # type: ignore[method-assign]
    documents = [{"operation": "GetItem", "key": key(name)} for name in ("a", "b", "a", "none")]
    results = await invoke(documents, THINGS, ctx)
    assert [result.value and result.value["title"] for result in results] == ["A", "B", "A", None]
    assert calls == ["batch_get_item"]
    assert results[0].value is not results[2].value


async def test_one_bad_key_among_many_fails_alone(ctx: Context) -> None:
    await put(ctx, "a", title="A")
    documents = [{"operation": "GetItem", "key": key("a")}, {"operation": "GetItem", "key": {"id": {"N": 1}}}]
    good, bad = await invoke(documents, THINGS, ctx)
    assert good.value == {"id": "a", "title": "A"}
    assert bad.error is not None


async def test_batches_keep_the_documents_order(ctx: Context) -> None:
    items = [{"id": {"S": name}, "n": {"N": 1}} for name in ("a", "b")]
    written = await ask(ctx, "BatchPutItem", tables={"Things": items})
    assert written == {
        "data": {"Things": [{"id": "a", "n": 1}, {"id": "b", "n": 1}]},
        "unprocessedItems": {"Things": []},
    }
    keys = [key("b"), key("none"), key("a")]
    read = await ask(ctx, "BatchGetItem", tables={"Things": {"keys": keys}})
    assert [item and item["id"] for item in read["data"]["Things"]] == ["b", None, "a"]
    gone = await ask(ctx, "BatchDeleteItem", tables={"Things": [key("a")]})
    assert gone == {"data": {"Things": [{"id": "a"}]}, "unprocessedKeys": {"Things": []}}
    assert await ask(ctx, "GetItem", key=key("a")) is None


async def test_a_transaction_is_whole_or_nothing(ctx: Context) -> None:
    first = {"table": "Things", "operation": "PutItem", "key": key("a"), "attributeValues": {"n": {"N": 1}}}
    second = {"table": "Users", "operation": "PutItem", "key": key("u"), "condition": NEW}
    assert await ask(ctx, "TransactWriteItems", transactItems=[first, second]) == {
        "keys": [{"id": "a"}, {"id": "u"}],
        "cancellationReasons": None,
    }
    gets = [{"table": "Users", "key": key("u")}, {"table": "Things", "key": key("none")}]
    assert (await ask(ctx, "TransactGetItems", transactItems=gets))["items"] == [{"id": "u"}, None]
    checked = {**second, "condition": {**NEW, "returnValuesOnConditionCheckFailure": True}}
    with pytest.raises(ResolverError) as error:
        await ask(ctx, "TransactWriteItems", transactItems=[{**first, "key": key("z")}, checked])
    assert error.value.error_type == "DynamoDB:TransactionCanceledException"
    reasons = error.value.data["cancellationReasons"]
    assert [(reason["type"], reason["item"]) for reason in reasons] == [
        ("None", None),
        ("ConditionalCheckFailed", {"id": "u"}),
    ]
    assert await ask(ctx, "GetItem", key=key("z")) is None


RETHROW = "#if($ctx.error)$util.error($ctx.error.message, $ctx.error.type)#end\n"
UPDATE = '{"version": "2018-05-29", "operation": "UpdateItem", "key": %s, "update": %s}'
USER = '{"id": $util.dynamodb.toDynamoDBJson($ctx.stash.username)}'
HABIT = '{"id": $util.dynamodb.toDynamoDBJson($ctx.stash.habitId)}'
VOTE = Resolver(
    "PIPELINE",
    (
        Function(
            "Get",
            "Users",
            Vtl('{"version": "2018-05-29", "operation": "GetItem", "key": ' + USER + "}"),
            Vtl(
                RETHROW + "#if($ctx.result.upvotedHabits.contains($ctx.stash.habitId))\n"
                '$util.qr($ctx.stash.put("wasUpvoted", true))\n#end\n$util.toJson($ctx.result)'
            ),
        ),
        Function(
            "Habit",
            "Things",
            Vtl(
                "#if($ctx.stash.wasUpvoted)\n#return\n#end\n"
                + UPDATE % (HABIT, '{"expression": "ADD ups :one", "expressionValues": {":one": {"N": 1}}}')
            ),
            Vtl(RETHROW + "$util.toJson($ctx.result)"),
        ),
        Function(
            "UserPut",
            "Users",
            Vtl(
                "#if($util.isNull($ctx.prev.result))\n#return\n#end\n"
                + UPDATE
                % (
                    USER,
                    '{"expression": "ADD upvotedHabits :h", "expressionValues": '
                    '{":h": $util.dynamodb.toStringSetJson([$ctx.stash.habitId])}}',
                )
            ),
            Vtl(RETHROW + '{"habit": $util.toJson($ctx.prev.result), "user": $util.toJson($ctx.result)}'),
        ),
    ),
    Vtl(
        "#if($util.isNull($context.identity.username))$util.unauthorized()#end\n"
        '$util.qr($ctx.stash.put("username", $context.identity.username))\n'
        '$util.qr($ctx.stash.put("habitId", $ctx.args.habitId))\n{}'
    ),
    Vtl(RETHROW + "$util.toJson($ctx.prev.result)"),
)


def voter(name: str | None) -> ResolverContext:
    return ResolverContext(
        arguments={"habitId": "h", "type": "upvote"},
        source=None,
        identity={"username": name} if name else None,
        auth_type="AMAZON_COGNITO_USER_POOLS",
        info=FieldInfo("vote", "Mutation", {}),
        operation="mutation",
        now_iso=lambda: "2026-11-21T00:00:00.000Z",
        new_id=lambda: "id",
    )


async def vote(ctx: Context, name: str | None) -> Outcome:
    return (await run(API, VOTE, [voter(name)], ctx))[0]


async def test_a_vote_counts_once(ctx: Context) -> None:
    first = await vote(ctx, "ann")
    assert first.value == {"habit": {"id": "h", "ups": 1}, "user": {"id": "ann", "upvotedHabits": ["h"]}}
    assert await vote(ctx, "ann") == Outcome(None)
    refused = await vote(ctx, None)
    assert refused.error is not None
    assert refused.error.error_type == "Unauthorized"


async def test_votes_at_the_same_moment_add_up(ctx: Context) -> None:
    outcomes = await asyncio.gather(*[vote(ctx, f"user{number}") for number in range(50)])
    assert all(outcome.error is None for outcome in outcomes)
    assert await ask(ctx, "GetItem", key=key("h")) == {"id": "h", "ups": 50}


async def test_numbers_keep_all_their_digits(ctx: Context) -> None:
    exact = 12345678901234567890123456789
    values = {"n": {"N": exact}}
    await asyncio.gather(*[ask(ctx, "PutItem", key=key(name), attributeValues=values) for name in ("a", "b")])
    documents = [
        {"operation": "Query", "query": {**shelf("x"), "expressionValues": {":s": {"S": "x"}}}, "index": "byShelf"}
    ]
    documents += [
        {"operation": "Scan", "filter": {"expression": "n = :n", "expressionValues": {":n": {"N": exact}}}}
    ]
    nothing, both = await invoke(documents, THINGS, ctx)
    assert (nothing.value["items"], len(both.value["items"])) == ([], 2)
    stored = await ctx.services.dynamodb.get_item({"TableName": "Things", "Key": key("a")})
    assert stored["Item"]["n"] == {"N": str(exact)}
