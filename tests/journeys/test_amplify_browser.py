"""aws-amplify in a real browser, unmodified and without an endpoint of ours: signInWithRedirect and signOut."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.browser import Chromium, chromium
from tests.journeys.conftest import PATIENCE, Running
from tests.journeys.people import PASSWORD, new_name, sign_up

SCOPES = ["openid", "email", "profile", "aws.cognito.signin.user.admin"]
BUTTONS = "".join(f"<button id={name}>{name}</button>" for name in ("in", "amazon", "out"))


class Site:
    """The app's web server: one page and its script."""

    def __init__(self, script: bytes) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                script_wanted = self.path.startswith("/page.js")
                self.send_response(200)
                self.send_header("content-type", "text/javascript" if script_wanted else "text/html")
                self.end_headers()
                self.wfile.write(script if script_wanted else site.page)

        self.page = b""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://localhost:{self.server.server_port}/"

    def configure(self, settings: dict[str, Any]) -> None:
        """Amplify's settings for the page."""
        text = f"<!doctype html><main></main>{BUTTONS}<script>globalThis.settings={json.dumps(settings)}</script>"
        self.page = f"{text}<script src=page.js></script>".encode()


@pytest.fixture
def site(node: Path, tmp_path: Path) -> Iterator[Site]:
    """A site whose script is bundled from page.mjs, as an app's build does it."""
    bundle = tmp_path / "page.js"
    esbuild = [str(node / "node_modules/esbuild/bin/esbuild"), "page.mjs", "--bundle", f"--outfile={bundle}"]
    subprocess.run(esbuild, cwd=node, check=True, capture_output=True, timeout=PATIENCE)
    made = Site(bundle.read_bytes())
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


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


def shows(browser: Chromium, address: str, text: str) -> str:
    """What the page says, once it is open again and says ``text``."""
    until, said = time.monotonic() + PATIENCE, ""
    while time.monotonic() < until:
        if browser.address.startswith(address):
            said = browser.text()
            if text in said:
                return said
        time.sleep(0.05)
    raise AssertionError(f"the page says {said!r}, not {text!r}, at {browser.address}")


@pytest.mark.node
@pytest.mark.timeout(180)
def test_amplify_signs_in_and_out_by_redirect(emulator: Running, site: Site) -> None:
    name = sign_up(emulator, "page")
    site.configure(amplify_settings(emulator, site.address))
    with chromium(emulator) as browser:
        browser.open(site.address)
        shows(browser, site.address, "Nobody")
        browser.click("#in")
        browser.fill(username=name, password=PASSWORD)
        browser.click("form[name=cognitoSignInForm] button")
        said = shows(browser, site.address, f"Hello {name}: ")
        assert set(said.partition(": ")[2].split()) == set(SCOPES)
        browser.click("#out")
        shows(browser, site.address, "Nobody")
        browser.click("#amazon")
        browser.fill(email=f"{new_name('amy')}@example.com")
        browser.click("form:nth-last-of-type(2) button")
        assert "Hello loginwithamazon_" in shows(browser, site.address, "Hello ")
