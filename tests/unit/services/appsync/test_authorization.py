"""Who may ask an API, by the shape of the credentials, and what identity templates see."""
# ruff: noqa: E501 - one case a line, messages whole

from dataclasses import replace
from typing import Any

import orjson
import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.authorization import Requester, authenticate, restrict
from habitr_emulator.services.appsync.errors import AccessDeniedException
from habitr_emulator.services.appsync.lambda_authorizer import LambdaDecisions
from habitr_emulator.services.appsync.schema import compile_schema
from habitr_emulator.services.appsync.spec import AuthMode, GraphqlApi
from habitr_emulator.services.context import ANONYMOUS, Account, Caller
from tests.unit.services.appsync.conftest import api_of, modes

POOL, KEYS = AuthMode("AMAZON_COGNITO_USER_POOLS", "us-east-1_pool"), AuthMode("API_KEY")
IAM, LAMBDA = AuthMode("AWS_IAM"), AuthMode("AWS_LAMBDA", function_name="authorize")
TOKEN = Caller("token", claims={"sub": "s", "iss": "i", "username": "alice"}, user_pool_id="us-east-1_pool")
JWT = "eyJh.eyJz.c2ln"


async def accepted(account: Account, api: GraphqlApi, caller: Caller) -> Requester:
    return await authenticate(api, account.context(caller), {"query": "{ a }"}, LambdaDecisions())


@pytest.mark.parametrize(
    ("caller", "types", "status", "code", "message"),
    [
        (ANONYMOUS, [POOL], 401, "UnauthorizedException", "Missing authorization header"),
        (Caller("api_key", credential="da2-bad"), [POOL, KEYS], 401, "UnauthorizedException", None),
        (Caller("api_key", credential="da2-old"), [POOL, KEYS], 401, "UnauthorizedException", None),
        (Caller("api_key", credential="da2-good"), [POOL], 401, "UnauthorizedException", None),
        (replace(TOKEN, user_pool_id="us-east-1_other"), [POOL], 401, "UnauthorizedException", None),
        (TOKEN, [KEYS], 401, "UnauthorizedException", None),
        (Caller("signed", arn="arn"), [POOL], 401, "UnauthorizedException", None),
        (Caller("other", credential=JWT), [POOL], 401, "UnauthorizedException", None),
        (Caller("other", credential=JWT, conditions={"invalid_token": "expired"}), [POOL], 401, "UnauthorizedException", "Token has expired."),
        (Caller("other", credential="opaque"), [POOL], 401, "UnauthorizedException", None),
        (Caller("other", credential=f"Bearer {JWT}"), [POOL, LAMBDA], 401, "UnauthorizedException", None),
    ],
)  # fmt: skip
async def test_who_is_not_known_is_refused_with_a_reason(
    account: Account, caller: Caller, types: list[AuthMode], status: int, code: str, message: str | None
) -> None:
    with pytest.raises(AwsError) as refused:
        await accepted(account, modes(api_of({}), *types), caller)
    error = refused.value
    assert (error.status, error.code) == (status, code)
    assert error.message == (message or "You are not authorized to make this call.")
    assert error.why


@pytest.mark.parametrize(
    ("credential", "types", "why"),
    [
        ("junk", [POOL, KEYS], "the Authorization is no JWT, and API tests has no Lambda authorizer"),
        (JWT, [KEYS], "API tests takes no tokens; its modes are API_KEY"),
    ],
)
async def test_an_authorization_that_leads_nowhere_says_what_it_is(
    account: Account, credential: str, types: list[AuthMode], why: str
) -> None:
    with pytest.raises(AwsError) as refused:
        await accepted(account, modes(api_of({}), *types), Caller("other", credential=credential))
    assert (refused.value.why or "").startswith(why)


async def test_an_api_key_has_no_identity(account: Account) -> None:
    assert await accepted(account, api_of({}), Caller("api_key", credential="da2-good")) == Requester("API_KEY")


async def test_an_api_key_expires_by_the_emulators_clock(account: Account) -> None:
    account.clock.set(0.5)
    assert (await accepted(account, api_of({}), Caller("api_key", credential="da2-old"))).mode == "API_KEY"


async def test_an_id_token_gives_name_and_groups_as_an_access_token_does(account: Account) -> None:
    claims = {"sub": "s", "iss": "i", "cognito:username": "bob", "cognito:groups": ["admin"]}
    found = await accepted(account, api_of({}), replace(TOKEN, claims=claims))
    assert found.identity == {
        "sub": "s",
        "issuer": "i",
        "username": "bob",
        "claims": claims,
        "sourceIp": ["127.0.0.1"],
        "defaultAuthStrategy": "ALLOW",
        "groups": ["admin"],
    }
    assert found.groups == {"admin"}
    plain = await accepted(account, api_of({}), TOKEN)
    assert plain.identity is not None
    assert (plain.identity["username"], plain.identity["groups"]) == ("alice", None)


async def test_an_oidc_token_is_known_by_its_issuer(account: Account) -> None:
    api = modes(api_of({}), AuthMode("OPENID_CONNECT", issuer="i/"))
    assert (await accepted(account, api, TOKEN)).identity == {
        "sub": "s",
        "issuer": "i",
        "claims": dict(TOKEN.claims),
    }


async def test_identity_pool_credentials_tell_who_they_are(account: Account) -> None:
    caller = Caller(
        "signed",
        arn="arn:aws:sts::0:assumed-role/r/CognitoIdentityCredentials",
        user_id="AROA:CognitoIdentityCredentials",
        conditions={
            "cognito-identity.amazonaws.com:aud": "pool",
            "cognito-identity.amazonaws.com:sub": "identity",
            "cognito-identity.amazonaws.com:amr": ["authenticated", "provider"],
        },
    )
    identity = (await accepted(account, modes(api_of({}), POOL, IAM), caller)).identity
    assert identity is not None
    assert identity["userArn"] == caller.arn
    assert identity["cognitoIdentityId"] == "identity"
    assert identity["cognitoIdentityAuthType"] == "authenticated"
    assert identity["cognitoIdentityAuthProvider"] == '"provider"'


class Lambdas:
    """Stands for the Lambda service: counts calls, gives one answer."""

    def __init__(self, answer: Any, error: str | None = None) -> None:
        self.answer, self.error, self.events = answer, error, list[Any]()

    async def call(self, service: str, name: str, request: Any, context: Any) -> Any:
        assert (service, name, request["FunctionName"]) == ("lambda_", "invoke", "authorize")
        self.events.append(orjson.loads(request["Payload"]))
        failed = {"FunctionError": self.error} if self.error else {}
        return {"Payload": orjson.dumps(self.answer), **failed}


async def test_a_lambda_authorizer_decides_and_may_deny_fields(account: Account) -> None:
    lambdas = Lambdas(
        {
            "isAuthorized": True,
            "resolverContext": {"a": "b"},
            "deniedFields": ["Query.plain", "arn:x/types/Habit/fields/ups"],
            "ttlOverride": 10,
        }
    )
    account.registry = lambdas  # type: ignore[assignment]
    api = modes(api_of({}), LAMBDA)
    context = account.context(Caller("other", credential="opaque"), headers={"x": "y"})
    decisions = LambdaDecisions()
    found = await authenticate(api, context, {"query": "{ a }", "variables": {"v": 1}}, decisions)
    assert found.identity == {"resolverContext": {"a": "b"}}
    assert found.denied == {("Query", "plain"), ("Habit", "ups")}
    event = lambdas.events[0]
    assert event["authorizationToken"] == "opaque"
    assert event["requestContext"]["queryString"] == "{ a }"
    assert event["requestContext"]["variables"] == {"v": 1}
    assert event["requestHeaders"] == {"x": "y"}
    await authenticate(api, context, {}, decisions)
    assert len(lambdas.events) == 1
    account.clock.advance(11)
    await authenticate(api, context, {}, decisions)
    assert len(lambdas.events) == 2


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"isAuthorized": False}, None),
        ({"isAuthorized": "yes"}, None),
        ({"isAuthorized": True}, "Unhandled"),
        (None, None),
    ],
)
async def test_a_lambda_authorizer_that_does_not_say_yes_refuses(
    account: Account, answer: Any, error: str | None
) -> None:
    account.registry = Lambdas(answer, error)  # type: ignore[assignment]
    with pytest.raises(AwsError) as refused:
        await accepted(account, modes(api_of({}), LAMBDA), Caller("other", credential="opaque"))
    assert refused.value.status == 401


def test_policies_take_away_root_fields_and_refuse_when_none_is_left(account: Account) -> None:
    def only_plain(context: Any, action: str, resource: str, conditions: Any, resource_policy: Any) -> None:
        assert action == "appsync:GraphQL"
        if not resource.endswith(":apis/api1/types/Query/fields/plain"):
            raise AccessDeniedException

    account.authorizer = only_plain
    context = account.context(Caller("signed", arn="arn"))
    asked = [("Query", "plain"), ("Query", "must")]
    assert restrict(Requester("AWS_IAM"), api_of({}), asked, context).denied == {("Query", "must")}
    with pytest.raises(AccessDeniedException):
        restrict(Requester("AWS_IAM"), api_of({}), asked[1:], context)


@pytest.mark.parametrize(
    ("at", "mode", "groups", "allowed"),
    [
        (("Query", "plain"), "AMAZON_COGNITO_USER_POOLS", (), True),
        (("Query", "plain"), "API_KEY", (), False),
        (("Query", "secret"), "AWS_IAM", (), True),
        (("Query", "secret"), "AMAZON_COGNITO_USER_POOLS", (), False),
        (("Query", "staff"), "AMAZON_COGNITO_USER_POOLS", (), False),
        (("Query", "staff"), "AMAZON_COGNITO_USER_POOLS", ("staff",), True),
        (("Habit", "id"), "API_KEY", (), True),
        (("Habit", "id"), "AWS_IAM", (), False),
        (("Habit", "hidden"), "API_KEY", (), False),
        (("Cat", "name"), "API_KEY", (), False),
    ],
)
def test_directives_of_the_field_win_over_those_of_its_type_and_over_the_default_mode(
    at: tuple[str, str], mode: str, groups: tuple[str, ...], allowed: bool
) -> None:
    schema = compile_schema(api_of({}))
    assert schema.allows(*at, mode, frozenset(groups)) is allowed


async def test_a_decision_without_a_time_of_its_own_holds_as_long_as_the_api_says(account: Account) -> None:
    account.registry = lambdas = Lambdas({"isAuthorized": True})  # type: ignore[assignment]
    context, decisions = account.context(Caller("other", credential="opaque")), LambdaDecisions()
    api = modes(api_of({}), replace(LAMBDA, ttl=60.0, token_pattern="^op"))
    for seconds, asked in ((0, 1), (59, 1), (2, 2)):
        account.clock.advance(seconds)
        await authenticate(api, context, {}, decisions)
        assert len(lambdas.events) == asked
    with pytest.raises(AwsError):
        await accepted(account, modes(api_of({}), replace(LAMBDA, token_pattern="^x")), context.caller)
    assert len(lambdas.events) == 2


async def test_a_pool_may_be_open_to_some_app_clients_only(account: Account) -> None:
    api = modes(api_of({}), replace(POOL, client_id="^mobile.*"))
    good = replace(TOKEN, claims={**TOKEN.claims, "client_id": "mobile1", "exp": 5.0})
    assert (await accepted(account, api, good)).expires == 5.0
    with pytest.raises(AwsError):
        await accepted(account, api, replace(TOKEN, claims={**TOKEN.claims, "client_id": "web"}))


async def test_the_default_action_deny_leaves_only_fields_with_a_directive(account: Account) -> None:
    schema = compile_schema(modes(api_of({}), replace(POOL, default_action="DENY")))
    who = await accepted(account, schema.api, TOKEN)
    assert not who.allowed(schema)("Query", "plain")
    assert who.allowed(schema)("Mutation", "create")


@pytest.mark.parametrize(
    ("name", "mode", "why"),
    [
        ("plain", "API_KEY", "Query.plain is open to AMAZON_COGNITO_USER_POOLS; the caller is API_KEY"),
        (
            "staff",
            "API_KEY",
            "Query.staff is open to AMAZON_COGNITO_USER_POOLS in the groups admin, staff; the caller is API_KEY",
        ),
        ("secret", "AWS_IAM", "Query.secret is closed to this caller by the API's authorizer or an IAM policy"),
    ],
)
def test_a_refused_field_says_who_may_use_it(name: str, mode: str, why: str) -> None:
    assert compile_schema(api_of({})).why_refused("Query", name, mode) == why
