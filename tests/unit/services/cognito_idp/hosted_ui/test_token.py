"""/oauth2/token, /oauth2/userInfo, /oauth2/revoke: what apps call themselves."""

import asyncio
import base64
import hashlib

import orjson
import pytest

from habitr_emulator.services.cognito_idp import http, oauth_scopes
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException
from habitr_emulator.wire.http import Headers, Request, Response
from tests.unit.services.cognito_idp.conftest import CLIENT, POOL, Answer, Idp, Raises, claims

from .conftest import CALLBACK, CHALLENGE, DOMAIN, MACHINE, MACHINE_SECRET, VERIFIER, Browser, hosted_spec


def body(response: Response) -> Answer:
    assert isinstance(response.body, bytes)
    read: Answer = orjson.loads(response.body)
    return read


async def user_info(browser: Browser, token: str) -> Response:
    return await browser.send("GET", "/oauth2/userInfo", authorization=f"Bearer {token}")


async def test_the_tokens_carry_what_was_granted(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    answer = await browser.tokens()
    access, id_token = claims(answer["access_token"]), claims(answer["id_token"])
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert (access["version"], access["scope"]) == (2, "openid email profile aws.cognito.signin.user.admin")
    half = hashlib.sha256(answer["access_token"].encode()).digest()[:16]
    assert id_token["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")
    assert "version" not in id_token
    assert (await idp("get_user", AccessToken=answer["access_token"]))["Username"] == "alice"


async def test_a_code_works_once_and_for_five_minutes(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    code = (await browser.sign_in()).parameters["code"]
    await browser.exchange(code)
    assert await browser.exchange(code, 400) == {"error": "invalid_grant"}
    late = (await browser.authorize()).parameters["code"]
    idp.ctx.clock.advance(300)
    assert await browser.exchange(late, 400) == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"redirect_uri": "habitr://other"}, "invalid_grant"),
        ({"code_verifier": "w" * 64}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"client_id": ""}, "invalid_request"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": MACHINE, "client_secret": MACHINE_SECRET}, "unauthorized_client"),
        ({"code": ""}, "invalid_request"),
    ],
)
async def test_a_code_is_bound_to_all_that_it_was_asked_with(
    idp: Idp, browser: Browser, given: dict[str, str], error: str
) -> None:
    await idp.confirmed()
    code = (await browser.sign_in(code_challenge=CHALLENGE, code_challenge_method="S256")).parameters["code"]
    refused = await browser.exchange(code, 400, **({"code_verifier": VERIFIER} | given))
    assert refused["error"] == error


async def test_a_verifier_proves_and_is_refused_where_no_challenge_was(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    arrived = await browser.sign_in(code_challenge=CHALLENGE, code_challenge_method="S256")
    await browser.exchange(arrived.parameters["code"], code_verifier=VERIFIER)
    plain = (await browser.authorize()).parameters["code"]
    assert (await browser.exchange(plain, 400, code_verifier=VERIFIER))["error"] == "invalid_grant"


async def test_of_two_exchanges_at_once_one_succeeds(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    form = {"grant_type": "authorization_code", "client_id": CLIENT, "redirect_uri": CALLBACK}
    form["code"] = (await browser.sign_in()).parameters["code"]
    answers = await asyncio.gather(*(browser.send("POST", "/oauth2/token", form) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400, 400]


async def test_a_token_can_be_bound_to_a_resource(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    answer = await browser.tokens(resource="https://api.example/")
    assert claims(answer["access_token"])["aud"] == "https://api.example/"


async def test_refreshing_keeps_scopes_and_the_sign_ins_time(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    first = await browser.tokens(scope="openid phone")
    idp.ctx.clock.advance(100)
    form = {"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": first["refresh_token"]}
    second = await browser.token(form)
    old, new = claims(first["access_token"]), claims(second["access_token"])
    assert (new["scope"], new["version"], new["auth_time"]) == ("openid phone", 2, old["auth_time"])
    assert "refresh_token" not in second
    assert "email" not in claims(second["id_token"])
    api = await idp.tokens()
    assert claims((await browser.token(form | {"refresh_token": api["RefreshToken"]}))["id_token"])["email"]
    assert (await browser.token(form | {"refresh_token": "x"}, 400))["error"] == "invalid_grant"


async def test_scopes_decide_what_is_shown(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    whole = body(await user_info(browser, (await browser.tokens(scope="openid"))["access_token"]))
    assert (whole["username"], whole["email_verified"]) == ("alice", "true")
    phone = await browser.tokens(scope="openid phone")
    assert "email" not in body(await user_info(browser, phone["access_token"]))
    assert oauth_scopes.show("openid email", "email_verified")
    assert not oauth_scopes.show("openid email phone", "name")
    assert oauth_scopes.show("openid email profile", "name")


async def test_user_info_wants_an_access_token_with_openid(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    api = await idp.tokens()
    hosted = await browser.tokens()
    await idp.admin("admin_user_global_sign_out", Username="alice")
    for token in (api["AccessToken"], hosted["id_token"], hosted["access_token"], "x", ""):
        refused = await user_info(browser, token)
        assert (refused.status, body(refused)["error"]) == (401, "invalid_token")
        assert 'error="invalid_token"' in refused.headers["www-authenticate"]


async def test_revoking_ends_a_sign_in(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    answer = await browser.tokens()
    form = {"token": answer["refresh_token"], "client_id": CLIENT}
    for _ in range(2):
        assert (await browser.send("POST", "/oauth2/revoke", form)).status == 200
    assert (await user_info(browser, answer["access_token"])).status == 401
    with pytest.raises(NotAuthorizedException, match="revoked"):
        await idp("get_user", AccessToken=answer["access_token"])
    for wrong, status, error in (
        ({"token": answer["access_token"]}, 400, "unsupported_token_type"),
        ({"token": ""}, 400, "invalid_request"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": MACHINE, "client_secret": MACHINE_SECRET}, 400, "unauthorized_client"),
    ):
        refused = await browser.send("POST", "/oauth2/revoke", form | wrong)
        assert (refused.status, body(refused)["error"]) == (status, error)


async def test_a_program_gets_a_token_for_its_scopes(browser: Browser) -> None:
    machine = {"grant_type": "client_credentials"}
    answer = await browser.token(machine, basic=(MACHINE, MACHINE_SECRET))
    token = claims(answer["access_token"])
    assert (token["sub"], token["scope"], token["version"]) == (MACHINE, "api/read api/write", 2)
    assert set(answer) == {"access_token", "expires_in", "token_type"}
    with pytest.raises(NotAuthorizedException, match="Invalid Access Token"):
        await browser.ctx.account.registry.call(
            "cognito_idp", "get_user", {"AccessToken": answer["access_token"]}, browser.ctx
        )
    machine |= {"client_id": MACHINE, "client_secret": MACHINE_SECRET}
    one = await browser.token(machine | {"scope": "api/read"})
    assert claims(one["access_token"])["scope"] == "api/read"
    for wrong, error in (
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"aws_client_metadata": "["}, "invalid_request"),
    ):
        assert (await browser.token(machine | wrong, 400))["error"] == error
    bad = await browser.send("POST", "/oauth2/token", machine, authorization="Basic !")
    assert (bad.status, body(bad)) == (400, {"error": "invalid_client"})
    assert (await browser.token(machine | {"client_id": CLIENT}, 400))["error"] == "unauthorized_client"


async def test_the_token_trigger_may_refuse_and_serves_programs_in_version_3(
    idp: Idp, browser: Browser, functions: dict[str, object]
) -> None:
    seen: list[Answer] = []

    def add(event: Answer) -> Answer:
        seen.append(event)
        access = {"claimsToAddOrOverride": {"tenant": event["request"]["clientMetadata"].get("tenant")}}
        return event | {"response": {"claimsAndScopeOverrideDetails": {"accessTokenGeneration": access}}}

    def refuse(event: Answer) -> Answer:
        raise Raises("not now")

    await idp.confirmed()
    functions.update(add=add, refuse=refuse)
    config = {"PreTokenGenerationConfig": {"LambdaVersion": "V3_0", "LambdaArn": "add"}}
    await deploy(idp.ctx, hosted_spec(LambdaConfig=config))
    form = {"grant_type": "client_credentials", "aws_client_metadata": '{"tenant": "x"}'}
    answer = await browser.token(form, basic=(MACHINE, MACHINE_SECRET))
    assert claims(answer["access_token"])["tenant"] == "x"
    assert (seen[0]["triggerSource"], seen[0]["version"]) == ("TokenGeneration_ClientCredentials", "3")
    await deploy(idp.ctx, hosted_spec(LambdaConfig={"PreTokenGeneration": "refuse"}))
    code = (await browser.sign_in()).parameters["code"]
    refused = await browser.exchange(code, 400)
    assert refused["error_description"] == "PreTokenGeneration failed with error not now."


async def test_discovery_names_addresses_that_answer(idp: Idp, browser: Browser) -> None:
    async def document(pool_id: str) -> Answer:
        request = Request("GET", f"/{pool_id}/.well-known/openid-configuration", Headers([("host", "x")]))
        return body(await http.handle(request, idp.ctx))

    own = await document(POOL)
    assert own["token_endpoint"] == f"https://{DOMAIN}.auth.us-east-1.amazoncognito.com/oauth2/token"
    idp.ctx.account.issuer = "local"
    local = await document(POOL)
    assert local["issuer"] == f"http://localhost:4566/{POOL}"
    assert local["authorization_endpoint"] == f"http://localhost:4566/_habitr/hosted/{DOMAIN}/oauth2/authorize"
    other = (await idp("create_user_pool", PoolName="other"))["UserPool"]["Id"]
    assert (await document(other))["token_endpoint"].endswith(f"/_habitr/hosted/{other}/oauth2/token")
    refused = await browser.send("POST", f"/_habitr/hosted/{other}/oauth2/token", {"grant_type": "refresh_token"})
    assert body(refused) == {"error": "invalid_request"}
