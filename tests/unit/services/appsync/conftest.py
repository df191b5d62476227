"""A small API with native resolvers, and how tests ask it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from habitr_emulator.services.appsync.apis import Apis, DeployedApi
from habitr_emulator.services.appsync.authorization import Requester
from habitr_emulator.services.appsync.execution import Settled, execute
from habitr_emulator.services.appsync.preparation import Query, Refused, prepare
from habitr_emulator.services.appsync.spec import ApiKey, AuthMode, Function, GraphqlApi, Native, Resolver
from habitr_emulator.services.context import Account, Context

SDL = """
type Query {
  habit(id: ID!, category: Category = Health): Habit
  habits(limit: Int, filter: HabitFilter): [Habit!]
  animal: Animal
  plain: String
  must: String!
  secret: String @aws_iam
  staff: String @aws_cognito_user_pools(cognito_groups: ["admin", "staff"])
}
type Mutation {
  create(input: HabitInput!): Habit @aws_api_key @aws_cognito_user_pools
  adopt: Animal
}
type Subscription {
  onCreate(id: ID, tagline: String, ups: Int): Habit @aws_subscribe(mutations: ["create"]) @aws_api_key
    @aws_cognito_user_pools
  onMine: Habit @aws_subscribe(mutations: ["create"])
  onAdopt: Animal @aws_subscribe(mutations: ["adopt"])
}
enum Category { Health Finance }
interface Animal { name: String }
type Cat implements Animal { name: String lives: Int }
type Dog implements Animal { name: String tricks: [String!] }
type Habit @aws_api_key @aws_cognito_user_pools {
  id: ID!
  tagline: String!
  category: Category
  ups: Int
  tags: [String!]
  details: AWSJSON
  at: AWSDateTime
  photo: Photo
  author: User
  must: User!
  hidden: String @aws_cognito_user_pools
}
type Photo @aws_api_key @aws_cognito_user_pools { key: String! bucket: String }
type User @aws_api_key @aws_cognito_user_pools { name: String! friends: [User!]! }
input HabitInput {
  id: ID tagline: String! category: Category ups: Int tags: [String!] details: AWSJSON photo: PhotoInput
}
input PhotoInput { key: String! bucket: String = "main" }
input HabitFilter { tagline: String and: [HabitFilter] }
"""
ALICE = Requester("AMAZON_COGNITO_USER_POOLS", {"username": "alice"})
KEY = Requester("API_KEY")
Ask = Callable[..., Awaitable[dict[str, Any]]]


def native(function: Native) -> Resolver:
    """A unit resolver that is a Python function of ``$ctx``."""
    return Resolver("UNIT", (Function("native", None, function),))


def api_of(resolvers: Mapping[tuple[str, str], Native | Resolver], **more: Any) -> GraphqlApi:
    """The API of these tests with ``resolvers``."""
    return GraphqlApi(
        "api1",
        "tests",
        SDL,
        (AuthMode("AMAZON_COGNITO_USER_POOLS", "us-east-1_pool"), AuthMode("API_KEY")),
        (ApiKey("da2-good"), ApiKey("da2-old", expires=1.0)),
        resolvers={at: one if isinstance(one, Resolver) else native(one) for at, one in resolvers.items()},
        **more,
    )


def deploy(account: Account, resolvers: Mapping[tuple[str, str], Native | Resolver], **more: Any) -> DeployedApi:
    """Deploy that API."""
    apis = account.part(Apis)
    apis.deploy(api_of(resolvers, **more))
    return apis.require("api1")


def modes(api: GraphqlApi, *types: AuthMode) -> GraphqlApi:
    """The same API with other authentication modes."""
    return replace(api, auth_modes=types)


@pytest.fixture
def ask(ctx: Context) -> Ask:
    """``await ask(resolvers, query, variables=…, who=…, settled=…, **api)``: the answer of one operation."""

    async def answer(
        resolvers: Mapping[tuple[str, str], Native | Resolver],
        text: str,
        variables: Mapping[str, Any] | None = None,
        who: Requester = ALICE,
        settled: Settled | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        api = deploy(ctx.account, resolvers, **more)
        try:
            prepared = prepare(api.schema, who, Query(text, variables or {}), ctx)
        except Refused as refused:
            return {"data": None, "errors": refused.errors}
        return await execute(prepared, ctx, settled)

    return answer
