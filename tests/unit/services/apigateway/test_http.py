"""REST API requests, from route to answer, with real Python functions."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.apigateway import http
from habitr_emulator.services.apigateway.deploy import deploy
from habitr_emulator.services.apigateway.spec import RestApi, Route
from habitr_emulator.services.context import ANONYMOUS, Account, Caller, Context
from habitr_emulator.services.lambda_ import deploy as functions
from habitr_emulator.services.lambda_.spec import Function
from habitr_emulator.wire.http import Headers, Request, Response

POOL = "us-east-1_Habitr001"
CODE = """
import json, time
def handler(event, context):
    body = json.loads(event["body"])
    if body == "raise": raise ValueError("no")
    if body == "malformed": return {"answer": 42}
    if body == "sleep": time.sleep(5)
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}, "body": json.dumps(event)}
"""
TOKEN = Caller("token", user_pool_id=POOL, claims={"token_use": "id", "sub": "s", "cognito:groups": ["a", "b"]})
SIGNED = Caller(
    "signed",
    arn="arn:aws:sts::000000000000:assumed-role/auth/CognitoIdentityCredentials",
    user_id="AROA:C",
    access_key_id="ASIA1",
    conditions={
        "cognito-identity.amazonaws.com:sub": "us-east-1:id",
        "cognito-identity.amazonaws.com:aud": "us-east-1:pool",
        "cognito-identity.amazonaws.com:amr": ["authenticated", "idp", "idp:CognitoSignIn:s"],
    },
)


@pytest.fixture
async def rest(account: Account, tmp_path: Path) -> Account:
    """An API with an open, a signed and a token route, all to one function."""
    context = account.context()
    (tmp_path / "index.py").write_text(CODE)
    await functions.deploy(context, Function("f", "python3.11", "index.handler", tmp_path))
    routes = (
        Route("/user/exists", "f"),
        Route("/signed/{proxy+}", "f", authorization="AWS_IAM"),
        Route("/token", "f", authorization="COGNITO_USER_POOLS", user_pool_id=POOL),
        Route("/gone", "missing"),
        Route("/scoped", "f", "ANY", "COGNITO_USER_POOLS", POOL, ("aws.cognito.signin.user.admin",)),
        Route("/planned", "f", api_key_required=True),
    )
    await deploy(context, RestApi("abc123", "habitrAPI", "dev", routes, api_keys=("k" * 20,)))
    return account


async def ask(
    account: Account, path: str, body: Any = 1, caller: Caller = ANONYMOUS, method: str = "POST", key: str = ""
) -> Response:
    headers = Headers([("host", "localhost:4566"), *([("x-api-key", key)] if key else [])])
    request = Request(method, path, headers, json.dumps(body).encode())
    return await http.handle(request, account.context(caller))


def body_of(answer: Response) -> Any:
    assert isinstance(answer.body, bytes)
    return json.loads(answer.body)


@pytest.mark.parametrize("path", ["/dev/user/exists", "/restapis/abc123/dev/_user_request_/user/exists"])
@pytest.mark.parametrize("caller", [ANONYMOUS, SIGNED, Caller("other", credential="AWS4-HMAC-SHA256 bad")])
async def test_an_open_route_answers_whatever_was_presented(rest: Account, path: str, caller: Caller) -> None:
    answer = await ask(rest, path, {"a": 1}, caller)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-amzn-requestid"]
    event = body_of(answer)
    assert (event["path"], event["body"]) == ("/user/exists", '{"a": 1}')
    assert event["requestContext"]["identity"]["userArn"] is None


@pytest.mark.parametrize(
    ("path", "message", "kind"),
    [
        ("/dev/nope", "Missing Authentication Token", "MissingAuthenticationTokenException"),
        ("/dev", "Missing Authentication Token", "MissingAuthenticationTokenException"),
        ("/prod/user/exists", "Forbidden", "ForbiddenException"),
    ],
)
async def test_an_unknown_path_or_stage_is_403(rest: Account, path: str, message: str, kind: str) -> None:
    answer = await ask(rest, path)
    assert (answer.status, body_of(answer)) == (403, {"message": message})
    assert answer.headers["x-amzn-errortype"] == kind
    assert answer.headers["access-control-expose-headers"] == "Date,X-Amzn-ErrorType"
    assert answer.headers["x-habitr-why"]


async def test_options_is_a_mock_with_cors(rest: Account) -> None:
    answer = await ask(rest, "/dev/token", method="OPTIONS")
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "X-Amz-Security-Token" in answer.headers["access-control-allow-headers"]
    assert (await ask(rest, "/dev/nope", method="OPTIONS")).status == 403


@pytest.mark.parametrize("body", ["raise", "malformed"])
async def test_a_failing_or_malformed_function_is_502(rest: Account, body: str) -> None:
    answer = await ask(rest, "/dev/user/exists", body)
    assert (answer.status, body_of(answer)) == (502, {"message": "Internal server error"})
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_function_that_cannot_be_invoked_is_500(rest: Account) -> None:
    answer = await ask(rest, "/dev/gone")
    assert (answer.status, body_of(answer)) == (500, {"message": "Internal server error"})


async def test_an_integration_that_takes_too_long_is_504(rest: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "INTEGRATION_SECONDS", 0.1)
    answer = await ask(rest, "/dev/user/exists", "sleep")
    assert (answer.status, body_of(answer)) == (504, {"message": "Endpoint request timed out"})


async def test_a_body_over_10_mb_is_413(rest: Account) -> None:
    answer = await ask(rest, "/dev/user/exists", "x" * 10 * 1024 * 1024)
    assert (answer.status, body_of(answer)) == (413, {"message": "Request Too Long"})


async def test_a_signed_route_wants_a_signature_and_tells_who_signed(rest: Account) -> None:
    refused = await ask(rest, "/dev/signed/x", caller=TOKEN)
    assert (refused.status, body_of(refused)) == (403, {"message": "Missing Authentication Token"})
    identity = body_of(await ask(rest, "/dev/signed/x", caller=SIGNED))["requestContext"]["identity"]
    assert identity["userArn"] == SIGNED.arn
    assert identity["cognitoIdentityId"] == "us-east-1:id"
    assert identity["cognitoAuthenticationType"] == "authenticated"
    assert identity["cognitoAuthenticationProvider"] == "idp,idp:CognitoSignIn:s"


async def test_a_signed_route_names_what_is_wrong_with_a_signature(rest: Account) -> None:
    headers = Headers([("host", "localhost"), ("authorization", "AWS4-HMAC-SHA256 Credential=x")])
    caller = Caller("other", credential="unknown_key", conditions={"why": "no such key"})
    answer = await http.handle(Request("GET", "/dev/signed/x", headers), rest.context(caller))
    assert (answer.status, answer.headers["x-amzn-errortype"]) == (403, "UnrecognizedClientException")
    assert body_of(answer) == {"message": "The security token included in the request is invalid."}
    assert answer.headers["x-habitr-why"] == "no such key"


async def test_a_signed_route_asks_the_policies(rest: Account) -> None:
    asked: list[tuple[str, str]] = []

    def refuse(context: Context, action: str, resource: str, conditions: Any, resource_policy: Any) -> None:
        asked.append((action, resource))
        raise AwsError("User: x is not authorized to perform: execute-api:Invoke")

    rest.authorizer = refuse
    answer = await ask(rest, "/dev/signed/x/y", caller=SIGNED)
    assert asked == [
        ("execute-api:Invoke", "arn:aws:execute-api:us-east-1:000000000000:abc123/dev/POST/signed/x/y")
    ]
    assert answer.status == 403
    assert body_of(answer) == {"Message": "User: x is not authorized to perform: execute-api:Invoke"}
    assert answer.headers["x-amzn-errortype"] == "AccessDeniedException"


@pytest.mark.parametrize(
    "caller",
    [
        ANONYMOUS,
        SIGNED,
        replace(TOKEN, user_pool_id="us-east-1_Other"),
        replace(TOKEN, claims={"token_use": "access"}),
    ],
)
async def test_a_token_route_wants_an_id_token_of_its_pool(rest: Account, caller: Caller) -> None:
    answer = await ask(rest, "/dev/token", caller=caller)
    assert (answer.status, body_of(answer)) == (401, {"message": "Unauthorized"})


async def test_an_expired_token_is_told_so(rest: Account) -> None:
    expired = Caller("other", conditions={"invalid_token": "expired", "why": "expired at noon"})
    answer = await ask(rest, "/dev/token", caller=expired)
    assert (answer.status, body_of(answer)) == (401, {"message": "The incoming token has expired"})


async def test_a_token_route_passes_the_claims_as_text(rest: Account) -> None:
    claims = body_of(await ask(rest, "/dev/token", caller=TOKEN))["requestContext"]["authorizer"]["claims"]
    assert claims == {"token_use": "id", "sub": "s", "cognito:groups": "a,b"}


async def test_a_route_with_scopes_wants_an_access_token_that_has_one(rest: Account) -> None:
    claims = {"token_use": "access", "scope": "openid aws.cognito.signin.user.admin", "username": "ann"}
    answer = await ask(rest, "/dev/scoped", caller=Caller("token", user_pool_id=POOL, claims=claims))
    assert body_of(answer)["requestContext"]["authorizer"]["claims"]["username"] == "ann"
    for refused in (TOKEN, Caller("token", user_pool_id=POOL, claims={**claims, "scope": "openid"}), ANONYMOUS):
        answer = await ask(rest, "/dev/scoped", caller=refused)
        assert (answer.status, body_of(answer)) == (401, {"message": "Unauthorized"})
        assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"


async def test_a_route_of_a_usage_plan_wants_its_key_and_the_function_learns_it(rest: Account) -> None:
    answer = await ask(rest, "/dev/planned", key="k" * 20)
    identity = body_of(answer)["requestContext"]["identity"]
    assert identity["apiKey"] == "k" * 20
    assert len(identity["apiKeyId"]) == 10
    for wrong in ("", "other"):
        answer = await ask(rest, "/dev/planned", key=wrong)
        assert (answer.status, body_of(answer)) == (403, {"message": "Forbidden"})
        assert answer.headers["x-amzn-errortype"] == "ForbiddenException"
