"""USER_AUTH: choosing a first factor, codes and passkeys, signing in straight from the sign-up."""

import asyncio
import base64
import hashlib
import struct
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.cognito_idp import cbor, srp
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import (
    CodeMismatchException,
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
    UserNotConfirmedException,
    WebAuthnChallengeNotFoundException,
    WebAuthnClientMismatchException,
    WebAuthnConfigurationMissingException,
    WebAuthnNotEnabledException,
    WebAuthnOriginNotAllowedException,
    WebAuthnRelyingPartyMismatchException,
)

from .conftest import CLIENT, PASSWORD, Answer, Idp, claims, pool_settings, spec

EVERY = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
FLOWS = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


@pytest.fixture
async def idp(idp: Idp) -> Idp:
    """Habitr's pool, with every first factor."""
    policies = {**pool_settings()["Policies"], "SignInPolicy": {"AllowedFirstAuthFactors": EVERY}}
    await deploy(idp.ctx, spec(client={"ExplicitAuthFlows": FLOWS}, Policies=policies))
    return idp


async def hide(idp: Idp) -> None:
    request = {"ExplicitAuthFlows": FLOWS, "PreventUserExistenceErrors": "ENABLED"}
    await idp.admin("update_user_pool_client", ClientId=CLIENT, **request)


async def start(idp: Idp, name: str = "alice", session: str | None = None, **parameters: str) -> Answer:
    request: Answer = {"AuthParameters": {"USERNAME": name, **parameters}}
    if session:
        request["Session"] = session
    return await idp("initiate_auth", ClientId=CLIENT, AuthFlow="USER_AUTH", **request)


async def select(idp: Idp, answer: str, session: str, **more: str) -> Answer:
    return await idp.respond("SELECT_CHALLENGE", {"USERNAME": "alice", "ANSWER": answer, **more}, session)


async def test_a_user_is_offered_what_the_pool_allows_and_it_can_use(idp: Idp) -> None:
    await idp.confirmed()
    asked = await start(idp)
    assert asked["ChallengeName"] == "SELECT_CHALLENGE"
    assert asked["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"]
    with pytest.raises(InvalidParameterException):
        await select(idp, "SMS_OTP", asked["Session"])


async def test_a_code_by_mail_has_eight_digits_and_signs_in_once(idp: Idp) -> None:
    await idp.confirmed()
    asked = await select(idp, "EMAIL_OTP", (await start(idp))["Session"])
    assert asked["ChallengeName"] == "EMAIL_OTP"
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "a***@e***"
    code = idp.code()
    assert len(code) == 8
    wrong = {"USERNAME": "alice", "EMAIL_OTP_CODE": "x" * 8}
    with pytest.raises(CodeMismatchException):
        await idp.respond("EMAIL_OTP", wrong, asked["Session"])
    right = {"USERNAME": "alice", "EMAIL_OTP_CODE": code}
    outcome = await asyncio.gather(
        *(idp.respond("EMAIL_OTP", right, asked["Session"]) for _ in range(5)), return_exceptions=True
    )
    assert [type(one) for one in outcome].count(NotAuthorizedException) == 4


async def test_parallel_wrong_codes_do_not_pass_the_limit(idp: Idp) -> None:
    await idp.confirmed()
    asked = await start(idp, PREFERRED_CHALLENGE="EMAIL_OTP")
    guesses = [{"USERNAME": "alice", "EMAIL_OTP_CODE": f"{n:08}"} for n in range(30)]
    outcome = await asyncio.gather(
        *(idp.respond("EMAIL_OTP", guess, asked["Session"]) for guess in guesses), return_exceptions=True
    )
    assert [type(one) for one in outcome].count(CodeMismatchException) == 5
    with pytest.raises(NotAuthorizedException, match="Password attempts exceeded"):
        await idp.respond("EMAIL_OTP", {"USERNAME": "alice", "EMAIL_OTP_CODE": idp.code()}, asked["Session"])


@pytest.mark.parametrize("name", ["alice", "nobody"])
async def test_parallel_wrong_passwords_do_not_pass_the_limit(idp: Idp, name: str) -> None:
    await idp.confirmed()
    await hide(idp)
    wrong = (idp.password_auth(name, f"wrong-pass-{n}") for n in range(30))
    outcome = [str(one) for one in await asyncio.gather(*wrong, return_exceptions=True)]
    assert outcome.count("Incorrect username or password.") == 5
    assert outcome.count("Password attempts exceeded") == 25


async def test_a_code_by_sms_is_a_first_factor_of_a_verified_number(idp: Idp) -> None:
    await idp.confirmed()
    number = [
        {"Name": "phone_number", "Value": "+15555550123"},
        {"Name": "phone_number_verified", "Value": "true"},
    ]
    await idp.admin("admin_update_user_attributes", Username="alice", UserAttributes=number)
    asked = await start(idp, PREFERRED_CHALLENGE="SMS_OTP")
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"].endswith("0123")
    done = await idp.respond("SMS_OTP", {"USERNAME": "alice", "SMS_OTP_CODE": idp.code()}, asked["Session"])
    assert done["AuthenticationResult"]["AccessToken"]


async def test_the_password_is_a_choice_and_may_be_retried(idp: Idp) -> None:
    await idp.confirmed()
    session = (await start(idp))["Session"]
    with pytest.raises(NotAuthorizedException):
        await select(idp, "PASSWORD", session, PASSWORD="wrong-pass-9")
    assert (await select(idp, "PASSWORD", session, PASSWORD=PASSWORD))["AuthenticationResult"]
    with pytest.raises(NotAuthorizedException, match="only be used once"):
        await select(idp, "PASSWORD", session, PASSWORD=PASSWORD)
    assert (await start(idp, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD))["AuthenticationResult"]
    asked = await start(idp, PREFERRED_CHALLENGE="PASSWORD")
    assert asked["ChallengeName"] == "PASSWORD"
    done = await idp.respond("PASSWORD", {"USERNAME": "alice", "PASSWORD": PASSWORD}, asked["Session"])
    assert done["AuthenticationResult"]


async def test_srp_is_a_choice_and_its_session_works_once(idp: Idp) -> None:
    await idp.confirmed()
    a = int.from_bytes(hashlib.sha512(b"a").digest() * 2, "big")
    asked = await start(idp, PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A=f"{pow(2, a, srp.N):x}")
    assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
    assert (await idp.srp_answer(asked["ChallengeParameters"], a, PASSWORD))["AuthenticationResult"]
    chosen = await start(idp, PREFERRED_CHALLENGE="PASSWORD_SRP")
    assert chosen["ChallengeName"] == "PASSWORD_SRP"
    answer = {"USERNAME": "alice", "SRP_A": f"{pow(2, a, srp.N):x}"}
    assert (await idp.respond("PASSWORD_SRP", answer, chosen["Session"]))["ChallengeName"] == "PASSWORD_VERIFIER"


async def test_somebody_unknown_is_offered_a_choice_and_never_gets_in(idp: Idp) -> None:
    await hide(idp)
    asked = await start(idp, "nobody", PREFERRED_CHALLENGE="EMAIL_OTP")
    assert asked["ChallengeName"] == "EMAIL_OTP"
    assert idp.account.inbox.messages() == []
    answer = {"USERNAME": "nobody", "EMAIL_OTP_CODE": "12345678"}
    with pytest.raises(CodeMismatchException):
        await idp.respond("EMAIL_OTP", answer, asked["Session"])
    session = (await start(idp, "nobody"))["Session"]
    answer = {"USERNAME": "nobody", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD}
    with pytest.raises(NotAuthorizedException, match=r"Incorrect username or password\."):
        await idp.respond("SELECT_CHALLENGE", answer, session)


async def test_a_forgotten_password_does_not_tell_who_exists(idp: Idp) -> None:
    await hide(idp)
    await idp.confirmed()
    await idp.admin("admin_disable_user", Username="alice")
    sent = len(idp.account.inbox.messages())
    for name in ("alice", "nobody"):
        answer = await idp("forgot_password", ClientId=CLIENT, Username=name)
        assert answer["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    assert len(idp.account.inbox.messages()) == sent


async def test_who_has_a_second_factor_must_begin_with_the_password(idp: Idp) -> None:
    await idp.confirmed()
    await idp.admin(
        "set_user_pool_mfa_config", MfaConfiguration="OPTIONAL", EmailMfaConfiguration={"Subject": "s"}
    )
    assert "EMAIL_OTP" in (await start(idp))["AvailableChallenges"]
    on = {"Enabled": True}
    await idp.admin("admin_set_user_mfa_preference", Username="alice", EmailMfaSettings=on)
    assert (await start(idp))["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP"]


async def test_a_sign_up_without_password_signs_in_straight_away(idp: Idp) -> None:
    attributes = [{"Name": "email", "Value": "alice@example.com"}]
    made = await idp("sign_up", ClientId=CLIENT, Username="alice", UserAttributes=attributes)
    confirm = {"ClientId": CLIENT, "Username": "alice", "ConfirmationCode": idp.code()}
    with pytest.raises(UserNotConfirmedException):
        await start(idp)
    with pytest.raises(NotAuthorizedException):
        await start(idp, session=made["Session"])
    session = (await idp("confirm_sign_up", **confirm, Session=made["Session"]))["Session"]
    result = (await start(idp, session=session))["AuthenticationResult"]
    assert claims(result["IdToken"])["email_verified"] is True
    with pytest.raises(NotAuthorizedException, match="only be used once"):
        await start(idp, session=session)
    factors = await idp("get_user_auth_factors", AccessToken=result["AccessToken"])
    assert factors == {"Username": "alice", "ConfiguredUserAuthFactors": ["EMAIL_OTP"]}
    assert await idp.admin("admin_get_user_auth_factors", Username="alice") == factors


async def test_an_administrator_makes_users_without_password(idp: Idp) -> None:
    verified = [{"Name": "email", "Value": "eve@example.com"}, {"Name": "email_verified", "Value": "true"}]
    made = await idp.admin("admin_create_user", Username="eve", UserAttributes=verified)
    assert made["User"]["UserStatus"] == "CONFIRMED"
    assert (await start(idp, "eve", PREFERRED_CHALLENGE="EMAIL_OTP"))["ChallengeName"] == "EMAIL_OTP"


def cbor_of(value: Any) -> bytes:
    """The test's own encoder."""
    if isinstance(value, int):
        major, number, rest = (0, value, b"") if value >= 0 else (1, -1 - value, b"")
    elif isinstance(value, bytes | str):
        rest = value if isinstance(value, bytes) else value.encode()
        major, number = (2 if isinstance(value, bytes) else 3), len(rest)
    elif isinstance(value, list):
        major, number, rest = 4, len(value), b"".join(map(cbor_of, value))
    else:
        major, number = 5, len(value)
        rest = b"".join(cbor_of(key) + cbor_of(item) for key, item in value.items())
    if number < 24:
        return bytes([major << 5 | number]) + rest
    power = next(power for power in range(4) if number < 1 << (8 << power))
    return bytes([major << 5 | 24 + power]) + number.to_bytes(1 << power, "big") + rest


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class Authenticator:
    """A security key."""

    def __init__(self, algorithm: int = -7) -> None:
        self.id, self.count, self.algorithm = b"credential-1", 0, algorithm
        self.origin, self.relying_party = "http://localhost:3000", "localhost"
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.rsa = rsa.generate_private_key(65537, 2048) if algorithm == -257 else None

    def cose(self) -> dict[int, Any]:
        if self.rsa is not None:
            public = self.rsa.public_key().public_numbers()
            return {1: 3, 3: -257, -1: public.n.to_bytes(256, "big"), -2: public.e.to_bytes(3, "big")}
        point = self.ec.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}

    def data(self, flags: int) -> bytes:
        return hashlib.sha256(self.relying_party.encode()).digest() + struct.pack(">BI", flags, self.count)

    def client_data(self, kind: str, challenge: str) -> bytes:
        return orjson.dumps({"type": kind, "challenge": challenge, "origin": self.origin})

    def create(self, options: Answer) -> Answer:
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor_of(self.cose())
        blob = cbor_of({"fmt": "none", "attStmt": {}, "authData": self.data(0x45) + attested})
        client_data = self.client_data("webauthn.create", options["challenge"])
        response = {
            "clientDataJSON": text(client_data),
            "attestationObject": text(blob),
            "transports": ["internal"],
        }
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}

    def get(self, options: Answer) -> str:
        self.count += 1
        data, client_data = self.data(5), self.client_data("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(client_data).digest()
        if self.rsa is not None:
            signature = self.rsa.sign(signed, PKCS1v15(), SHA256())
        else:
            signature = self.ec.sign(signed, ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": text(client_data),
            "authenticatorData": text(data),
            "signature": text(signature),
        }
        return orjson.dumps({"rawId": text(self.id), "response": response}).decode()


async def relying(idp: Idp) -> str:
    """Set the relying party; the access token of a user."""
    await idp.admin("set_user_pool_mfa_config", WebAuthnConfiguration={"RelyingPartyId": "localhost"})
    await idp.confirmed()
    return str((await idp.tokens())["AccessToken"])


async def registered(idp: Idp, key: Authenticator) -> str:
    token = await relying(idp)
    options = (await idp("start_web_authn_registration", AccessToken=token))["CredentialCreationOptions"]
    await idp("complete_web_authn_registration", AccessToken=token, Credential=key.create(options))
    return token


async def prove(idp: Idp, key: Authenticator) -> Answer:
    asked = await start(idp, PREFERRED_CHALLENGE="WEB_AUTHN")
    options = orjson.loads(asked["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    answer = {"USERNAME": "alice", "CREDENTIAL": key.get(options)}
    return await idp.respond("WEB_AUTHN", answer, asked["Session"])


@pytest.mark.parametrize("algorithm", [-7, -257])
async def test_a_passkey_signs_in(idp: Idp, algorithm: int) -> None:
    key = Authenticator(algorithm)
    token = await registered(idp, key)
    assert (await prove(idp, key))["AuthenticationResult"]["AccessToken"]
    listed = (await idp("list_web_authn_credentials", AccessToken=token))["Credentials"]
    assert [(one["CredentialId"], one["RelyingPartyId"]) for one in listed] == [(text(key.id), "localhost")]
    assert "WEB_AUTHN" in (await idp("get_user_auth_factors", AccessToken=token))["ConfiguredUserAuthFactors"]
    await idp("delete_web_authn_credential", AccessToken=token, CredentialId=text(key.id))
    assert "WEB_AUTHN" not in (await start(idp))["AvailableChallenges"]
    with pytest.raises(ResourceNotFoundException):
        await idp("delete_web_authn_credential", AccessToken=token, CredentialId=text(key.id))


async def test_another_key_and_a_copied_key_are_refused(idp: Idp) -> None:
    key, other = Authenticator(), Authenticator()
    await registered(idp, key)
    assert (await prove(idp, key))["AuthenticationResult"]
    with pytest.raises(NotAuthorizedException):
        await prove(idp, other)
    key.count = 0
    with pytest.raises(NotAuthorizedException):
        await prove(idp, key)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"origin": "https://evil.example"}, WebAuthnOriginNotAllowedException),
        ({"origin": "http://notlocalhost"}, WebAuthnOriginNotAllowedException),
        ({"relying_party": "evil.example"}, WebAuthnRelyingPartyMismatchException),
    ],
)
async def test_a_page_elsewhere_cannot_use_a_passkey(idp: Idp, change: Answer, error: type[Exception]) -> None:
    key = Authenticator()
    token = await registered(idp, key)
    vars(key).update(change)
    with pytest.raises(error):
        await prove(idp, key)
    options = (await idp("start_web_authn_registration", AccessToken=token))["CredentialCreationOptions"]
    with pytest.raises(error):
        await idp("complete_web_authn_registration", AccessToken=token, Credential=key.create(options))


async def test_a_registration_answers_its_own_challenge_once_and_in_time(idp: Idp) -> None:
    token, key = await relying(idp), Authenticator()
    options = (await idp("start_web_authn_registration", AccessToken=token))["CredentialCreationOptions"]
    invented = key.create(options | {"challenge": text(bytes(32))})
    with pytest.raises(WebAuthnChallengeNotFoundException):
        await idp("complete_web_authn_registration", AccessToken=token, Credential=invented)
    await idp("complete_web_authn_registration", AccessToken=token, Credential=key.create(options))
    with pytest.raises(WebAuthnChallengeNotFoundException):
        await idp("complete_web_authn_registration", AccessToken=token, Credential=key.create(options))
    options = (await idp("start_web_authn_registration", AccessToken=token))["CredentialCreationOptions"]
    idp.account.clock.advance(301)
    with pytest.raises(WebAuthnChallengeNotFoundException):
        await idp("complete_web_authn_registration", AccessToken=token, Credential=key.create(options))


async def test_a_proof_answers_the_challenge_of_its_session(idp: Idp) -> None:
    key = Authenticator()
    await registered(idp, key)
    asked = await start(idp, PREFERRED_CHALLENGE="WEB_AUTHN")
    answer = {"USERNAME": "alice", "CREDENTIAL": key.get({"challenge": text(bytes(32))})}
    with pytest.raises(WebAuthnClientMismatchException):
        await idp.respond("WEB_AUTHN", answer, asked["Session"])


async def test_passkeys_need_a_relying_party_and_a_pool_that_takes_them(idp: Idp) -> None:
    await idp.confirmed()
    token = (await idp.tokens())["AccessToken"]
    with pytest.raises(WebAuthnConfigurationMissingException):
        await idp("start_web_authn_registration", AccessToken=token)
    await deploy(idp.ctx, spec(client={"ExplicitAuthFlows": FLOWS}))
    with pytest.raises(WebAuthnNotEnabledException):
        await idp("start_web_authn_registration", AccessToken=token)


values = st.recursive(
    st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=300) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 99) | st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(values)
def test_cbor_is_read_as_it_was_written(value: Any) -> None:
    assert cbor.decode(cbor_of(value)) == value


@given(st.binary(max_size=60))
def test_cbor_of_any_bytes_is_read_or_refused(data: bytes) -> None:
    try:
        cbor.decode(data)
    except cbor.Malformed:
        return
