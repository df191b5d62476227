"""The hosted UI as an app's browser meets it: Habitr's Login with Amazon, and a whole visit in Chromium."""

import base64
import hashlib
import http.client
import json
import secrets
import threading
import time
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest

from tests.journeys.browser import Chromium, chromium
from tests.journeys.conftest import PATIENCE, Running
from tests.journeys.people import PASSWORD, code_for, graphql, new_name

SCOPES = "openid email profile aws.cognito.signin.user.admin"


class Form(HTMLParser):
    """The address and the inputs of the last form of a page that has ``email`` to fill in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.inputs: dict[str, str] = {}
        self._open: tuple[str, dict[str, str]] = ("", {})
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = (given["action"], {})
        elif tag == "input":
            self._open[1][given["name"]] = given["value"]
            if given["name"] == "email":
                self.action, self.inputs = self._open


class Visitor:
    """A browser without a window: cookies and redirects, until an address that is not the emulator's."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.cookies: dict[str, str] = {}

    def go(self, address: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """The address that it ends at, and the page there."""
        body = urlencode(form) if form else None
        while address.startswith("/") or urlsplit(address).netloc == self.host:
            connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
            headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
            headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            target = address if address.startswith("/") else address.partition(self.host)[2]
            connection.request("POST" if body else "GET", target, body, headers)
            answer = connection.getresponse()
            text, place = answer.read().decode(), answer.headers.get("location")
            for cookie in answer.headers.get_all("set-cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            connection.close()
            if not place:
                return address, text
            address, body = urljoin(address, place), None
        return address, ""


def pkce() -> tuple[str, str]:
    verifier = secrets.token_urlsafe(64)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).decode().rstrip("=")


def asked(client: str, redirect_uri: str, challenge: str) -> dict[str, str]:
    """The query that aws-amplify makes."""
    return {
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "client_id": client,
        "scope": SCOPES,
        "state": "abc-61",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def exchange(emulator: Running, **form: str) -> dict[str, Any]:
    body = urlencode({"grant_type": "authorization_code", **form}).encode()
    with urllib.request.urlopen(f"{emulator.endpoint}/oauth2/token", body, timeout=PATIENCE) as answer:
        assert answer.headers.get_content_type() == "application/json"
        tokens: dict[str, Any] = json.load(answer)
    return tokens


def test_habitr_signs_in_with_amazon_as_amplify_asks_for_it(emulator: Running) -> None:
    """signInWithRedirect({provider: 'Amazon'}), its redirect to habitr://, and the user in Habitr's own data."""
    verifier, challenge = pkce()
    client, name = emulator.config["app_client_id"], f"amy{secrets.token_hex(4)}"
    query = asked(client, "habitr://", challenge) | {"identity_provider": "LoginWithAmazon"}
    visitor = Visitor(urlsplit(emulator.endpoint).netloc)
    _, page = visitor.go(f"/oauth2/authorize?{urlencode(query)}")
    form = Form(page)
    end, _ = visitor.go(form.action, form.inputs | {"email": f"{name}@example.com", "id": f"amzn1.account.{name}"})
    assert end.startswith("habitr://?code=")
    back = parse_qs(urlsplit(end).query)
    assert back["state"] == ["abc-61"]
    grant = {"client_id": client, "redirect_uri": "habitr://", "code_verifier": verifier}
    tokens = exchange(emulator, code=back["code"][0], **grant)
    username = f"loginwithamazon_amzn1.account.{name}"
    shown = emulator.client("cognito-idp").get_user(AccessToken=tokens["access_token"])
    assert shown["Username"] == username
    query_user = f'{{ getUser(username: "{username}") {{ username displayUsername }} }}'
    _, made = graphql(emulator, query_user, headers={"authorization": tokens["id_token"]})
    assert made["data"]["getUser"] == {"username": username, "displayUsername": name}, made
    end, _ = visitor.go(f"/logout?client_id={client}&logout_uri=habitr%3A%2F%2F")
    assert end == "habitr://"


class App(BaseHTTPRequestHandler):
    """The page of an app that the browser comes back to."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Welcome back")


@pytest.fixture
def callback() -> Iterator[str]:
    """The address of an app that listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), App)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def arrived(browser: Chromium, callback: str) -> dict[str, list[str]]:
    """What the app's address got, once the browser is there."""
    until = time.monotonic() + PATIENCE
    while not browser.address.startswith(callback) and time.monotonic() < until:
        time.sleep(0.05)
    assert browser.address.startswith(callback), browser.address
    return parse_qs(urlsplit(browser.address).query)


@pytest.mark.timeout(180)
def test_somebody_registers_and_signs_in_with_chromium(emulator: Running, callback: str, tmp_path: Path) -> None:
    """The real domain, https, cookies, policy and forms of a real browser."""
    idp = emulator.client("cognito-idp")
    pool, name = emulator.config["user_pool_id"], new_name("chromium")
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="browser",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=SCOPES.split(),
        CallbackURLs=[callback],
        SupportedIdentityProviders=["COGNITO", "LoginWithAmazon"],
    )["UserPoolClient"]["ClientId"]
    verifier, challenge = pkce()
    domain = f"https://{emulator.config['hosted_ui_domain']}.auth.{emulator.config['region']}.amazoncognito.com"
    start = f"{domain}/oauth2/authorize?{urlencode(asked(client, callback, challenge))}"
    with chromium(emulator) as browser:
        browser.open(start)
        (tmp_path / "login.png").write_bytes(browser.picture())
        browser.click("a[href*='/signup']")
        browser.fill(username=name, email=f"{name}@example.com", password=PASSWORD)
        browser.click("button")
        browser.fill(code=code_for(emulator, name))
        browser.click("button")
        code = arrived(browser, callback)["code"][0]
        tokens = exchange(emulator, code=code, client_id=client, redirect_uri=callback, code_verifier=verifier)
        assert idp.get_user(AccessToken=tokens["access_token"])["Username"] == name
        browser.open(start)  # still signed in: no page
        assert arrived(browser, callback)["state"] == ["abc-61"]
        browser.open(start + "&prompt=login")
        browser.fill(username=name, password="wrong-Horse-9")
        browser.click("form[name=cognitoSignInForm] button")
        browser.shows("Incorrect username or password.")
        browser.click("a.choice[href*=LoginWithAmazon]")
        browser.fill(email=f"{new_name('amy')}@example.com")
        (tmp_path / "stand-in.png").write_bytes(browser.picture())
        browser.click("form:nth-last-of-type(2) button")
        assert arrived(browser, callback)["code"]
