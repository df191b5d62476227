"""Signing in by password and by SRP, challenges, lock-out."""

import hashlib

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import (
    InvalidParameterException,
    InvalidPasswordException,
    NotAuthorizedException,
    PasswordResetRequiredException,
    UserNotFoundException,
)

from .conftest import CLIENT, PASSWORD, Idp, claims, spec

NEW = "another-pass-2"


async def test_srp_signs_in(idp: Idp) -> None:
    await idp.confirmed()
    result = (await idp.srp_auth("ALICE"))["AuthenticationResult"]
    assert claims(result["AccessToken"])["username"] == "alice"
    assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")


async def test_srp_refuses_a_wrong_password(idp: Idp) -> None:
    await idp.confirmed()
    with pytest.raises(NotAuthorizedException, match=r"Incorrect username or password\."):
        await idp.srp_auth(password="wrong-pass-9")


async def test_srp_works_with_letters_of_every_script(idp: Idp) -> None:
    await idp.confirmed()
    await idp.admin("admin_set_user_password", Username="alice", Password="pässwörd-✓-1", Permanent=True)
    assert (await idp.srp_auth(password="pässwörd-✓-1"))["AuthenticationResult"]["IdToken"]


async def test_srp_state_is_the_clients_and_expires(idp: Idp) -> None:
    await idp.confirmed()
    a = int.from_bytes(hashlib.sha512(b"a").digest(), "big")
    from habitr_emulator.services.cognito_idp import srp

    start = {"USERNAME": "alice", "SRP_A": f"{pow(2, a, srp.N):x}"}
    asked = await idp("initiate_auth", ClientId=CLIENT, AuthFlow="USER_SRP_AUTH", AuthParameters=start)
    assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
    idp.account.clock.advance(181)
    with pytest.raises(NotAuthorizedException):
        await idp.srp_answer(asked["ChallengeParameters"], a, PASSWORD)


@pytest.mark.parametrize("stamp", ["2026-11-07T09:05:03Z", "Sa Nov 7 09:05:03 UTC 2026"])
async def test_srp_refuses_a_timestamp_in_another_language(idp: Idp, stamp: str) -> None:
    await idp.confirmed()
    asked = await idp(
        "initiate_auth",
        ClientId=CLIENT,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": "alice", "SRP_A": "4"},
    )
    with pytest.raises(InvalidParameterException, match="TIMESTAMP format"):
        await idp.srp_answer(asked["ChallengeParameters"], 2, PASSWORD, TIMESTAMP=stamp)


@pytest.mark.parametrize("a_public", ["0", "xyz", ""])
async def test_srp_refuses_a_worthless_public_value(idp: Idp, a_public: str) -> None:
    await idp.confirmed()
    with pytest.raises(InvalidParameterException):
        await idp(
            "initiate_auth",
            ClientId=CLIENT,
            AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": "alice", "SRP_A": a_public},
        )


async def test_an_unknown_user_is_seen_unless_the_client_hides_it(idp: Idp) -> None:
    with pytest.raises(UserNotFoundException, match=r"User does not exist\."):
        await idp.srp_auth("ghost")
    await deploy(idp.ctx, spec(client={"PreventUserExistenceErrors": "ENABLED"}))
    with pytest.raises(NotAuthorizedException, match=r"Incorrect username or password\."):
        await idp.password_auth("ghost")
    start = {"USERNAME": "ghost", "SRP_A": "4"}
    request = {"ClientId": CLIENT, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": start}
    first, second = [(await idp("initiate_auth", **request))["ChallengeParameters"] for _ in range(2)]
    assert first["SALT"] == second["SALT"]
    assert first["SRP_B"] != second["SRP_B"]
    with pytest.raises(NotAuthorizedException, match=r"Incorrect username or password\."):
        await idp.srp_answer(first, 2, PASSWORD)


async def test_a_temporary_password_must_be_replaced(idp: Idp) -> None:
    await idp.admin("admin_create_user", Username="bob", TemporaryPassword=PASSWORD, UserAttributes=[])
    asked = await idp.password_auth("bob")
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert asked["ChallengeParameters"]["requiredAttributes"] == '["userAttributes.email"]'
    answer = {"USERNAME": "bob", "NEW_PASSWORD": "short"}
    with pytest.raises(InvalidPasswordException):
        await idp.respond("NEW_PASSWORD_REQUIRED", answer, asked["Session"])
    answer["NEW_PASSWORD"] = NEW
    with pytest.raises(InvalidParameterException, match="Invalid attributes given, email is missing"):
        await idp.respond("NEW_PASSWORD_REQUIRED", answer, asked["Session"])
    answer["userAttributes.email"] = "bob@example.com"
    result = await idp.respond("NEW_PASSWORD_REQUIRED", answer, asked["Session"])
    assert claims(result["AuthenticationResult"]["IdToken"])["email"] == "bob@example.com"
    with pytest.raises(NotAuthorizedException, match="session can only be used once"):
        await idp.respond("NEW_PASSWORD_REQUIRED", answer, asked["Session"])
    assert (await idp.tokens("bob", NEW))["AccessToken"]


async def test_a_session_is_bound_to_its_user_and_challenge(idp: Idp) -> None:
    for name in ("bob", "carol"):
        await idp.admin("admin_create_user", Username=name, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    session = (await idp.password_auth("bob"))["Session"]
    answer = {"USERNAME": "carol", "NEW_PASSWORD": NEW}
    with pytest.raises(NotAuthorizedException):
        await idp.respond("NEW_PASSWORD_REQUIRED", answer, session)
    with pytest.raises(NotAuthorizedException):
        await idp.respond("SOFTWARE_TOKEN_MFA", {"USERNAME": "bob", "SOFTWARE_TOKEN_MFA_CODE": "123456"}, session)
    with pytest.raises(NotAuthorizedException):
        await idp.respond("NEW_PASSWORD_REQUIRED", answer, "x" * 64)
    idp.account.clock.advance(181)
    with pytest.raises(NotAuthorizedException, match="expired"):
        await idp.respond("NEW_PASSWORD_REQUIRED", answer | {"USERNAME": "bob"}, session)


async def test_a_temporary_password_expires(idp: Idp) -> None:
    await idp.admin("admin_create_user", Username="bob", TemporaryPassword=PASSWORD)
    idp.account.clock.advance(8 * 86400)
    with pytest.raises(NotAuthorizedException, match="Temporary password has expired"):
        await idp.password_auth("bob")


async def test_failures_lock_the_user_out_for_a_while(idp: Idp) -> None:
    await idp.confirmed()
    for _ in range(5):
        with pytest.raises(NotAuthorizedException, match="Incorrect"):
            await idp.password_auth(password="wrong-pass-9")
    with pytest.raises(NotAuthorizedException, match="Password attempts exceeded"):
        await idp.password_auth()
    idp.account.clock.advance(2)
    assert (await idp.tokens())["AccessToken"]


async def test_a_disabled_user_cannot_sign_in(idp: Idp) -> None:
    await idp.confirmed()
    refresh = (await idp.tokens())["RefreshToken"]
    await idp.admin("admin_disable_user", Username="alice")
    with pytest.raises(NotAuthorizedException, match=r"User is disabled\."):
        await idp.srp_auth()
    with pytest.raises(NotAuthorizedException):
        await idp("get_tokens_from_refresh_token", ClientId=CLIENT, RefreshToken=refresh)


async def test_a_reset_password_signs_in_no_more(idp: Idp) -> None:
    await idp.confirmed()
    await idp.admin("admin_reset_user_password", Username="alice")
    with pytest.raises(PasswordResetRequiredException):
        await idp.password_auth()


async def test_a_flow_must_be_enabled(idp: Idp) -> None:
    await deploy(idp.ctx, spec(client={"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}))
    with pytest.raises(InvalidParameterException, match="USER_PASSWORD_AUTH flow not enabled for this client"):
        await idp.password_auth()
    with pytest.raises(InvalidParameterException, match="Auth flow not enabled for this client"):
        await idp.admin(
            "admin_initiate_auth",
            ClientId=CLIENT,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "x", "PASSWORD": "y"},
        )


async def test_administrators_sign_users_in(idp: Idp) -> None:
    await idp.admin(
        "admin_create_user",
        Username="bob",
        TemporaryPassword=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": "b@example.com"}],
    )
    for flow in ("ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"):
        parameters = {"USERNAME": "bob", "PASSWORD": PASSWORD}
        asked = await idp.admin("admin_initiate_auth", ClientId=CLIENT, AuthFlow=flow, AuthParameters=parameters)
    answer = await idp.admin(
        "admin_respond_to_auth_challenge",
        ClientId=CLIENT,
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "bob", "NEW_PASSWORD": NEW},
    )
    assert answer["AuthenticationResult"]["RefreshToken"].count(".") == 4


async def test_a_forgotten_password_is_reset_with_a_code(idp: Idp) -> None:
    await idp.confirmed()
    await idp("forgot_password", ClientId=CLIENT, Username="alice")
    code = idp.code()
    request = {"ClientId": CLIENT, "Username": "alice", "ConfirmationCode": code, "Password": NEW}
    with pytest.raises(InvalidPasswordException):
        await idp("confirm_forgot_password", **(request | {"Password": "short"}))
    await idp("confirm_forgot_password", **request)
    assert (await idp.srp_auth(password=NEW))["AuthenticationResult"]
    with pytest.raises(AwsError):
        await idp("confirm_forgot_password", **request)


async def test_changing_the_password_needs_the_old_one(idp: Idp) -> None:
    await idp.confirmed()
    token = (await idp.tokens())["AccessToken"]
    request = {"AccessToken": token, "PreviousPassword": "wrong", "ProposedPassword": NEW}
    with pytest.raises(NotAuthorizedException):
        await idp("change_password", **request)
    await idp("change_password", **(request | {"PreviousPassword": PASSWORD}))
    assert (await idp.tokens(password=NEW))["AccessToken"]
