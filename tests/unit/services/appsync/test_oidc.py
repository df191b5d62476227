"""Tokens of OpenID Connect issuers that are not user pools of this account."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.authorization import Requester, authenticate
from habitr_emulator.services.appsync.lambda_authorizer import LambdaDecisions
from habitr_emulator.services.appsync.spec import AuthMode
from habitr_emulator.services.context import Account, Caller
from tests.conftest import START
from tests.unit.services.appsync.conftest import api_of, modes

OUTSIDE = "https://issuer.example.com"
KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)
JWKS = {"keys": [{**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "one"}]}
MODE = AuthMode("OPENID_CONNECT", issuer=OUTSIDE)


def token(issuer: str = OUTSIDE, key: Any = KEY, **claims: Any) -> str:
    said = {"iss": issuer, "sub": "alice", "exp": START + 60, "iat": START, "auth_time": START, **claims}
    return jwt.encode(said, key, "RS256", {"kid": "one"})


async def accepted(account: Account, mode: AuthMode, given: str) -> Requester:
    account.oidc_keys = {OUTSIDE: JWKS}
    context = account.context(Caller("other", credential=given, conditions={"invalid_token": "invalid"}))
    return await authenticate(modes(api_of({}), mode), context, {}, LambdaDecisions())


async def test_a_token_is_proved_by_keys_that_the_settings_name(account: Account) -> None:
    found = await accepted(account, MODE, f"Bearer {token()}")
    assert (found.mode, found.expires) == ("OPENID_CONNECT", START + 60)
    assert found.identity is not None
    assert set(found.identity) == {"sub", "issuer", "claims"}
    assert found.identity["sub"] == "alice"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (token(key=OTHER_KEY), "You are not authorized to make this call."),
        (token(exp=START), "Token has expired."),
        (token(nbf=START + 1), "You are not authorized to make this call."),
        (token("https://other.example.com"), "You are not authorized to make this call."),
        (jwt.encode({"iss": OUTSIDE, "exp": START + 60}, "s" * 32), "You are not authorized to make this call."),
        (token()[:-4] + "AAAA", "You are not authorized to make this call."),
    ],
)
async def test_a_token_that_is_not_good_is_refused(account: Account, given: str, message: str) -> None:
    with pytest.raises(AwsError) as refused:
        await accepted(account, MODE, given)
    assert (refused.value.status, refused.value.message) == (401, message)


@pytest.mark.parametrize(
    ("limits", "claims", "good"),
    [
        ({"client_id": "app-.*"}, {"aud": "app-1"}, True),
        ({"client_id": "app-.*"}, {"aud": ["x", "y"], "azp": "app-2"}, True),
        ({"client_id": "app-.*"}, {"aud": "web"}, False),
        ({"client_id": "app-.*"}, {}, False),
        ({"iat_ttl": 10.0}, {"iat": START - 9}, True),
        ({"iat_ttl": 10.0}, {"iat": START - 10}, False),
        ({"auth_ttl": 10.0}, {"auth_time": START - 11}, False),
    ],
)
async def test_an_api_may_want_its_own_clients_and_fresh_tokens(
    account: Account, limits: dict[str, Any], claims: dict[str, Any], good: bool
) -> None:
    if good:
        assert await accepted(account, replace(MODE, **limits), token(**claims))
        return
    with pytest.raises(AwsError):
        await accepted(account, replace(MODE, **limits), token(**claims))


async def test_an_issuer_elsewhere_without_keys_is_refused_and_the_reason_says_what_to_do(
    account: Account,
) -> None:
    mode = AuthMode("OPENID_CONNECT", issuer="https://unknown.example.com")
    with pytest.raises(AwsError) as refused:
        await accepted(account, mode, token("https://unknown.example.com"))
    assert "oidc_keys in habitr.toml" in str(refused.value.why)


@pytest.fixture
def issuer() -> Iterator[str]:
    """An issuer on this machine."""

    class Issuer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = f"http://127.0.0.1:{server.server_port}"
            told = {"issuer": address, "jwks_uri": f"{address}/keys"} if "well-known" in self.path else JWKS
            body = orjson.dumps(told)
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Issuer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_an_issuer_on_this_machine_is_asked_for_its_keys(account: Account, issuer: str) -> None:
    mode = AuthMode("OPENID_CONNECT", issuer=issuer)
    assert (await accepted(account, mode, token(issuer))).mode == "OPENID_CONNECT"
    with pytest.raises(AwsError):
        await accepted(account, mode, token(issuer, OTHER_KEY))
