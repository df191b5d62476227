"""pycognito, a Python client of user pools, with an app client that has a secret."""

import base64
import hashlib
import hmac
import time
from typing import Any

import pytest

from tests.journeys import pools
from tests.journeys.conftest import Running
from tests.journeys.people import PASSWORD, code_for, new_name

NEW = "another-Horse-7"


@pytest.fixture
def ids(emulator: Running, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What Cognito() is made with; its boto3 finds the emulator by the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.config["access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.config["secret_access_key"])
    pool, client, secret = pools.with_secret(emulator)
    region = emulator.config["region"]
    return {"user_pool_id": pool, "client_id": client, "client_secret": secret, "user_pool_region": region}


def user_of(emulator: Running, ids: dict[str, str], name: str) -> Any:
    """A Cognito of a user, who verifies tokens by the pool's published keys."""
    from pycognito import Cognito

    user = Cognito(**ids, username=name)
    user.pool_jwk = emulator.get(f"/{ids['user_pool_id']}/.well-known/jwks.json")
    return user


def totp(secret: str, ahead: int = 0) -> str:
    """The code that an authenticator app shows some half minutes from now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, (int(time.time() // 30) + ahead).to_bytes(8, "big"), hashlib.sha1)
    return f"{(int.from_bytes(mac[mac[19] & 15 :][:4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def test_a_user_registers_renews_and_resets(emulator: Running, ids: dict[str, str]) -> None:
    name = new_name("pycognito")
    user = user_of(emulator, ids, name)
    user.set_base_attributes(email=f"{name}@example.com")
    assert user.register(name, PASSWORD)["UserConfirmed"] is False
    user.confirm_sign_up(code_for(emulator, name), username=name)
    user.authenticate(PASSWORD)
    assert user.access_claims["username"] == name
    before = user.access_token
    user.renew_access_token()
    assert user.access_token != before
    user.change_password(PASSWORD, NEW)
    user.initiate_forgot_password()
    user.confirm_forgot_password(code_for(emulator, name), PASSWORD)
    user.authenticate(PASSWORD)
    assert [found.username for found in user.get_users()] == [name]


def test_an_authenticator_app_guards_a_sign_in(emulator: Running, ids: dict[str, str]) -> None:
    from pycognito.exceptions import SoftwareTokenMFAChallengeException

    name = new_name("pycognito")
    user = user_of(emulator, ids, name)
    user.admin_create_user(name, PASSWORD, email=f"{name}@example.com")
    user.new_password_challenge(PASSWORD, NEW)
    secret = user.associate_software_token()
    assert user.verify_software_token(totp(secret), "app")
    user.set_user_mfa_preference(sms_mfa=False, software_token_mfa=True, preferred="SOFTWARE_TOKEN")
    with pytest.raises(SoftwareTokenMFAChallengeException) as asked:
        user.authenticate(NEW)
    user.respond_to_software_token_mfa_challenge(totp(secret, 1), asked.value.get_tokens())
    assert user.access_claims["username"] == name
