"""From a start to the events that a subscriber hears."""
# ruff: noqa: E501 - one case a line, messages whole

import json
from typing import Any

import pytest

from habitr_emulator.services.appsync.apis import DeployedApi
from habitr_emulator.services.appsync.execution import execute
from habitr_emulator.services.appsync.preparation import Query, prepare
from habitr_emulator.services.appsync.realtime import publish
from habitr_emulator.services.appsync.realtime.publish import publisher
from habitr_emulator.services.appsync.realtime.start import StartRefused, start
from habitr_emulator.services.appsync.realtime.subscriptions import Subscription, Subscriptions
from habitr_emulator.services.appsync.spec import ResolverContext, ResolverError, Unauthorized
from habitr_emulator.services.context import Account, Caller, Context
from tests.unit.services.appsync.conftest import KEY, deploy

KEY_CALLER = Caller("api_key", credential="da2-good")
USER = Caller("token", claims={"username": "alice"}, user_pool_id="us-east-1_pool")
RESOLVERS: dict[tuple[str, str], Any] = {
    ("Mutation", "create"): lambda ctx: {"id": "1", "secret": "s", **ctx.arguments["input"]},
    ("Mutation", "adopt"): lambda ctx: {"__typename": "Cat", "name": "Tom", "lives": 9},
}


class Heard:
    """A connection that remembers what it was told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self.completed: list[str] = []

    def data(self, id_: str, payload: str) -> None:
        self.events.append((id_, json.loads(payload)))

    def complete(self, id_: str) -> None:
        self.completed.append(id_)


class Room:
    """An API, and what happens at it."""

    def __init__(self, account: Account, resolvers: dict[tuple[str, str], Any] | None = None) -> None:
        self.account, self.heard = account, Heard()
        self.api: DeployedApi = deploy(account, {**RESOLVERS, **(resolvers or {})})

    async def subscribe(self, query: str, caller: Caller = KEY_CALLER, **members: Any) -> Subscription:
        text = json.dumps({"query": query, **members})
        return await start(self.api, self.account.context(caller), text, self.heard, "s")

    async def refused(self, query: Any, caller: Caller = KEY_CALLER, **members: Any) -> StartRefused:
        with pytest.raises(StartRefused) as caught:
            await self.subscribe(query, caller, **members)
        return caught.value

    async def mutate(self, text: str) -> Any:
        context: Context = self.account.context()
        prepared = prepare(self.api.schema, KEY, Query(text, {}), context)
        await execute(prepared, context, publisher(self.api.schema, context))
        told = [payload for _, payload in self.heard.events]
        self.heard.events.clear()
        return told

    async def create(self, fields: str = "id tagline ups", **more: Any) -> Any:
        given = ", ".join(f"{name}: {json.dumps(value)}" for name, value in {"tagline": "t", **more}.items())
        return await self.mutate(f"mutation {{ create(input: {{{given}}}) {{ {fields} }} }}")


async def test_a_subscriber_gets_its_selection_under_its_alias(account: Account) -> None:
    room = Room(account)
    await room.subscribe(
        "subscription { made: onCreate { __typename key: id ...F } } fragment F on Habit { tagline }"
    )
    assert await room.create() == [{"data": {"made": {"__typename": "Habit", "key": "1", "tagline": "t"}}}]


async def test_what_the_mutation_did_not_select_is_null(account: Account) -> None:
    room = Room(account)
    await room.subscribe("subscription { onCreate { id ups } }")
    assert await room.create("id", ups=5) == [{"data": {"onCreate": {"id": "1", "ups": None}}}]


async def test_an_alias_in_the_mutation_does_not_hide_the_field(account: Account) -> None:
    room = Room(account)
    await room.subscribe("subscription { onCreate { id tagline } }")
    assert await room.create("x: id words: tagline") == [{"data": {"onCreate": {"id": "1", "tagline": "t"}}}]


async def test_a_non_null_field_that_was_not_selected_nulls_the_event_with_an_error(account: Account) -> None:
    room = Room(account)
    await room.subscribe("subscription { onCreate { id tagline } }")
    assert await room.create("id") == [
        {
            "data": {"onCreate": None},
            "errors": [
                {
                    "message": "Cannot return null for non-nullable type: 'String' within parent 'Habit' (/onCreate/tagline)",
                    "path": ["onCreate", "tagline"],
                }
            ],
        }
    ]


async def test_json_is_not_written_twice(account: Account) -> None:
    room = Room(account)
    await room.subscribe("subscription { onCreate { details } }")
    assert await room.create("details", details='"x"') == [{"data": {"onCreate": {"details": '"x"'}}}]


async def test_an_event_of_an_interface_keeps_its_type(account: Account) -> None:
    room = Room(account)
    await room.subscribe("subscription { onAdopt { __typename name ... on Cat { lives } } }", USER)
    prepared = prepare(
        room.api.schema,
        KEY.__class__("AMAZON_COGNITO_USER_POOLS", {}),
        Query("mutation { adopt { ... on Cat { name lives } } }", {}),
        account.context(),
    )
    context = account.context()
    await execute(prepared, context, publisher(room.api.schema, context))
    assert room.heard.events == [("s", {"data": {"onAdopt": {"__typename": "Cat", "name": "Tom", "lives": 9}}})]


async def test_each_alias_of_a_mutation_publishes_and_a_failed_or_null_one_does_not(account: Account) -> None:
    def create(ctx: ResolverContext) -> Any:
        tagline = ctx.arguments["input"]["tagline"]
        if tagline == "bad":
            raise ResolverError("no")
        return None if tagline == "null" else {"id": tagline}

    room = Room(account, {("Mutation", "create"): create})
    await room.subscribe("subscription { onCreate { id } }")
    text = " ".join(
        f'm{i}: create(input: {{tagline: "{name}"}}) {{ id }}' for i, name in enumerate(["a", "bad", "null", "b"])
    )
    assert [event["data"]["onCreate"]["id"] for event in await room.mutate(f"mutation {{ {text} }}")] == ["a", "b"]


async def test_arguments_filter_by_literal_variable_and_explicit_null(account: Account) -> None:
    room = Room(account)
    await room.subscribe(
        "subscription Q($t: String, $u: Int) { onCreate(tagline: $t, ups: $u) { id } }", variables={"t": "t"}
    )
    assert len(await room.create()) == 1
    assert await room.create(tagline="other") == []
    assert await room.create("id") == []
    room.account.part(Subscriptions)._by_field.clear()
    await room.subscribe("subscription { onCreate(ups: null) { id } }")
    assert len(await room.create()) == 1
    assert await room.create(ups=1) == []


async def test_an_enhanced_filter_replaces_the_arguments(account: Account) -> None:
    def resolve(ctx: ResolverContext) -> None:
        ctx.subscription_filter = {
            "filterGroup": [{"filters": [{"fieldName": "ups", "operator": "gt", "value": 2}]}]
        }

    room = Room(account, {("Subscription", "onCreate"): resolve})
    await room.subscribe('subscription { onCreate(tagline: "other") { id } }')
    assert await room.create(ups=2) == []
    assert len(await room.create(ups=3)) == 1


async def test_invalidation_ends_the_subscriptions_that_it_meets(account: Account) -> None:
    def resolve(ctx: ResolverContext) -> None:
        ctx.invalidation_filter = {
            "filterGroup": [{"filters": [{"fieldName": "user", "operator": "eq", "value": "bob"}]}]
        }

    def create(ctx: ResolverContext) -> Any:
        ctx.invalidations.append(
            {"subscriptionField": "onCreate", "payload": {"user": ctx.arguments["input"]["tagline"]}}
        )
        return {"id": "1"}

    room = Room(account, {("Subscription", "onCreate"): resolve, ("Mutation", "create"): create})
    await room.subscribe("subscription { onCreate { id } }")
    assert len(await room.create("id", tagline="alice")) == 1
    assert room.heard.completed == []
    assert await room.create("id", tagline="bob") == []
    assert room.heard.completed == ["s"]


async def test_the_payload_is_made_once_for_all_who_selected_the_same(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(account)
    for text in (
        "subscription { onCreate { id } }",
        "subscription { onCreate { id } }",
        "subscription { onCreate { id ups } }",
    ):
        await room.subscribe(text)
    made: list[Any] = []
    original = publish.payload_of

    def payload_of(plan: Any, event: Any) -> str:
        made.append(plan)
        return original(plan, event)

    monkeypatch.setattr(publish, "payload_of", payload_of)
    assert len(await room.create()) == 3
    assert len(made) == 2


async def test_fields_closed_to_the_subscribers_mode_are_refused_in_the_event(account: Account) -> None:
    room = Room(account)
    await room.subscribe("subscription { onCreate { id hidden } }")
    (event,) = await room.create()
    assert event["data"] == {"onCreate": {"id": "1", "hidden": None}}
    assert event["errors"][0]["message"] == "Not Authorized to access hidden on type Habit"


async def test_starts_that_are_no_subscription_are_not_supported(account: Account) -> None:
    room = Room(account)
    assert (await room.refused("{ plain }", USER)).errors == [
        {"errorType": "UnsupportedOperation", "message": "query not supported through the realtime channel"}
    ]
    for query in ("subscription {", 5):
        assert (await room.refused(query)).errors[0][
            "message"
        ] == "unknown not supported through the realtime channel"


async def test_a_start_that_is_not_valid_gets_the_message_alone(account: Account) -> None:
    room = Room(account)
    assert (await room.refused("subscription { onCreate { zork } }")).errors == [
        {
            "message": "Validation error of type FieldUndefined: Field 'zork' in type 'Habit' is undefined @ 'onCreate/zork'"
        }
    ]
    text = "subscription Q($i: ID!) { onCreate(id: $i) { id } }"
    assert (await room.refused(text)).errors == [
        {"message": "Variable 'i' has coerced Null value for NonNull type 'ID!'"}
    ]
    two = await room.refused("subscription { a: onCreate { id } b: onCreate { id } }")
    assert "exactly one root field" in two.errors[0]["message"]


async def test_bad_credentials_refuse_a_start(account: Account) -> None:
    refused = await Room(account).refused(
        "subscription { onCreate { id } }", Caller("api_key", credential="da2-bad")
    )
    assert refused.errors == [
        {
            "errorType": "UnauthorizedException",
            "message": "You are not authorized to make this call.",
            "errorCode": 401,
        }
    ]


async def test_directives_and_the_fields_resolver_may_refuse_a_start(account: Account) -> None:
    def refuse(ctx: ResolverContext) -> None:
        raise Unauthorized

    room = Room(account, {("Subscription", "onCreate"): refuse})
    for query, name in (
        ("subscription { onMine { id } }", "onMine"),
        ("subscription { onCreate { id } }", "onCreate"),
    ):
        refused = await room.refused(query)
        assert refused.data == {name: None}
        assert refused.errors[0]["errorType"] == "Unauthorized"
        assert refused.errors[0]["message"] == f"Not Authorized to access {name} on type Subscription"
        assert refused.errors[0]["path"] == [name]
    assert not room.account.part(Subscriptions).has("api1", "onCreate")


async def test_who_has_left_hears_no_more(account: Account) -> None:
    room = Room(account)
    subscription = await room.subscribe("subscription { onCreate { id } }")
    account.part(Subscriptions).remove(subscription)
    assert await room.create() == []
    assert not account.part(Subscriptions).has("api1", "onCreate")


async def test_the_trace_of_a_mutation_tells_whom_it_reached_and_what_the_others_wanted(account: Account) -> None:
    room = Room(account)
    await room.subscribe("subscription { onCreate { id } }")
    await room.subscribe("subscription { onCreate(ups: 7) { id } }")
    context = account.context()
    text = 'mutation { create(input: {tagline: "t", ups: 1}) { id ups } }'
    prepared = prepare(room.api.schema, KEY, Query(text, {}), context)
    await execute(prepared, context, publisher(room.api.schema, context))
    (step,) = [each for each in context.span.tree()["steps"] if each["name"] == "publish onCreate"]
    assert step["facts"] == {
        "reached": 1,
        "missed": 1,
        "why": ["s: its arguments {'ups': 7} do not match"],
    }
