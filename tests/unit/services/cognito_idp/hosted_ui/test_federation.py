"""Sign-in through identity providers: the stand-in, a provider on this machine, and what becomes of the user."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, cast
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import (
    DuplicateProviderException,
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
    UserNotFoundException,
)
from habitr_emulator.services.cognito_idp.hosted_ui import provider_http
from tests.unit.services.cognito_idp.conftest import CLIENT, POOL, Answer, Idp, Raises, claims

from .conftest import Arrived, Browser, hosted_spec

Trigger = Callable[[Answer], Answer]
GROUP = f"{POOL}_LoginWithAmazon"


async def arrive(browser: Browser, **typed: str) -> Arrived:
    """Sign in at the stand-in for Amazon."""
    browser.cookies.pop("cognito", None)
    page = await browser.authorize(identity_provider="LoginWithAmazon")
    return await browser.submit(page, **({"email": "amy@example.com", "name": "Amy"} | typed))


async def federated(browser: Browser, **typed: str) -> Answer:
    answer = await browser.exchange((await arrive(browser, **typed)).parameters["code"])
    return claims(answer["id_token"])


async def attributes(idp: Idp, name: str) -> dict[str, str]:
    user = await idp.admin("admin_get_user", Username=name)
    return {entry["Name"]: entry["Value"] for entry in user["UserAttributes"]} | {"status": user["UserStatus"]}


async def test_the_stand_in_plays_a_provider_that_is_not_here(idp: Idp, browser: Browser) -> None:
    said = await federated(browser, id="amzn1.account.AHXYZ")
    assert said["cognito:username"] == "loginwithamazon_amzn1.account.ahxyz"
    assert (said["email"], said["email_verified"], said["name"]) == ("amy@example.com", False, "Amy")
    assert said["cognito:groups"] == [GROUP]
    identity = said["identities"][0]
    assert (identity["userId"], identity["primary"]) == ("amzn1.account.AHXYZ", "true")
    assert (identity["issuer"], identity["dateCreated"]) == (None, "1795000000000")
    stored = await attributes(idp, said["cognito:username"])
    assert stored["status"] == "EXTERNAL_PROVIDER"
    assert json.loads(stored["identities"])[0]["primary"] is True


async def test_the_same_address_is_the_same_person_and_may_be_picked_again(idp: Idp, browser: Browser) -> None:
    first = await federated(browser)
    assert (await federated(browser, name="Amy Changed"))["sub"] == first["sub"]
    assert (await federated(browser, email="bob@example.com"))["sub"] != first["sub"]
    browser.cookies.clear()
    page = await browser.authorize(identity_provider="LoginWithAmazon")
    person = first["identities"][0]["userId"]
    again = await browser.submit(page, person=person)
    said = claims((await browser.exchange(again.parameters["code"]))["id_token"])
    assert (said["sub"], said["name"]) == (first["sub"], "Amy Changed")


async def test_a_provider_needs_no_page_once_the_browser_is_signed_in(browser: Browser) -> None:
    await arrive(browser)
    assert (await browser.authorize()).parameters["code"]
    login = await browser.authorize(prompt="login")
    assert any("identity_provider=LoginWithAmazon" in link for link in login.links)


async def test_a_refusal_of_the_person_reaches_the_app(browser: Browser) -> None:
    page = await browser.authorize(identity_provider="LoginWithAmazon")
    back = await browser.submit(page, refuse="yes")
    assert (back.parameters["error"], back.parameters["state"]) == ("access_denied", "st/+ 1")


async def test_an_answer_of_another_browser_is_refused(idp: Idp, browser: Browser) -> None:
    page = await browser.authorize(identity_provider="LoginWithAmazon")
    state = dict(parse_qsl(urlsplit(page.forms[0][0]).query))["state"]
    thief = Browser(idp.ctx)
    for query in ({"code": "x", "state": state}, {"code": "x", "state": "forged"}, {"code": "x"}):
        refused = await thief.go("GET", f"/oauth2/idpresponse?{urlencode(query)}")
        assert (refused.status, "Invalid state" in refused.text) == (400, True)
    made_up = await browser.go("GET", f"/oauth2/idpresponse?{urlencode({'code': 'x', 'state': state})}")
    assert made_up.parameters["error"] == "invalid_request"
    idp.ctx.clock.advance(600)
    late = await browser.go("POST", urljoin("/", page.forms[0][0]), page.forms[0][1] | {"email": "a@example.com"})
    assert late.status == 400


async def test_the_triggers_of_the_first_and_of_later_sign_ins(
    idp: Idp, browser: Browser, functions: dict[str, Trigger]
) -> None:
    seen: list[tuple[str, Answer]] = []

    def hear(event: Answer) -> Answer:
        seen.append((event["triggerSource"], event["request"]["userAttributes"]))
        return event

    functions["hear"] = hear
    keys = ("PreSignUp", "PostConfirmation", "PreAuthentication", "PostAuthentication", "PreTokenGeneration")
    await deploy(idp.ctx, hosted_spec(LambdaConfig=dict.fromkeys(keys, "hear")))
    await federated(browser)
    assert [source for source, _ in seen] == [
        "PreSignUp_ExternalProvider",
        "PostConfirmation_ConfirmSignUp",
        "TokenGeneration_HostedAuth",
    ]
    assert seen[0][1] == {
        "cognito:email_alias": "",
        "cognito:phone_number_alias": "",
        "email": "amy@example.com",
        "name": "Amy",
    }
    assert seen[1][1]["cognito:user_status"] == "EXTERNAL_PROVIDER"
    seen.clear()
    await federated(browser)
    assert [source for source, _ in seen] == [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_HostedAuth",
    ]


async def test_inbound_federation_changes_what_a_provider_says(
    idp: Idp, browser: Browser, functions: dict[str, Trigger]
) -> None:
    heard: list[Answer] = []

    def change(event: Answer) -> Answer:
        heard.append(event)
        info = event["request"]["attributes"]["userInfo"]
        return event | {"response": {"userAttributesToMap": {"email": info["email"], "name": "Changed"}}}

    functions["change"] = change
    inbound = {"LambdaVersion": "V1_0", "LambdaArn": "change"}
    await deploy(idp.ctx, hosted_spec(LambdaConfig={"InboundFederation": inbound}))
    first, again = await federated(browser, id="amzn1.A"), await federated(browser, id="amzn1.A")
    assert (first["name"], first["email"]) == ("Changed", "amy@example.com")
    assert (again["sub"], again["identities"][0]["userId"]) == (first["sub"], "amzn1.A")
    event = heard[0]
    assert (event["triggerSource"], event["userName"]) == (
        "InboundFederation_ExternalProvider",
        "loginwithamazon_amzn1.a",
    )
    assert (event["request"]["providerName"], event["request"]["providerType"]) == ("LoginWithAmazon",) * 2
    functions["change"] = lambda event: event | {"response": {"userAttributesToMap": {}}}
    assert (await federated(browser, id="amzn1.A"))["name"] == "Amy"


async def test_a_federated_user_has_no_password_to_change(idp: Idp, browser: Browser) -> None:
    answer = await browser.exchange((await arrive(browser)).parameters["code"])
    with pytest.raises(NotAuthorizedException):
        await idp("change_password", AccessToken=answer["access_token"], ProposedPassword="another-pass-2")


async def test_a_trigger_that_refuses_keeps_the_stranger_out(
    idp: Idp, browser: Browser, functions: dict[str, Trigger]
) -> None:
    def refuse(event: Answer) -> Answer:
        raise Raises("no strangers")

    functions["refuse"] = refuse
    await deploy(idp.ctx, hosted_spec(LambdaConfig={"PreSignUp": "refuse"}))
    back = (await arrive(browser)).parameters
    assert (back["error"], back["error_description"]) == (
        "invalid_request",
        "PreSignUp failed with error no strangers. ",
    )
    assert (await idp.admin("list_users"))["Users"] == []


async def test_attributes_that_the_pool_requires_must_be_mapped(idp: Idp, browser: Browser) -> None:
    await deploy(idp.ctx, hosted_spec(provider={"AttributeMapping": {"name": "name"}}))
    assert (await arrive(browser)).parameters["error_description"] == "attributes required: [email]"


async def test_an_immutable_mapped_attribute_refuses_a_change(idp: Idp, browser: Browser) -> None:
    schema = [{"Name": "name", "Mutable": False}]
    await deploy(idp.ctx, hosted_spec(Schema=schema))
    await federated(browser)
    assert "cannot be updated" in (await arrive(browser, name="Other")).parameters["error_description"]


async def test_an_external_user_has_no_password_and_no_claim_to_its_address(idp: Idp, browser: Browser) -> None:
    name = (await federated(browser))["cognito:username"]
    with pytest.raises(Exception, match="Incorrect username or password"):
        await idp.password_auth(name)
    with pytest.raises(Exception, match="cannot be reset in the current state"):
        await idp("forgot_password", ClientId=CLIENT, Username=name)
    await idp.admin("admin_disable_user", Username=name)
    assert (await arrive(browser)).parameters["error_description"] == "User is disabled."


async def test_a_linked_person_is_the_local_user(idp: Idp, browser: Browser) -> None:
    await idp.confirmed()
    source = {
        "ProviderName": "LoginWithAmazon",
        "ProviderAttributeName": "Cognito_Subject",
        "ProviderAttributeValue": "amzn1.account.LINK",
    }
    link = {
        "DestinationUser": {"ProviderName": "Cognito", "ProviderAttributeValue": "alice"},
        "SourceUser": source,
    }
    await idp.admin("admin_link_provider_for_user", **link)
    said = await federated(browser, id="amzn1.account.LINK", email="alice@example.com")
    assert (said["cognito:username"], said["email_verified"]) == ("alice", True)
    assert said["identities"][0]["primary"] == "false"
    with pytest.raises(InvalidParameterException, match="Merging is not currently supported"):
        await idp.admin("admin_link_provider_for_user", **link)
    await idp.admin("admin_disable_provider_for_user", User=source)
    assert "identities" not in await attributes(idp, "alice")
    fresh = await federated(browser, id="amzn1.account.LINK", email="alice@example.com")
    assert fresh["cognito:username"] == "loginwithamazon_amzn1.account.link"
    with pytest.raises(UserNotFoundException):
        await idp.admin("admin_disable_provider_for_user", User=source | {"ProviderAttributeValue": "x"})
    await idp.admin("admin_disable_provider_for_user", User=source)
    assert (await arrive(browser, id="amzn1.account.LINK")).parameters["error_description"] == "User is disabled."


async def test_a_deleted_profile_comes_back_as_somebody_new(idp: Idp, browser: Browser) -> None:
    first = await federated(browser)
    await idp.admin("admin_delete_user", Username=first["cognito:username"])
    second = await federated(browser)
    assert (second["cognito:username"], second["sub"] != first["sub"]) == (first["cognito:username"], True)


class Provider(BaseHTTPRequestHandler):
    """An OIDC provider on this machine that signs in whoever asks."""

    key = generate_private_key(65537, 2048)
    lie: ClassVar[Answer] = {}

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{cast('Any', self.server).server_port}"

    def _json(self, document: Any) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def do_GET(self) -> None:
        if self.path == "/keys":
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return self._json({"keys": [jwk | {"kid": "k"}]})
        if self.path == "/userinfo":
            return self._json({"sub": "42", "name": "Olga", "admin": True})
        if self.path.startswith("/token?"):
            return self._json({"access_token": "t"})
        if self.path.startswith("/me?"):
            return self._json({"id": 7, "email": "fay@example.com", "name": self.path.partition("fields=")[2]})
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        paths = ("/authorize", "/token", "/userinfo", "/keys")
        return self._json({name: self.issuer + path for name, path in zip(names, paths, strict=True)})

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        told = {"iss": self.issuer, "aud": form["client_id"], "exp": 4_000_000_000, "nonce": form["code"]}
        said = told | {"sub": "42", "email": "olga@example.com", "email_verified": True} | self.lie
        self._json({"access_token": "t", "id_token": jwt.encode(said, self.key, "RS256", {"kid": "k"})})


@pytest.fixture
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("lie", "problem"),
    [
        ({}, ""),
        ({"nonce": "other"}, "nonce"),
        ({"aud": "other"}, "Audience"),
        ({"iss": "other"}, "issuer"),
        ({"exp": 1000}, "expired"),
    ],
)
async def test_a_provider_on_this_machine_is_asked(
    idp: Idp, browser: Browser, provider: str, lie: Answer, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Provider, "lie", lie)
    details = {"client_id": "us", "client_secret": "s", "authorize_scopes": "openid", "oidc_issuer": provider}
    mapping = {"email": "email", "email_verified": "email_verified", "name": "name", "custom:admin": "admin"}
    oidc = {"ProviderName": "Mine", "ProviderType": "OIDC", "ProviderDetails": details}
    only = {"SupportedIdentityProviders": ["Mine"]}
    schema = [{"Name": "admin", "AttributeDataType": "String"}]
    await deploy(idp.ctx, hosted_spec(only, oidc | {"AttributeMapping": mapping}, Schema=schema))
    away = await browser.authorize()
    assert away.address.startswith(f"{provider}/authorize?")
    assert away.parameters["redirect_uri"] == "http://localhost:4566/oauth2/idpresponse"
    answer = {"state": away.parameters["state"], "code": away.parameters["nonce"]}
    back = await browser.go("GET", f"/oauth2/idpresponse?{urlencode(answer)}")
    if problem:
        assert problem in back.parameters["error_description"]
        return
    said = claims((await browser.exchange(back.parameters["code"]))["id_token"])
    assert (said["cognito:username"], said["email_verified"], said["name"]) == ("mine_42", True, "Olga")
    assert (said["custom:admin"], said["cognito:groups"]) == ("true", [f"{POOL}_Mine"])


async def test_facebook_is_asked_in_its_own_way(idp: Idp, browser: Browser, provider: str) -> None:
    places = {"authorize_url": "/dialog", "token_url": "/token", "attributes_url": "/me?fields="}
    details = {"client_id": "us", "client_secret": "s"} | {name: provider + path for name, path in places.items()}
    facebook = {"ProviderName": "Facebook", "ProviderType": "Facebook", "ProviderDetails": details}
    mapping = {"email": "email", "name": "name"}
    only = {"SupportedIdentityProviders": ["Facebook"]}
    await deploy(idp.ctx, hosted_spec(only, facebook | {"AttributeMapping": mapping}))
    away = await browser.authorize(login_hint="fay", prompt="login")
    assert (away.parameters["login_hint"], away.parameters["prompt"]) == ("fay", "login")
    back = await browser.go(
        "GET", f"/oauth2/idpresponse?{urlencode({'state': away.parameters['state'], 'code': 'c'})}"
    )
    said = claims((await browser.exchange(back.parameters["code"]))["id_token"])
    assert (said["cognito:username"], said["name"]) == ("facebook_7", "email,id,name")
    assert (await browser.authorize(prompt="none", identity_provider="Facebook")).parameters["code"]


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://localhost:1/x", True),
        ("https://127.0.0.1/x", True),
        ("http://[::1]:1/", True),
        ("https://www.amazon.com/ap/oa", False),
        ("http://localhost.example.com/", False),
        ("http://10.0.0.1/", False),
        ("http://127.0.0.1@evil.example/", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_this_machine_is_ever_asked(address: str, here: bool) -> None:
    assert provider_http.is_here(address) is here


async def test_providers_are_described_with_what_aws_fills_in(idp: Idp) -> None:
    amazon = (await idp.admin("describe_identity_provider", ProviderName="LoginWithAmazon"))["IdentityProvider"]
    assert amazon["ProviderDetails"]["token_url"] == "https://api.amazon.com/auth/o2/token"
    google = {"ProviderName": "Google", "ProviderType": "Google", "IdpIdentifiers": ["g"]}
    details = {"client_id": "c", "client_secret": "s", "authorize_scopes": "openid"}
    made = await idp.admin("create_identity_provider", ProviderDetails=details, **google)
    assert made["IdentityProvider"]["AttributeMapping"] == {"username": "sub"}
    with pytest.raises(DuplicateProviderException):
        await idp.admin("create_identity_provider", ProviderDetails=details, **(google | {"IdpIdentifiers": []}))
    mapping = {"email": "email"}
    await idp.admin("update_identity_provider", ProviderName="Google", AttributeMapping=mapping)
    found = await idp.admin("get_identity_provider_by_identifier", IdpIdentifier="g")
    assert found["IdentityProvider"]["AttributeMapping"] == {"username": "sub", **mapping}
    page = await idp.admin("list_identity_providers", MaxResults=1)
    rest = await idp.admin("list_identity_providers", NextToken=page["NextToken"])
    assert [p["ProviderName"] for p in page["Providers"] + rest["Providers"]] == ["Google", "LoginWithAmazon"]
    await idp.admin("delete_identity_provider", ProviderName="Google")
    for name in ("describe", "delete", "update"):
        with pytest.raises(ResourceNotFoundException, match="Identity provider Google does not exist"):
            await idp.admin(f"{name}_identity_provider", ProviderName="Google")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"ProviderType": "SAML", "ProviderName": "Corp"}, NotBuilt),
        ({"ProviderName": "Amazon"}, InvalidParameterException),
        ({"ProviderType": "OIDC", "ProviderName": "_x"}, InvalidParameterException),
        ({"ProviderType": "OIDC", "ProviderName": "Mine"}, InvalidParameterException),
        ({"ProviderDetails": {"client_id": "c"}}, InvalidParameterException),
    ],
)
async def test_a_provider_that_makes_no_sense_is_refused(idp: Idp, given: Answer, error: type[Exception]) -> None:
    request = {"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": {"client_secret": "s"}}
    with pytest.raises(error):
        await idp.admin("create_identity_provider", **(request | given))


async def test_resource_servers_and_domains(idp: Idp) -> None:
    scopes = [{"ScopeName": "vote", "ScopeDescription": "Vote"}]
    await idp.admin("create_resource_server", Identifier="habits", Name="Habits", Scopes=scopes)
    with pytest.raises(InvalidParameterException):
        await idp.admin("create_resource_server", Identifier="habits", Name="Habits")
    await idp.admin("update_resource_server", Identifier="habits", Name="Habits!", Scopes=scopes)
    shown = await idp.admin("describe_resource_server", Identifier="habits")
    assert shown["ResourceServer"] == {
        "UserPoolId": POOL,
        "Identifier": "habits",
        "Name": "Habits!",
        "Scopes": scopes,
    }
    page = await idp.admin("list_resource_servers", MaxResults=1)
    rest = await idp.admin("list_resource_servers", NextToken=page["NextToken"])
    assert [s["Identifier"] for s in page["ResourceServers"] + rest["ResourceServers"]] == ["api", "habits"]
    await idp.admin("delete_resource_server", Identifier="habits")
    with pytest.raises(ResourceNotFoundException):
        await idp.admin("describe_resource_server", Identifier="habits")
    await idp.admin("update_user_pool_domain", Domain="habitr-dev", ManagedLoginVersion=2)
    described = await idp("describe_user_pool_domain", Domain="habitr-dev")
    assert described["DomainDescription"]["ManagedLoginVersion"] == 2
    custom = {"CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/x"}
    with pytest.raises(NotBuilt):
        await idp.admin("update_user_pool_domain", Domain="habitr-dev", CustomDomainConfig=custom)
