"""aws-amplify in a real browser, unmodified, without an endpoint of ours: the hosted UI, passkeys, and photos."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import pools
from tests.journeys.browser import chromium
from tests.journeys.conftest import Running
from tests.journeys.people import PASSWORD, new_name, sign_up
from tests.journeys.site import Site, serving

SCOPES = ["openid", "email", "profile", "aws.cognito.signin.user.admin"]
PARTS = {
    "page.mjs": "".join(f"<button id={name}>{name}</button>" for name in ("in", "amazon", "out")),
    "photos.mjs": "<input name=username><input name=password type=password>"
    + "".join(f"<button id={name}>{name}</button>" for name in ("in", "small", "large", "foreign")),
    "passkey.mjs": "<input name=username><input name=password type=password>"
    + "".join(f"<button id={name}>{name}</button>" for name in ("password", "passkey", "make", "delete", "out")),
}


@pytest.fixture
def site(node: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A site whose script is bundled from the file that the parameter names, as an app's build does it."""
    name = str(request.param)
    with serving(node, tmp_path, name, PARTS[name]) as made:
        yield made


def amplify_settings(emulator: Running, address: str) -> dict[str, Any]:
    """What ``Amplify.configure`` takes, for an app client of the page's own."""
    config = emulator.config
    client = emulator.client("cognito-idp").create_user_pool_client(
        UserPoolId=config["user_pool_id"],
        ClientName="page",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=SCOPES,
        CallbackURLs=[address],
        LogoutURLs=[address],
        SupportedIdentityProviders=["COGNITO", "LoginWithAmazon"],
    )
    oauth = {
        "domain": f"{config['hosted_ui_domain']}.auth.{config['region']}.amazoncognito.com",
        "scopes": SCOPES,
        "redirectSignIn": [address],
        "redirectSignOut": [address],
        "responseType": "code",
    }
    ids = {
        "userPoolId": config["user_pool_id"],
        "userPoolClientId": client["UserPoolClient"]["ClientId"],
    }
    return {"Auth": {"Cognito": {**ids, "loginWith": {"oauth": oauth}}}}


@pytest.mark.node
@pytest.mark.timeout(180)
@pytest.mark.parametrize("site", ["page.mjs"], indirect=True)
def test_amplify_signs_in_and_out_by_redirect(emulator: Running, site: Site) -> None:
    name = sign_up(emulator, "page")
    site.configure(amplify_settings(emulator, site.address))
    with chromium(emulator) as browser:
        browser.open(site.address)
        browser.shows("Nobody", site.address)
        browser.click("#in")
        browser.fill(username=name, password=PASSWORD)
        browser.click("form[name=cognitoSignInForm] button")
        said = browser.shows(f"Hello {name}: ", site.address)
        assert set(said.partition(": ")[2].split()) == set(SCOPES)
        browser.click("#out")
        browser.shows("Nobody", site.address)
        browser.click("#amazon")
        browser.fill(email=f"{new_name('amy')}@example.com")
        browser.click("form:nth-last-of-type(2) button")
        assert "Hello loginwithamazon_" in browser.shows("Hello ", site.address)


@pytest.mark.node
@pytest.mark.timeout(180)
@pytest.mark.parametrize("site", ["passkey.mjs"], indirect=True)
def test_amplify_makes_a_passkey_and_signs_in_with_it(emulator: Running, site: Site) -> None:
    pool, name = pools.with_passkeys(emulator, "localhost"), new_name("passkey")
    idp, who = emulator.client("cognito-idp"), {"UserPoolId": pool["userPoolId"], "Username": name}
    idp.admin_create_user(**who, MessageAction="SUPPRESS", TemporaryPassword=PASSWORD)
    idp.admin_set_user_password(**who, Password=PASSWORD, Permanent=True)
    site.configure({"Auth": {"Cognito": pool}})
    with chromium(emulator) as browser:
        browser.add_authenticator()
        browser.open(site.address)
        browser.shows("Nobody", site.address)
        browser.fill(username=name, password=PASSWORD)
        for button, said in (
            ("password", f"Hello {name} by PASSWORD_SRP"),
            ("make", "Passkeys: 1 for localhost"),
            ("out", "Nobody"),
            ("passkey", f"Hello {name} by WEB_AUTHN"),
            ("delete", "Passkeys: 0"),
        ):
            browser.click(f"#{button}")
            browser.shows(said, site.address)


@pytest.mark.node
@pytest.mark.timeout(180)
@pytest.mark.parametrize("site", ["photos.mjs"], indirect=True)
def test_amplify_keeps_photos_in_the_bucket_that_lets_pages_in(emulator: Running, site: Site) -> None:
    name, config = sign_up(emulator, "photos"), emulator.config
    ids = {
        "userPoolId": config["user_pool_id"],
        "userPoolClientId": config["app_client_id"],
        "identityPoolId": config["identity_pool_id"],
    }
    bucket = {"bucket": config["bucket"], "region": config["region"]}
    site.configure({"Auth": {"Cognito": ids}, "Storage": {"S3": bucket}})
    with chromium(emulator) as browser:
        browser.open(site.address)
        browser.fill(username=name, password=PASSWORD)
        for button, said in (
            ("in", "Hello"),
            ("small", "undefined 3 PNG 1"),
            ("large", "6291456 in 2 parts, true"),
            ("foreign", "AccessDenied"),
        ):
            browser.click(f"#{button}")
            browser.shows(said, site.address)
