"""Registering, confirming, and what is refused on the way."""

import pytest

from habitr_emulator.services.cognito_idp.errors import (
    CodeMismatchException,
    ExpiredCodeException,
    InvalidParameterException,
    InvalidPasswordException,
    LimitExceededException,
    NotAuthorizedException,
    UsernameExistsException,
    UserNotConfirmedException,
    UserNotFoundException,
)

from .conftest import CLIENT, Idp


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_sign_up_sends_a_code_to_the_masked_address(idp: Idp) -> None:
    answer = await idp.sign_up("Alice")
    details = {"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert (answer["UserConfirmed"], answer["CodeDeliveryDetails"]) == (False, details)
    message = idp.account.inbox.messages(username="alice")[0]
    assert message["destination"] == "alice@example.com"
    assert message["body"] == f"Your verification code is {message['code']}. "
    assert len(message["code"]) == 6


async def test_the_right_code_confirms_and_verifies(idp: Idp) -> None:
    await idp.confirmed("Alice")
    user = await idp.admin("admin_get_user", Username="ALICE")
    shown = {entry["Name"]: entry["Value"] for entry in user["UserAttributes"]}
    assert (user["Username"], user["UserStatus"], shown["email_verified"]) == ("alice", "CONFIRMED", "true")
    assert user["UserAttributes"][0]["Name"] == "sub"


async def test_a_wrong_code_is_refused_and_the_right_one_still_works(idp: Idp) -> None:
    await idp.sign_up()
    code = idp.code()
    with pytest.raises(CodeMismatchException):
        await idp("confirm_sign_up", ClientId=CLIENT, Username="alice", ConfirmationCode=other(code))
    await idp("confirm_sign_up", ClientId=CLIENT, Username="alice", ConfirmationCode=code)
    with pytest.raises(NotAuthorizedException, match="Current status is CONFIRMED"):
        await idp("confirm_sign_up", ClientId=CLIENT, Username="alice", ConfirmationCode=code)


async def test_codes_cannot_be_guessed_for_ever(idp: Idp) -> None:
    await idp.sign_up()
    wrong = {"ClientId": CLIENT, "Username": "alice", "ConfirmationCode": other(idp.code())}
    for _ in range(15):
        with pytest.raises(CodeMismatchException):
            await idp("confirm_sign_up", **wrong)
    with pytest.raises(LimitExceededException):
        await idp("confirm_sign_up", **(wrong | {"ConfirmationCode": idp.code()}))
    idp.account.clock.advance(3601)
    await idp("confirm_sign_up", **(wrong | {"ConfirmationCode": idp.code()}))


async def test_a_code_expires_after_a_day(idp: Idp) -> None:
    await idp.sign_up()
    idp.account.clock.advance(86401)
    with pytest.raises(ExpiredCodeException):
        await idp("confirm_sign_up", ClientId=CLIENT, Username="alice", ConfirmationCode=idp.code())


async def test_only_the_newest_code_works(idp: Idp) -> None:
    await idp.sign_up()
    first = idp.code()
    answer = await idp("resend_confirmation_code", ClientId=CLIENT, Username="alice")
    assert answer["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    assert idp.code() != first
    with pytest.raises(CodeMismatchException):
        await idp("confirm_sign_up", ClientId=CLIENT, Username="alice", ConfirmationCode=first)
    await idp("confirm_sign_up", ClientId=CLIENT, Username="alice", ConfirmationCode=idp.code())
    with pytest.raises(InvalidParameterException, match="already confirmed"):
        await idp("resend_confirmation_code", ClientId=CLIENT, Username="alice")


async def test_a_taken_name_is_refused_whatever_its_case(idp: Idp) -> None:
    await idp.sign_up()
    with pytest.raises(UsernameExistsException, match=r"^User already exists$"):
        await idp.sign_up("ALICE")


async def test_a_short_password_names_the_rule(idp: Idp) -> None:
    with pytest.raises(InvalidPasswordException, match="conform with policy: Password not long enough"):
        await idp.sign_up(Password="abc")


async def test_a_required_attribute_must_be_there(idp: Idp) -> None:
    with pytest.raises(InvalidParameterException, match="email: The attribute is required"):
        await idp.sign_up(UserAttributes=[])


@pytest.mark.parametrize(
    ("attribute", "value", "error"),
    [
        ("email", "not-an-email", InvalidParameterException),
        ("phone_number", "12345", InvalidParameterException),
        ("birthdate", "1990", InvalidParameterException),
        ("custom:nope", "x", InvalidParameterException),
        ("email_verified", "true", NotAuthorizedException),
        ("sub", "x", InvalidParameterException),
    ],
)
async def test_a_bad_attribute_is_refused(idp: Idp, attribute: str, value: str, error: type[Exception]) -> None:
    given = {"email": "alice@example.com"} | {attribute: value}
    with pytest.raises(error):
        await idp.sign_up(UserAttributes=[{"Name": name, "Value": given[name]} for name in given])


async def test_signing_in_before_confirmation_is_refused(idp: Idp) -> None:
    await idp.sign_up()
    with pytest.raises(UserNotConfirmedException):
        await idp.password_auth()
    with pytest.raises(UserNotConfirmedException):
        await idp.srp_auth()


async def test_an_unknown_user_cannot_confirm(idp: Idp) -> None:
    with pytest.raises(UserNotFoundException, match=r"Username/client id combination not found\."):
        await idp("confirm_sign_up", ClientId=CLIENT, Username="ghost", ConfirmationCode="123456")


async def test_a_refused_sign_up_leaves_nothing_behind(idp: Idp) -> None:
    with pytest.raises(InvalidPasswordException):
        await idp.sign_up(Password="abc")
    assert (await idp.admin("list_users"))["Users"] == []
    assert idp.account.inbox.messages() == []
