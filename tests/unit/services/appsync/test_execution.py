"""Operations run by plan: shapes, errors, null propagation, batching."""
# ruff: noqa: E501 - one case a line, messages whole

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from habitr_emulator.services.appsync.spec import EarlyReturn, ResolverContext, ResolverError, Unauthorized
from tests.unit.services.appsync.conftest import ALICE, KEY, Ask, native

HABIT = {"id": "h1", "tagline": "Walk", "category": "Health", "ups": 3, "owner": "alice"}


def habit(**more: Any) -> dict[tuple[str, str], Any]:
    return {("Query", "habit"): lambda ctx: {**HABIT, **more}}


def fails(error: Exception) -> Any:
    def resolve(ctx: ResolverContext) -> Any:
        raise error

    return resolve


async def test_fields_come_in_query_order_with_aliases_and_fragments_merged(ask: Ask) -> None:
    answer = await ask(
        habit(photo={"key": "k"}),
        "query { x: habit(id: 1) { ups b: id ...F __typename photo { bucket } } } fragment F on Habit { id photo { key } }",
    )
    assert answer == {
        "data": {
            "x": {"ups": 3, "b": "h1", "id": "h1", "photo": {"bucket": None, "key": "k"}, "__typename": "Habit"}
        }
    }
    assert list(answer["data"]["x"]) == ["ups", "b", "id", "photo", "__typename"]


async def test_skip_and_include_follow_the_variables_of_each_request(ask: Ask) -> None:
    text = "query Q($s: Boolean!) { habit(id: 1) { id @skip(if: $s) ups @include(if: $s) } }"
    assert await ask(habit(), text, {"s": True}) == {"data": {"habit": {"ups": 3}}}
    assert await ask(habit(), text, {"s": False}) == {"data": {"habit": {"id": "h1"}}}


async def test_a_root_field_without_resolver_is_null_and_a_field_without_one_is_copied(ask: Ask) -> None:
    assert await ask({}, "{ plain habit(id: 1) { id } }") == {"data": {"plain": None, "habit": None}}


async def test_objects_that_agree_in_what_a_resolver_reads_share_one_call(ask: Ask) -> None:
    called: list[str] = []

    def author(ctx: ResolverContext) -> Any:
        called.append(ctx.source["owner"])
        if ctx.source["owner"] == "eve":
            raise ResolverError("gone", "Gone")
        return {"name": ctx.source["owner"]}

    owners = ["alice", "bob", "alice", "eve", "eve"]
    habits = [{**HABIT, "id": str(place), "owner": owner} for place, owner in enumerate(owners)]
    reading = replace(native(author), reads=("owner",))
    answer = await ask(
        {("Query", "habits"): lambda ctx: habits, ("Habit", "author"): reading}, "{ habits { author { name } } }"
    )
    assert called == ["alice", "bob", "eve"]
    shown = [{"name": name} if name != "eve" else None for name in owners]
    assert answer["data"] == {"habits": [{"author": one} for one in shown]}
    assert [error["path"] for error in answer["errors"]] == [["habits", 3, "author"], ["habits", 4, "author"]]


async def test_arguments_get_defaults_and_each_instance_its_own_copy(ask: Ask) -> None:
    seen: list[Any] = []

    def resolve(ctx: ResolverContext) -> Any:
        seen.append(dict(ctx.arguments))
        ctx.arguments["filter"]["tagline"] = "changed"
        return []

    text = "query Q($f: HabitFilter) { a: habits(filter: $f) { id } b: habits(filter: $f) { id } }"
    await ask({("Query", "habits"): resolve}, text, {"f": {"tagline": "t"}})
    assert seen == [{"filter": {"tagline": "changed"}}, {"filter": {"tagline": "changed"}}]
    assert seen[0]["filter"] is not seen[1]["filter"]
    seen.clear()
    await ask(
        {("Query", "habit"): lambda ctx: seen.append(ctx.arguments)},
        'query Q($c: Category) { habit(id: "1", category: $c) { id } }',
    )
    assert seen == [{"id": "1", "category": "Health"}]


async def test_nested_input_defaults_and_json_are_parsed_before_the_resolver_sees_them(ask: Ask) -> None:
    seen: list[Any] = []
    text = 'mutation { create(input: { tagline: "t", details: "{\\"a\\": [1]}", photo: { key: "k" } }) { id } }'
    await ask({("Mutation", "create"): lambda ctx: seen.append(ctx.arguments["input"])}, text)
    assert seen == [{"tagline": "t", "details": {"a": [1]}, "photo": {"key": "k", "bucket": "main"}}]


async def test_an_error_has_its_members_in_appsyncs_order(ask: Ask) -> None:
    error = ResolverError("no", "Custom", {"id": "x", "ups": 1}, {"more": 1})
    answer = await ask({("Query", "habit"): fails(error)}, "{\n  habit(id: 1) { id }\n}")
    assert answer["data"] == {"habit": None}
    assert list(answer["errors"][0].items()) == [
        ("path", ["habit"]),
        ("data", {"id": "x"}),
        ("errorType", "Custom"),
        ("errorInfo", {"more": 1}),
        ("locations", [{"line": 2, "column": 3, "sourceName": None}]),
        ("message", "no"),
    ]


async def test_unauthorized_is_worded_with_field_and_type(ask: Ask) -> None:
    resolvers = {**habit(), ("Habit", "hidden"): fails(Unauthorized(why="not the owner"))}
    answer = await ask(resolvers, "{ habit(id: 1) { id hidden } }")
    assert answer["data"] == {"habit": {"id": "h1", "hidden": None}}
    (error,) = answer["errors"]
    assert (error["path"], error["data"], error["errorType"], error["errorInfo"], error["message"]) == (
        ["habit", "hidden"],
        {},
        "Unauthorized",
        {},
        "Not Authorized to access hidden on type Habit",
    )


async def test_appended_errors_stand_beside_the_value(ask: Ask) -> None:
    def resolve(ctx: ResolverContext) -> Any:
        ctx.errors.append(ResolverError("careful", "Warning"))
        raise EarlyReturn({**HABIT})

    answer = await ask({("Query", "habit"): resolve}, "{ habit(id: 1) { id } }")
    assert answer["data"] == {"habit": {"id": "h1"}}
    assert [error["message"] for error in answer["errors"]] == ["careful"]


async def test_a_null_in_a_non_null_field_nulls_its_object_and_names_the_path(ask: Ask) -> None:
    answer = await ask(
        {("Query", "habit"): lambda ctx: {"id": "1", "photo": {"bucket": "b"}}},
        "{ habit(id: 1) { id photo { key } } }",
    )
    assert answer["data"] == {"habit": {"id": "1", "photo": None}}
    assert answer["errors"] == [
        {
            "path": ["habit", "photo", "key"],
            "locations": None,
            "message": "Cannot return null for non-nullable type: 'String' within parent 'Photo' (/habit/photo/key)",
        }
    ]


async def test_a_null_goes_up_through_non_null_lists_and_resolved_fields(ask: Ask) -> None:
    resolvers = {
        ("Query", "habits"): lambda ctx: [{"id": "1"}, {"id": "2"}],
        ("Habit", "must"): lambda ctx: None if ctx.source["id"] == "2" else {"name": "n"},
    }
    answer = await ask(resolvers, "{ plain habits { id must { name } } }")
    assert answer["data"] == {"plain": None, "habits": None}
    assert [error["path"] for error in answer["errors"]] == [["habits", 1, "must"]]
    answer = await ask({}, "{ must plain }")
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["must"]


async def test_an_error_in_a_non_null_field_is_told_once(ask: Ask) -> None:
    resolvers = {**habit(), ("Habit", "must"): fails(ResolverError("broken"))}
    answer = await ask(resolvers, "{ habit(id: 1) { must { name } } }")
    assert answer["data"] == {"habit": None}
    assert [error["message"] for error in answer["errors"]] == ["broken"]


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("at", "yesterday", "Can't serialize value (/habits[1]/at) : Unable to serialize `yesterday` as a valid DateTime Object."),
        ("category", "Nope", "Can't serialize value (/habits[1]/category) : Unable to serialize `Nope` as a valid Category."),
        ("ups", 2**31, "Can't serialize value (/habits[1]/ups) : Unable to serialize `2147483648` as a valid Int."),
        ("tags", "x", "Can't resolve value (/habits[1]/tags) : type mismatch error, expected type LIST"),
        ("photo { key }", "x", "Can't resolve value (/habits[1]/photo) : type mismatch error, expected type OBJECT"),
    ],
)  # fmt: skip
async def test_a_value_that_does_not_fit_is_an_error_there_and_nowhere_else(
    ask: Ask, field: str, value: Any, text: str
) -> None:
    name = field.partition(" ")[0]
    answer = await ask(
        {("Query", "habits"): lambda ctx: [HABIT, {**HABIT, name: value}]}, f"{{ habits {{ id {field} }} }}"
    )
    assert [item["id"] for item in answer["data"]["habits"]] == ["h1", "h1"]
    assert answer["data"]["habits"][1][name] is None
    assert [error["message"] for error in answer["errors"]] == [text]


async def test_leaves_are_written_leniently(ask: Ask) -> None:
    value = {"id": 7, "tagline": True, "ups": Decimal("5"), "details": {"a": 1}, "tags": {"b", "a"}}
    answer = await ask(habit(**value), "{ habit(id: 1) { id tagline ups details tags } }")
    assert answer == {
        "data": {"habit": {"id": "7", "tagline": "true", "ups": 5, "details": '{"a":1}', "tags": ["a", "b"]}}
    }


async def test_an_interface_shows_the_fields_of_the_type_that_the_value_names(ask: Ask) -> None:
    text = "{ animal { __typename name ... on Cat { lives } ... on Dog { tricks } } }"
    cat = {"__typename": "Cat", "name": "Tom", "lives": 9}
    assert await ask({("Query", "animal"): lambda ctx: cat}, text) == {"data": {"animal": cat}}
    answer = await ask({("Query", "animal"): lambda ctx: {"name": "Tom"}}, text)
    assert answer["data"] == {"animal": None}
    assert "__typename" in answer["errors"][0]["message"]


async def test_all_instances_of_a_field_at_a_level_are_resolved_together(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from habitr_emulator.services.appsync import calls

    batches: list[tuple[str, int]] = []
    original = calls.Calls.contexts

    def contexts(self: calls.Calls, item: Any, sources: Any) -> Any:
        batches.append((item.name, len(sources)))
        return original(self, item, sources)

    monkeypatch.setattr(calls.Calls, "contexts", contexts)
    resolvers = {
        ("Query", "habits"): lambda ctx: [{"id": "1"}, {"id": "2"}],
        ("Habit", "author"): lambda ctx: {"name": "a"},
        ("User", "friends"): lambda ctx: [{"name": "f"}] * 2,
    }
    await ask(resolvers, "{ habits { author { friends { name } } } }")
    assert batches == [("habits", 1), ("author", 2), ("friends", 2)]


async def test_mutation_fields_run_one_after_the_other_and_each_is_told(ask: Ask) -> None:
    order: list[str] = []
    told: list[Any] = []

    def create(ctx: ResolverContext) -> Any:
        order.append(ctx.arguments["input"]["tagline"])
        if order[-1] == "b":
            raise ResolverError("no")
        return {"id": "1", "tagline": order[-1]}

    resolvers = {("Mutation", "create"): create, ("Habit", "author"): lambda ctx: order.append("author")}
    text = """mutation { a: create(input: {tagline: "a"}) { id author { name } }
      b: create(input: {tagline: "b"}) { id } c: create(input: {tagline: "c"}) { id } }"""
    await ask(resolvers, text, settled=lambda item, value: told.append((item.key, value["id"])))
    assert order == ["a", "author", "b", "c"]
    assert told == [("a", "1"), ("c", "1")]


async def test_the_selection_set_is_told_to_who_asks(ask: Ask) -> None:
    seen: list[Any] = []

    def resolve(ctx: ResolverContext) -> Any:
        seen.extend([ctx.info.field_name, ctx.info.parent_type_name, ctx.info.selection_set_list])
        seen.append(ctx.info.selection_set_graphql)

    await ask({("Query", "habit"): resolve}, "{ habit(id: 1) { id p: photo { key } } }")
    assert seen[:3] == ["habit", "Query", ["id", "p", "p/key"]]
    assert " ".join(seen[3].split()) == "{ id p: photo { key } }"


async def test_a_field_that_the_mode_may_not_use_is_refused_where_it_stands(ask: Ask) -> None:
    answer = await ask(habit(hidden="h"), "{ habit(id: 1) { id } secret }")
    assert [error["path"] for error in answer["errors"]] == [["secret"]]
    mutation = 'mutation { create(input: {tagline: "t"}) { id hidden } }'
    answer = await ask({("Mutation", "create"): lambda ctx: {"id": "1", "hidden": "h"}}, mutation, who=KEY)
    assert answer["data"] == {"create": {"id": "1", "hidden": None}}
    assert answer["errors"][0]["message"] == "Not Authorized to access hidden on type Habit"
    answer = await ask(habit(), "{ habit(id: 1) { id } }", who=KEY)
    assert answer["data"] == {"habit": None}


async def test_depth_and_resolver_limits_refuse_the_whole_request(ask: Ask) -> None:
    answer = await ask(habit(), "{ habit(id: 1) { photo { key } } }", query_depth_limit=2)
    assert answer["data"] is None
    assert answer["errors"][0]["message"].startswith("Query depth limit exceeded")
    text = "{ a: habit(id: 1) { id } b: habit(id: 1) { id } }"
    answer = await ask(habit(), text, resolver_count_limit=1)
    assert answer["data"] is None
    assert answer["errors"][0]["message"].startswith("Resolver count limit exceeded")
    assert "errors" not in await ask(habit(), text, resolver_count_limit=2, query_depth_limit=2)


async def test_introspection_mixes_with_data_and_can_be_switched_off(ask: Ask) -> None:
    text = '{ __schema { queryType { name } } t: __type(name: "Photo") { fields { name } } habit(id: 1) { id } }'
    answer = await ask(habit(), text)
    assert answer["data"] == {
        "__schema": {"queryType": {"name": "Query"}},
        "t": {"fields": [{"name": "key"}, {"name": "bucket"}]},
        "habit": {"id": "h1"},
    }
    answer = await ask(habit(), text, introspection=False)
    assert answer["data"]["__schema"] is None
    assert "Introspection is disabled" in answer["errors"][0]["message"]


async def test_a_plan_is_not_shared_between_kinds_of_callers(ask: Ask) -> None:
    resolvers = {("Query", "staff"): lambda ctx: "s"}
    assert (await ask(resolvers, "{ staff }"))["data"] == {"staff": None}
    admin = type(ALICE)(ALICE.mode, ALICE.identity, frozenset({"admin"}))
    assert await ask(resolvers, "{ staff }", who=admin) == {"data": {"staff": "s"}}
