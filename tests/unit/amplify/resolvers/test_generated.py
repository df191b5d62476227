"""Generated resolvers, run function by function as AppSync would, without a data source."""

from typing import Any

import pytest

from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformer import Transformed, transform
from habitr_emulator.services.appsync.spec import (
    EarlyReturn,
    FieldInfo,
    Resolver,
    ResolverContext,
    ResolverError,
    Unauthorized,
)

NOW, NEW = "2026-11-21T10:00:00.000Z", "11111111-1111-4111-8111-111111111111"
SCHEMA = """
type Habit @model @auth(rules: [{ allow: public }, { allow: private, operations: [read] },
    { allow: owner, operations: [create, delete] }, { allow: groups, groups: ["admin"] }]) {
  id: ID!
  tagline: String!
  kind: String @default(value: "daily")
  ups: Int @auth(rules: [{ allow: public }, { allow: owner, operations: [create] }, { allow: private, operations: [read] }])
  owner: String
  category: String @index(name: "byCategory", sortKeyFields: ["ups"], queryField: "habitsByCategory")
  shelf: String @index(name: "byShelf", sortKeyFields: ["row", "place"])
  row: String
  place: Int
  comments: [Comment] @hasMany
}
type Comment @model @auth(rules: [{ allow: owner }]) { id: ID! text: String }
type Pay @model(subscriptions: null) @auth(rules: [{ allow: private, operations: [read] }, { allow: groups, groups: ["hr"] }]) {
  id: ID!
  amount: Float @auth(rules: [{ allow: groups, groups: ["hr"] }])
}
type Event @model @auth(rules: [{ allow: public }]) {
  org: ID! @primaryKey(sortKeyFields: ["day", "slot"])
  day: AWSDate!
  slot: Int!
}
type Bare @model { id: ID! }
"""  # noqa: E501


@pytest.fixture(scope="module")
def made() -> Transformed:
    flags = Flags(usesubusernamefordefaultidentityclaim=False)
    return transform(SCHEMA, to=Resources(), flags=flags, providers=("userPools", "apiKey"))


def context(user: str | None = None, groups: tuple[str, ...] = (), **more: Any) -> ResolverContext:
    """A call by ``user``, or by the API key."""
    claims = {"sub": f"sub-{user}", "username": user, "cognito:groups": list(groups)}
    return ResolverContext(
        more.get("arguments", {}),
        more.get("source"),
        {"claims": claims} if user else None,
        "AMAZON_COGNITO_USER_POOLS" if user else "API_KEY",
        FieldInfo("field", "Type", {}),
        "mutation",
        lambda: NOW,
        lambda: NEW,
    )


def ask(resolver: Resolver, ctx: ResolverContext, *results: Any) -> Any:
    """Run a resolver up to its last request, giving each earlier data source call one of ``results``."""
    answers = list(results)
    for function in resolver.functions[:-1]:
        try:
            document = function.request(ctx)  # type: ignore[operator, misc]
        except EarlyReturn:
            continue
        ctx.result = answers.pop(0) if function.data_source else document
        if function.response is not None:
            function.response(ctx)  # type: ignore[operator]
    return resolver.functions[-1].request(ctx)  # type: ignore[operator, misc]


def test_a_create_fills_id_times_owner_defaults_and_typename(made: Transformed) -> None:
    ctx = context("alice", arguments={"input": {"tagline": "Walk"}})
    document = ask(made.resolvers["Mutation", "createHabit"], ctx)
    assert document["attributeValues"].plain == {
        "id": NEW,
        "createdAt": NOW,
        "updatedAt": NOW,
        "tagline": "Walk",
        "kind": "daily",
        "owner": "alice",
        "__typename": "Habit",
    }
    assert document["condition"]["expression"] == "attribute_not_exists(#keyCondition0)"


def test_a_create_for_somebody_else_is_refused_and_says_why(made: Transformed) -> None:
    ctx = context("alice", arguments={"input": {"tagline": "Walk", "owner": "bob"}})
    with pytest.raises(Unauthorized) as error:
        ask(made.resolvers["Mutation", "createHabit"], ctx)
    assert "the owner (field owner)" in (error.value.why or "")


def test_an_explicit_null_owner_is_refused(made: Transformed) -> None:
    with pytest.raises(Unauthorized):
        ask(
            made.resolvers["Mutation", "createHabit"],
            context("alice", arguments={"input": {"tagline": "x", "owner": None}}),
        )


def test_null_hash_keys_of_indexes_are_left_out_because_dynamodb_takes_none(made: Transformed) -> None:
    ctx = context(arguments={"input": {"tagline": "x", "category": None, "ups": None}})
    values = ask(made.resolvers["Mutation", "createHabit"], ctx)["attributeValues"].plain
    assert "category" not in values
    assert values["ups"] is None  # a sort field, which Amplify forgets


def test_a_composite_index_needs_all_of_its_sort_fields(made: Transformed) -> None:
    resolver = made.resolvers["Mutation", "createHabit"]
    with pytest.raises(ResolverError, match="Missing key: 'place'"):
        ask(resolver, context(arguments={"input": {"tagline": "x", "row": "a"}}))
    whole = context(arguments={"input": {"tagline": "x", "row": "a", "place": 2}})
    assert ask(resolver, whole)["attributeValues"].plain["row#place"] == "a#2"


def test_an_owner_with_delete_alone_is_refused_field_by_field_on_update(made: Transformed) -> None:
    ctx = context("alice", arguments={"input": {"id": "h", "tagline": "new"}})
    with pytest.raises(ResolverError) as error:
        ask(made.resolvers["Mutation", "updateHabit"], ctx, {"id": "h", "owner": "alice"})
    assert (error.value.message, error.value.error_type) == ("Unauthorized on [tagline]", "Unauthorized")


def test_an_update_sets_removes_and_stamps(made: Transformed) -> None:
    ctx = context(arguments={"input": {"id": "h", "tagline": "new", "kind": None}})
    update = ask(made.resolvers["Mutation", "updateHabit"], ctx)["update"]
    assert update["expression"] == "SET #0 = :0, #2 = :2 REMOVE #1"
    assert update["expressionNames"] == {"#0": "tagline", "#1": "kind", "#2": "updatedAt"}


def test_the_api_key_updates_without_reading_the_item_first(made: Transformed) -> None:
    first = made.resolvers["Mutation", "updateHabit"].functions[0]
    with pytest.raises(EarlyReturn):
        first.request(context(arguments={"input": {"id": "h"}}))  # type: ignore[operator, misc]


def test_delete_needs_a_role_with_delete_on_every_field(made: Transformed) -> None:
    ctx = context("alice", arguments={"input": {"id": "h"}})
    with pytest.raises(Unauthorized):
        ask(made.resolvers["Mutation", "deleteHabit"], ctx, {"id": "h", "owner": "alice"})
    assert ask(made.resolvers["Mutation", "deleteHabit"], context(arguments={"input": {"id": "h"}}), {"id": "h"})


def test_a_list_of_owned_items_is_filtered_with_the_clients_filter(made: Transformed) -> None:
    ctx = context("alice", arguments={"filter": {"text": {"eq": "x"}}})
    document = ask(made.resolvers["Query", "listComments"], ctx)
    assert document["operation"] == "Scan"
    assert document["limit"] == 100
    assert set(document["filter"]["expressionNames"].values()) == {"owner", "text"}


def test_get_tells_a_hidden_item_from_a_missing_one(made: Transformed) -> None:
    function = made.resolvers["Query", "getComment"].functions[0]
    ctx = context("alice", arguments={"id": "c"})
    assert function.request(ctx)["operation"] == "Query"  # type: ignore[operator, misc]
    ctx.result = {"items": [], "scannedCount": 0}
    assert function.response(ctx) is None  # type: ignore[operator, misc]
    ctx.result = {"items": [], "scannedCount": 1}
    with pytest.raises(Unauthorized):
        function.response(ctx)  # type: ignore[operator, misc]


def test_an_index_query_narrows_the_sort_key_and_turns_round(made: Transformed) -> None:
    arguments = {"category": "Health", "ups": {"between": [1, 5]}, "sortDirection": "DESC", "limit": 3}
    document = ask(made.resolvers["Query", "habitsByCategory"], context("bob", arguments=arguments))
    assert document["query"]["expression"] == "#hash = :hash AND #sortKey BETWEEN :sortKey0 AND :sortKey1"
    assert (document["index"], document["limit"], document["scanIndexForward"]) == ("byCategory", 3, False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"sortDirection": "DESC"},
            "When providing argument 'sortDirection' you must also provide argument 'org'.",
        ),
        ({"daySlot": {"eq": {"day": "d"}}}, "When providing argument 'daySlot' you must also provide 'org'."),
        (
            {"org": "o", "daySlot": {"eq": {"slot": 1}}},
            "When providing argument 'daySlot.$operation.slot' you must also provide 'daySlot.$operation.day'.",
        ),
        (
            {"org": "o", "daySlot": {"eq": {"day": "d"}, "lt": {"day": "e"}}},
            "Argument daySlot must specify at most one key condition operation.",
        ),
        (
            {"org": "o", "daySlot": {"between": [{"day": "d"}]}},
            "Argument 'daySlot.between' expects exactly two elements.",
        ),
    ],
)
def test_key_arguments_that_do_not_fit_are_refused(made: Transformed, arguments: Any, message: str) -> None:
    with pytest.raises(ResolverError) as error:
        ask(made.resolvers["Query", "listEvents"], context(arguments=arguments))
    assert (error.value.message, error.value.error_type) == (message, "InvalidArgumentsError")


def test_a_composite_key_condition_compares_the_joined_text(made: Transformed) -> None:
    arguments = {"org": "o", "daySlot": {"ge": {"day": "2024-02-01", "slot": 3}}}
    query = ask(made.resolvers["Query", "listEvents"], context(arguments=arguments))["query"]
    assert query["expressionValues"][":sortKey"] == {"S": "2024-02-01#3"}


def test_a_guarded_field_is_served_to_its_readers_alone(made: Transformed) -> None:
    native = made.resolvers["Pay", "amount"].functions[0].request
    source = {"amount": 3.5}
    assert native(context("carol", ("hr",), source=source)) == 3.5  # type: ignore[operator, misc]
    with pytest.raises(Unauthorized):
        native(context("bob", source=source))  # type: ignore[operator, misc]


def test_a_page_of_related_items_is_empty_in_a_mutations_response(made: Transformed) -> None:
    native = made.resolvers["Habit", "comments"].functions[0].request
    with pytest.raises(EarlyReturn) as early:
        native(context("alice", source={"id": "h", "__operation": "Mutation"}))  # type: ignore[operator, misc]
    assert early.value.value == {"items": []}
    document = native(context("alice", source={"id": "h"}))  # type: ignore[operator, misc]
    assert document["index"] == "gsi-Habit.comments"


RELATED = """
type Post @model @auth(rules: [{ allow: owner }, { allow: public }]) {
  id: ID! owner: String comments: [Reply] @hasMany(indexName: "byPost", fields: ["id"])
  author: Person @belongsTo(fields: ["owner"])
}
type Person @model @auth(rules: [{ allow: owner, ownerField: "name" }, { allow: public }]) {
  name: String! @primaryKey posts: [Post] @hasMany
}
type Reply @model @auth(rules: [{ allow: owner, ownerField: "postId" }, { allow: public }]) {
  id: ID! postId: ID @index(name: "byPost", sortKeyFields: ["at"]) at: String
}
"""


@pytest.mark.parametrize("field", [("Post", "comments"), ("Post", "author"), ("Person", "posts")])
@pytest.mark.parametrize("user", ["alice", None])
def test_a_relation_reads_no_more_of_its_source_than_it_says(field: tuple[str, str], user: str | None) -> None:
    seen: set[str] = set()

    class Source(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:
            seen.add(name)
            return super().get(name, default)

    flags = Flags(usesubusernamefordefaultidentityclaim=False)
    made = transform(RELATED, to=Resources(), flags=flags, providers=("userPools", "apiKey"))
    resolver = made.resolvers[field]
    ask(resolver, context(user, source=Source(id="alice", owner="alice", name="alice")))
    assert seen
    assert seen <= set(resolver.reads or ())


def test_a_subscriber_hears_the_own_items_alone(made: Transformed) -> None:
    native = made.resolvers["Subscription", "onCreateComment"].functions[0].request
    ctx = context("alice")
    native(ctx)  # type: ignore[operator, misc]
    assert ctx.subscription_filter == {
        "filterGroup": [{"filters": [{"fieldName": "owner", "operator": "eq", "value": "alice"}]}]
    }
    with pytest.raises(Unauthorized):
        native(context("alice", arguments={"owner": "bob"}))  # type: ignore[operator, misc]


def test_a_model_without_rules_is_closed(made: Transformed) -> None:
    for caller in (context("alice"), context()):
        with pytest.raises(Unauthorized):
            ask(made.resolvers["Query", "listBares"], caller)
