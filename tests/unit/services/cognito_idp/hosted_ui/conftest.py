"""A browser for the hosted UI: it keeps cookies, reads forms, and stops at the app's address."""

import base64
import hashlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import orjson
import pytest

from habitr_emulator.services.cognito_idp import http
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.spec import AppClient, UserPool
from habitr_emulator.services.context import Context
from habitr_emulator.wire.http import Headers, Request, Response
from tests.unit.services.cognito_idp.conftest import CLIENT, FLOWS, PASSWORD, POOL, Answer, Idp, pool_settings

CALLBACK, SIGNED_OUT, DOMAIN = "habitr://", "habitr://out", "habitr-dev"
MACHINE, MACHINE_SECRET = "m" * 26, "s" * 52
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
SCOPES = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin", "api/read"]
AMAZON = {
    "client_id": "amazon-app",
    "client_secret": "amazon-secret",
    "authorize_scopes": "profile profile:user_id",
}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given["action"], {}))
        elif tag == "input":
            self.forms[-1][1][given["name"]] = given["value"]
        elif tag == "a":
            self.links.append(given["href"])


@dataclass
class Arrived:
    """What reached the browser: a page (``text``), or the app at ``address``."""

    status: int
    text: str
    headers: dict[str, str]
    address: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        parts = urlsplit(self.address)
        return dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(parse_qsl(parts.fragment))

    @property
    def forms(self) -> list[tuple[str, dict[str, str]]]:
        parsed = _Forms()
        parsed.feed(self.text)
        return parsed.forms

    @property
    def links(self) -> list[str]:
        parsed = _Forms()
        parsed.feed(self.text)
        return parsed.links


@dataclass
class Browser:
    """One browser at a host; ``prefix`` addresses a domain by its path."""

    ctx: Context
    prefix: str = ""
    host: str = "localhost:4566"
    cookies: dict[str, str] = field(default_factory=dict)

    async def send(self, method: str, target: str, form: Answer | None = None, **headers: str) -> Response:
        lines = [("host", self.host), *headers.items()]
        if self.cookies:
            lines.append(("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())))
        if form is not None:
            lines.append(("content-type", "application/x-www-form-urlencoded"))
        response = await http.handle(
            Request(method, target, Headers(lines), urlencode(form or {}).encode()), self.ctx
        )
        cookie = response.headers.get("set-cookie")
        if cookie:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response

    async def go(self, method: str, target: str, form: Answer | None = None) -> Arrived:
        """Follow redirects to a page, or out of the hosted UI."""
        response = await self.send(method, target, form)
        while "location" in response.headers:
            place = response.headers["location"]
            if not place.startswith("/"):
                return Arrived(response.status, "", response.headers, place)
            response = await self.send("GET", place)
        assert isinstance(response.body, bytes)
        return Arrived(response.status, response.body.decode(), response.headers)

    async def authorize(self, **more: str | None) -> Arrived:
        query = {
            "client_id": CLIENT,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid email profile aws.cognito.signin.user.admin",
            "state": "st/+ 1",
            **more,
        }
        given = {name: value for name, value in query.items() if value is not None}
        return await self.go("GET", f"{self.prefix}/oauth2/authorize?{urlencode(given)}")

    async def submit(self, page: Arrived, **values: str) -> Arrived:
        """Fill in the first form that has these inputs, and send it."""
        action, inputs = next(form for form in page.forms if set(values) <= set(form[1]))
        return await self.go("POST", urljoin("/", action), inputs | values)

    async def sign_in(self, name: str = "alice", password: str = PASSWORD, **more: str | None) -> Arrived:
        page = await self.authorize(**more)
        return page if page.address else await self.submit(page, username=name, password=password)

    async def token(self, form: dict[str, str], status: int = 200, basic: tuple[str, str] | None = None) -> Answer:
        headers = {}
        if basic:
            headers["authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
        response = await self.send("POST", f"{self.prefix}/oauth2/token", form, **headers)
        assert response.status == status, response.body
        assert isinstance(response.body, bytes)
        answer: Answer = orjson.loads(response.body)
        return answer

    async def exchange(self, code: str, status: int = 200, /, **more: str) -> Answer:
        form = {"grant_type": "authorization_code", "client_id": CLIENT, "code": code, "redirect_uri": CALLBACK}
        return await self.token(form | more, status)

    async def tokens(self, **more: Any) -> Answer:
        return await self.exchange((await self.sign_in(**more)).parameters["code"])


def hosted_spec(client: Answer | None = None, provider: Answer | None = None, **pool: Any) -> UserPool:
    """A pool like Habitr's, with hosted UI, Login with Amazon, and a program's client."""
    settings = {
        "ClientName": "app",
        "ExplicitAuthFlows": [*FLOWS, "ALLOW_USER_AUTH"],
        "SupportedIdentityProviders": ["LoginWithAmazon", "COGNITO"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["code", "implicit"],
        "AllowedOAuthScopes": SCOPES,
        "CallbackURLs": [CALLBACK],
        "LogoutURLs": [SIGNED_OUT],
    } | (client or {})
    machine = {
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["api/read", "api/write"],
    }
    amazon = {
        "ProviderName": "LoginWithAmazon",
        "ProviderType": "LoginWithAmazon",
        "ProviderDetails": AMAZON,
        "AttributeMapping": {"email": "email", "name": "name", "username": "user_id"},
    }
    scopes = [{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")]
    return UserPool(
        POOL,
        pool_settings(**pool),
        (AppClient(CLIENT, settings), AppClient(MACHINE, machine, MACHINE_SECRET)),
        identity_providers=(amazon | (provider or {}),),
        resource_servers=({"Identifier": "api", "Name": "api", "Scopes": scopes},),
        domain=DOMAIN,
    )


@pytest.fixture
async def idp(ctx: Context) -> Idp:
    """The service with a pool that has a hosted UI."""
    await deploy(ctx, hosted_spec())
    return Idp(ctx.account, ctx)


@pytest.fixture
def browser(idp: Idp) -> Browser:
    """A browser that knows nobody yet."""
    return Browser(idp.ctx)
