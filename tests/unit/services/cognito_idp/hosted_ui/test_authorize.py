"""/oauth2/authorize: who is sent where, and what is refused how."""

import pytest

from habitr_emulator.services.cognito_idp.deploy import deploy
from tests.unit.services.cognito_idp.conftest import CLIENT, Idp, claims

from .conftest import CALLBACK, CHALLENGE, DOMAIN, SIGNED_OUT, Browser, hosted_spec


async def test_a_person_signs_in_and_the_app_gets_a_code(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    page = await browser.authorize(nonce="n-1")
    assert page.status == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "form-action 'self' habitr:" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    arrived = await browser.submit(page, username="Alice", password="habitr-pass-1")
    assert arrived.status == 302
    assert arrived.address.startswith("habitr://?code=")
    assert arrived.parameters["state"] == "st/+ 1"
    id_token = claims((await browser.exchange(arrived.parameters["code"]))["id_token"])
    assert (id_token["cognito:username"], id_token["nonce"], id_token["aud"]) == ("alice", "n-1", CLIENT)


@pytest.mark.parametrize("prefix", ["", f"/_habitr/hosted/{DOMAIN}"])
async def test_a_signed_in_browser_gets_a_code_without_a_page(idp: Idp, browser: Browser, prefix: str) -> None:
    browser.prefix = prefix
    await idp.confirmed()
    await browser.sign_in()
    idp.ctx.clock.advance(60)
    again = claims((await browser.tokens())["access_token"])
    assert again["iat"] - again["auth_time"] == 60
    assert "password" in (await browser.authorize(prompt="login")).text
    idp.ctx.clock.advance(3600)
    assert (await browser.authorize(prompt="none")).parameters["error"] == "login_required"


async def test_a_domain_answers_by_its_host_and_serves_its_own_clients_only(idp: Idp, browser: Browser) -> None:
    browser.host = f"{DOMAIN}.auth.us-east-1.amazoncognito.com"
    assert (await browser.authorize()).status == 200
    other = (await idp("create_user_pool", PoolName="other"))["UserPool"]["Id"]
    await idp("create_user_pool_domain", UserPoolId=other, Domain="other")
    browser.prefix, browser.host = "/_habitr/hosted/other", "localhost:4566"
    refused = await browser.authorize()
    assert (refused.status, "does not exist" in refused.text) == (400, True)
    assert (await browser.go("GET", "/_habitr/hosted/nobody/login")).status == 404


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "id_token"}, "invalid_request"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"identity_provider": "Google"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
async def test_an_error_goes_back_to_the_app(browser: Browser, given: dict[str, str | None], error: str) -> None:
    back = await browser.authorize(**given)
    assert back.address.startswith(f"{CALLBACK}?")
    assert (back.parameters["error"], back.parameters["state"]) == (error, "st/+ 1")
    assert back.headers["x-habitr-why"]


async def test_a_scope_that_the_client_lacks_is_invalid(browser: Browser) -> None:
    for scope in ("openid made-up", "email"):
        said = (await browser.authorize(scope=scope)).parameters
        assert (said["error"], said["error_description"]) == ("invalid_request", "invalid_scope")


async def test_an_address_that_is_not_registered_is_never_gone_to(browser: Browser) -> None:
    for wrong in ("habitr://x", "HABITR://", "https://evil.example/", None):
        page = await browser.authorize(redirect_uri=wrong)
        assert (page.status, page.address) == (400, "")
        assert "password" not in page.text
    assert (await browser.authorize(client_id="nobody")).status == 400
    left = await browser.go("GET", f"/logout?client_id={CLIENT}&logout_uri=https%3A%2F%2Fevil.example")
    assert (left.status, left.address) == (400, "")


async def test_the_error_page_shows_nothing_of_the_query_unescaped(browser: Browser) -> None:
    page = await browser.go("GET", "/error?error=%3Cb%3E&client_id=%3Cscript%3E")
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_implicit_tokens_come_in_the_fragment(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    back = await browser.sign_in(response_type="token", nonce="n-2")
    assert back.address.startswith("habitr://#")
    said = back.parameters
    assert (said["token_type"], said["expires_in"], said["state"]) == ("Bearer", "3600", "st/+ 1")
    assert claims(said["id_token"])["nonce"] == "n-2"
    assert "refresh_token" not in said
    assert "id_token" not in (await browser.authorize(response_type="token", scope="api/read")).parameters


async def test_a_client_without_a_flow_is_not_authorized(idp: Idp, browser: Browser) -> None:
    await deploy(idp.ctx, hosted_spec({"AllowedOAuthFlows": ["code"]}))
    back = await browser.authorize(response_type="token")
    assert back.address.startswith("habitr://#error=unauthorized_client")


async def test_logout_ends_the_browsers_sign_in_and_no_token(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    access = (await browser.tokens())["access_token"]
    left = await browser.go("GET", f"/logout?client_id={CLIENT}&logout_uri={SIGNED_OUT}")
    assert left.address == SIGNED_OUT
    assert "Max-Age=0" in left.headers["set-cookie"]
    page = await browser.go("GET", f"/logout?client_id={CLIENT}&redirect_uri={CALLBACK}&response_type=code")
    assert "password" in page.text
    assert (await idp("get_user", AccessToken=access))["Username"] == "alice"
    assert (await browser.go("GET", f"/logout?client_id={CLIENT}")).status == 400
