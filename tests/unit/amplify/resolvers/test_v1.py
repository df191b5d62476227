"""Version 1's generated resolvers, run function by function, without a data source."""

from typing import Any

import pytest

from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.amplify.transform.resources import Resources
from habitr_emulator.amplify.transform.transformer import Transformed, transform
from habitr_emulator.services.appsync.spec import FieldInfo, ResolverContext, ResolverError, Unauthorized

NOW, NEW = "2026-11-21T10:00:00.000Z", "11111111-1111-4111-8111-111111111111"
SCHEMA = """
type Diary @model @auth(rules: [{ allow: owner }, { allow: groups, groups: ["admin"] }]) {
  id: ID!
  text: String!
  owner: String
}
type Team @model @auth(rules: [{ allow: groups, groupsField: "teams" }, { allow: owner, ownerField: "editors" }]) {
  id: ID!
  teams: [String]
  editors: [String]
  rooms: [Room] @connection(keyName: "byTeam", fields: ["id"])
}
type Room @model @key(name: "byTeam", fields: ["teamId"]) @auth(rules: [{ allow: owner }]) {
  id: ID!
  teamId: ID
  owner: String
}
type Open @model @versioned @key(name: "byA", fields: ["a", "b", "c"], queryField: "byA") {
  id: ID!
  a: String
  b: String
  c: Int
}
type Pay @model
  @auth(rules: [{ allow: groups, groups: ["staff"] }, { allow: private, operations: [read, update] }]) {
  id: ID!
  person: String
  note: String @auth(rules: [{ allow: owner, ownerField: "person" }])
}
"""


@pytest.fixture(scope="module")
def made() -> Transformed:
    flags = Flags.read({"transformerversion": 1, "addmissingownerfields": True})
    return transform(SCHEMA, to=Resources(), flags=flags, providers=("userPools", "apiKey"))


def context(user: str = "", *groups: str, **more: Any) -> ResolverContext:
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


def ask(made: Transformed, field: str, ctx: ResolverContext) -> Any:
    """The document of ``Type.field``."""
    owner, _, name = field.partition(".")
    (function,) = made.resolvers[owner, name].functions
    return function.request(ctx)  # type: ignore[operator, misc]


def answer(made: Transformed, field: str, ctx: ResolverContext, result: Any) -> Any:
    """What ``Type.field`` makes of a data source's result."""
    owner, _, name = field.partition(".")
    ctx.result = result
    return made.resolvers[owner, name].functions[0].response(ctx)  # type: ignore[operator, misc]


def put(made: Transformed, field: str, ctx: ResolverContext) -> dict[str, Any]:
    values: dict[str, Any] = ask(made, field, ctx)["attributeValues"].plain
    return values


def given(**fields: Any) -> dict[str, Any]:
    return {"input": fields}


def test_a_create_makes_the_caller_the_owner_even_of_an_administrator(made: Transformed) -> None:
    for ctx in (context("ann"), context("ann", "admin")):
        ctx.arguments = given(text="x")
        assert put(made, "Mutation.createDiary", ctx)["owner"] == "ann"
    teams = put(made, "Mutation.createTeam", context("ann", arguments=given()))
    assert teams["editors"] == ["ann"]


def test_an_api_key_is_not_checked_and_owns_nothing(made: Transformed) -> None:
    assert "owner" not in put(made, "Mutation.createDiary", context(arguments=given(text="x")))


def test_a_create_for_somebody_else_is_refused_unless_a_group_allows_it(made: Transformed) -> None:
    with pytest.raises(Unauthorized) as refused:
        ask(made, "Mutation.createDiary", context("ann", arguments=given(text="x", owner="bob")))
    assert "the owner (field owner)" in (refused.value.why or "")
    assert put(made, "Mutation.createDiary", context("ann", "admin", arguments=given(text="x", owner="bob")))


def test_updates_and_deletes_become_conditions_on_the_stored_item(made: Transformed) -> None:
    for field in ("Mutation.updateDiary", "Mutation.deleteDiary"):
        condition = ask(made, field, context("ann", arguments=given(id="d")))["condition"]
        assert condition["expression"].endswith(" AND (#auth0_0 = :auth0_0)")
        assert condition["expressionNames"]["#auth0_0"] == "owner"
        assert condition["expressionValues"] == {":auth0_0": {"S": "ann"}}
    groups = ask(made, "Mutation.updateTeam", context("ann", "a", "b", arguments=given(id="d")))["condition"]
    assert groups["expression"].endswith(
        "(contains(#auth0_0, :auth0_0) OR contains(#auth0_1, :auth0_1) OR contains(#auth0_2, :auth0_2))"
    )
    free = ask(made, "Mutation.updateDiary", context("ann", "admin", arguments=given(id="d")))["condition"]
    assert "auth0" not in free["expression"]


def test_a_guarded_field_adds_its_own_condition(made: Transformed) -> None:
    ctx = context("ann", arguments=given(id="p", note="n"))
    assert ask(made, "Mutation.updatePay", ctx)["condition"]["expressionNames"]["#auth0_0"] == "person"
    with pytest.raises(Unauthorized):
        ask(made, "Mutation.createPay", context("ann", "staff", arguments=given(note="n", person="bob")))


def test_a_required_field_cannot_be_removed(made: Transformed) -> None:
    with pytest.raises(ResolverError, match="Non-Null is set to Null"):
        ask(made, "Mutation.updateDiary", context("ann", arguments=given(id="d", text=None)))


def test_reads_are_judged_by_what_they_found(made: Transformed) -> None:
    mine, theirs = {"id": "1", "owner": "ann"}, {"id": "2", "owner": "bob"}
    assert answer(made, "Query.getDiary", context("ann"), mine) == mine
    assert answer(made, "Query.getDiary", context("ann"), None) is None
    with pytest.raises(Unauthorized):
        answer(made, "Query.getDiary", context("ann"), theirs)
    page = {"items": [mine, theirs], "nextToken": "t"}
    assert answer(made, "Query.listDiarys", context("ann"), page) == {"items": [mine], "nextToken": "t"}
    assert answer(made, "Query.listDiarys", context("ann", "admin"), page) == page
    assert answer(made, "Team.rooms", context("bob", source={"id": "t"}), page)["items"] == [theirs]


def test_a_subscriber_names_himself_or_is_in_a_static_group(made: Transformed) -> None:
    for allowed in (context("ann", arguments={"owner": "ann"}), context("ann", "admin"), context()):
        assert ask(made, "Subscription.onCreateDiary", allowed) is None
    with pytest.raises(Unauthorized):
        ask(made, "Subscription.onCreateDiary", context("ann", arguments={"owner": "bob"}))


def test_a_version_begins_at_one_is_expected_and_counts_up(made: Transformed) -> None:
    assert put(made, "Mutation.createOpen", context(arguments=given()))["version"] == 1
    changed = ask(made, "Mutation.updateOpen", context(arguments=given(id="o", expectedVersion=4)))
    assert "#version = :expectedVersion" in changed["condition"]["expression"]
    assert {"N": 4} in changed["condition"]["expressionValues"].values()
    assert {"N": "5"} in changed["update"]["expressionValues"].values()


def test_empty_conditions_and_filters_are_left_for_dynamodb_to_refuse(made: Transformed) -> None:
    ctx = context("ann", "admin", arguments={**given(id="d"), "condition": {}})
    assert ask(made, "Mutation.updateDiary", ctx)["condition"]["expression"].endswith(" AND ")
    assert ask(made, "Query.listDiarys", context(arguments={"filter": {}}))["filter"] == {"expression": ""}


def test_a_composite_key_needs_all_its_parts_and_an_index_its_hash(made: Transformed) -> None:
    with pytest.raises(ResolverError, match=r"composite sort key for @key 'byA'.*Missing key: 'c'"):
        ask(made, "Mutation.createOpen", context(arguments=given(b="x")))
    with pytest.raises(ResolverError, match="When providing argument 'bC' you must also provide 'a'"):
        ask(made, "Query.byA", context(arguments={"bC": {"eq": {"b": "x"}}}))


SHARED = """
type Plan @model @auth(rules: [{ allow: groups, groupsField: "teams" }]) {
  id: ID!
  teams: [String]
  owner: String
  note: String @auth(rules: [{ allow: owner }])
}
"""


@pytest.fixture(scope="module")
def shared() -> Transformed:
    return transform(SHARED, to=Resources(), flags=Flags.read({"transformerversion": 1}), providers=("userPools",))


def test_an_owner_whom_a_field_knows_is_known_to_the_item_without_owner_rules(shared: Transformed) -> None:
    ask(shared, "Mutation.createPlan", context("ann", arguments={"input": {"note": "x", "owner": "ann"}}))
    with pytest.raises(Unauthorized):
        ask(shared, "Mutation.createPlan", context("ann", arguments={"input": {"owner": "ann"}}))


def test_the_owner_test_of_a_field_counts_for_the_item_without_owner_rules(shared: Transformed) -> None:
    given = {"input": {"id": "1", "note": "x"}}
    found = ask(shared, "Mutation.updatePlan", context("ann", "red", arguments=given))["condition"]
    names = [found["expressionNames"][name] for name in sorted(found["expressionNames"]) if "auth" in name]
    assert names == ["owner", "teams", "owner"]
    with pytest.raises(Unauthorized):
        ask(shared, "Mutation.updatePlan", context("ann", arguments={"input": {"id": "1"}}))


def test_an_index_query_without_its_hash_asks_for_nothing(made: Transformed) -> None:
    assert ask(made, "Query.byA", context(arguments={"filter": {"a": {"eq": "x"}}}))["query"] == {}
