"""The pages that sign in, register and recover."""

from collections.abc import Callable

import pytest

from habitr_emulator.services.cognito_idp import totp
from habitr_emulator.services.cognito_idp.deploy import deploy
from tests.unit.services.cognito_idp.conftest import CLIENT, PASSWORD, POOL, Answer, Idp, Raises

from .conftest import Browser, hosted_spec

Trigger = Callable[[Answer], Answer]


async def test_a_wrong_password_is_said_on_the_page_and_may_be_corrected(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    page = await browser.sign_in(password="wrong-pass-1")
    assert "Incorrect username or password." in page.text
    assert 'role="alert"' in page.text
    assert (await browser.submit(page, username="alice", password=PASSWORD)).parameters["code"]


async def test_an_overlong_password_is_wrong_whatever_it_starts_with(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    assert "Incorrect username or password." in (await browser.sign_in(password=PASSWORD.ljust(300))).text


async def test_wrong_passwords_lock_the_user_out_here_too(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    for _ in range(5):
        await browser.sign_in(password="wrong-pass-1")
    assert "Password attempts exceeded" in (await browser.sign_in()).text


async def test_what_was_typed_is_escaped(browser: Browser) -> None:
    page = await browser.sign_in('"><script>alert(1)</script>', login_hint='"><i>')
    assert "<script" not in page.text
    assert "<i>" not in page.text


async def test_a_form_from_elsewhere_is_refused(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    page = await browser.authorize()
    refused = await browser.submit(page, username="alice", password=PASSWORD, _csrf="0" * 64)
    assert (refused.status, "did not come from this page" in refused.text) == (400, True)
    browser.cookies.clear()
    assert (await browser.submit(page, username="alice", password=PASSWORD)).status == 400


async def test_a_forged_session_or_one_of_a_disabled_user_signs_nobody_in(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    await browser.sign_in()
    browser.cookies["cognito"] = browser.cookies["cognito"][:-2] + "AA"
    assert "password" in (await browser.authorize()).text
    await browser.sign_in()
    assert (await browser.authorize()).address
    await idp.admin("admin_disable_user", Username="alice")
    assert "password" in (await browser.authorize()).text


async def test_somebody_registers_confirms_and_is_signed_in(idp: Idp, browser: Browser) -> None:
    login = await browser.authorize()
    page = await browser.go("GET", next(link for link in login.links if "/signup" in link))
    entry = {"username": "carol", "requiredAttributes[email]": "carol@example.com"}
    weak = await browser.submit(page, password="short", **entry)
    assert "Password did not conform with policy" in weak.text
    page = await browser.submit(weak, password=PASSWORD, **entry)
    assert "c***@e***" in page.text
    wrong = await browser.submit(page, code="000000")
    assert "Invalid verification code provided" in wrong.text
    renewed = await browser.go("POST", *wrong.forms[1])
    assert "new code" in renewed.text
    arrived = await browser.submit(renewed, code=idp.code("carol"))
    tokens = await browser.exchange(arrived.parameters["code"])
    assert (await idp("get_user", AccessToken=tokens["access_token"]))["Username"] == "carol"


async def test_somebody_unconfirmed_is_asked_for_the_code(idp: Idp, browser: Browser) -> None:
    await idp.sign_up("dave")
    page = await browser.sign_in("dave")
    assert "Confirm your account" in page.text
    assert (await browser.submit(page, code=idp.code("dave"))).parameters["code"]


async def test_a_confirmation_without_the_password_signs_nobody_in(idp: Idp, browser: Browser) -> None:
    await idp.sign_up("dave")
    page = await browser.sign_in("dave")
    done = await browser.submit(page, code=idp.code("dave"), proof="")
    assert (done.address, "You are confirmed" in done.text) == ("", True)


async def test_the_link_of_a_mail_confirms(idp: Idp, browser: Browser) -> None:
    await idp.sign_up("dave")
    link = f"/confirmUser?client_id={CLIENT}&user_name=dave&confirmation_code="
    assert (await browser.go("GET", f"{link}000000")).status == 400
    assert "has been confirmed" in (await browser.go("GET", link + idp.code("dave"))).text
    assert (await idp.tokens("dave"))["AccessToken"]


async def test_a_forgotten_password_is_replaced(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    login = await browser.authorize()
    page = await browser.go("GET", next(link for link in login.links if "/forgotPassword" in link))
    page = await browser.submit(page, username="alice")
    page = await browser.submit(page, code=idp.code(), password="another-pass-2")
    assert "Your password was changed" in page.text
    assert (await browser.submit(page, username="alice", password="another-pass-2")).parameters["code"]


async def test_a_temporary_password_is_replaced(idp: Idp, browser: Browser) -> None:
    email = [{"Name": "email", "Value": "eve@example.com"}]
    request = {"Username": "eve", "TemporaryPassword": PASSWORD, "UserAttributes": email}
    await idp.admin("admin_create_user", MessageAction="SUPPRESS", **request)
    page = await browser.sign_in("eve")
    page = await browser.submit(page, password="short")
    assert "Password did not conform" in page.text
    assert (await browser.submit(page, password="permanent-pass-1")).parameters["code"]


def _secret(page: str) -> str:
    return page.partition('<p class="secret">')[2].partition("<")[0]


async def test_a_second_factor_is_set_up_and_asked_for(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    factors = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "ON"}
    await idp.admin("set_user_pool_mfa_config", **factors)
    page = await browser.sign_in()
    secret = _secret(page.text)
    page = await browser.submit(page, code="000000")
    assert _secret(page.text) == secret
    assert 'role="alert"' in page.text
    now = idp.ctx.clock.now()
    assert (await browser.submit(page, code=totp.code(secret, int(now // 30)))).parameters["code"]
    page = await browser.sign_in(prompt="login")
    page = await browser.submit(page, code="000000")
    idp.ctx.clock.advance(60)
    assert (await browser.submit(page, code=totp.code(secret, int(idp.ctx.clock.now() // 30)))).parameters["code"]


async def test_a_code_by_mail_takes_the_place_of_a_password(idp: Idp, browser: Browser) -> None:
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
    await idp.confirmed()
    await idp.admin("update_user_pool", Policies=policies, AutoVerifiedAttributes=["email"])
    login = await browser.authorize()
    page = await browser.go("GET", next(link for link in login.links if "factor=EMAIL_OTP" in link))
    page = await browser.submit(page, username="alice", factor="EMAIL_OTP")
    assert "a***@e***" in page.text
    assert (await browser.submit(page, code=idp.code())).parameters["code"]


async def test_asking_for_a_code_by_mail_proves_no_password(idp: Idp, browser: Browser) -> None:
    policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["EMAIL_OTP"]}}
    await idp.sign_up("dave")
    await idp.admin("update_user_pool", Policies=policies, AutoVerifiedAttributes=["email"])
    login = await browser.authorize()
    page = await browser.go("GET", next(link for link in login.links if "factor=EMAIL_OTP" in link))
    page = await browser.submit(page, username="dave", factor="EMAIL_OTP")
    assert "Confirm your account" in page.text
    done = await browser.submit(page, code=idp.code("dave"))
    assert (done.address, "You are confirmed" in done.text) == ("", True)


async def test_triggers_run_as_for_the_api_and_their_refusal_is_shown(
    idp: Idp, browser: Browser, functions: dict[str, Trigger]
) -> None:
    seen: list[tuple[str, object]] = []

    def hear(event: Answer) -> Answer:
        seen.append((event["triggerSource"], event["request"].get("clientMetadata")))
        return event

    def refuse(event: Answer) -> Answer:
        raise Raises("no strangers")

    await idp.confirmed()
    functions.update(hear=hear, refuse=refuse)
    keys = ("PreAuthentication", "PostAuthentication", "PreTokenGeneration")
    await deploy(idp.ctx, hosted_spec(LambdaConfig=dict.fromkeys(keys, "hear")))
    await browser.tokens()
    assert [source for source, _ in seen] == [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_HostedAuth",
    ]
    assert not any(metadata for _, metadata in seen)
    browser.cookies.clear()
    await deploy(idp.ctx, hosted_spec(LambdaConfig={"PreAuthentication": "refuse"}))
    assert "PreAuthentication failed with error no strangers." in (await browser.sign_in()).text


async def test_a_pool_of_addresses_asks_for_an_address(idp: Idp, browser: Browser) -> None:
    pool = (await idp("create_user_pool", PoolName="mail", UsernameAttributes=["email"]))["UserPool"]["Id"]
    settings = {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "CallbackURLs": ["https://app.example/"],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    made = await idp("create_user_pool_client", UserPoolId=pool, ClientName="c", GenerateSecret=True, **settings)
    client = made["UserPoolClient"]
    at = {"client_id": client["ClientId"], "redirect_uri": "https://app.example/", "scope": "openid"}
    page = await browser.authorize(**at)
    assert 'name="username" type="email"' in page.text
    assert pool != POOL
    page = await browser.submit(page, username="nobody@example.com", password=PASSWORD)
    assert "User does not exist." in page.text
    page = await browser.go("GET", next(link for link in page.links if "/signup" in link))
    page = await browser.submit(page, username="zoe@example.com", password="Habitr-pass-1")
    assert "administrator must confirm" in page.text


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_other_methods_and_paths_are_refused(browser: Browser, method: str) -> None:
    assert (await browser.send(method, "/login")).status == 405
    assert (await browser.send("GET", "/oauth2/token")).status == 405
    assert (await browser.send("GET", "/oauth2/nothing")).status == 404
