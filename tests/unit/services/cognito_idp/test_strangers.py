"""A client that hides unknown users: what is asked for one answers as for somebody who is there."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp.codes import ATTEMPTS_AN_HOUR, HOUR
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import CodeMismatchException

from .conftest import CLIENT, FLOWS, PASSWORD, Idp, spec

Ask = Callable[[str], Awaitable[Any]]


@pytest.fixture
async def hiding(idp: Idp) -> Idp:
    """The service, whose client hides unknown users; alice is there."""
    await idp.confirmed()
    client = {"ExplicitAuthFlows": list(FLOWS), "PreventUserExistenceErrors": "ENABLED"}
    await deploy(idp.ctx, spec(client))
    return idp


async def refusals(ask: Ask, name: str, times: int = 1) -> list[tuple[str, str, str | None]]:
    """The codes and messages that asking ends with, and what the header says of why."""
    heard = []
    for _ in range(times):
        with pytest.raises(AwsError) as refused:
            await ask(name)
        heard.append((refused.value.code, refused.value.message, refused.value.why))
    return heard


def reset(idp: Idp) -> Ask:
    request = {"ClientId": CLIENT, "ConfirmationCode": "wrong", "Password": PASSWORD}
    return lambda name: idp("confirm_forgot_password", Username=name, **request)


async def test_guessed_passwords_lock_out_whoever_is_not_there(hiding: Idp) -> None:
    def ask(name: str) -> Awaitable[Any]:
        return hiding.password_auth(name, "wrong-pass-9")

    known, unknown = await refusals(ask, "alice", 6), await refusals(ask, "nobody", 6)
    assert known == unknown
    assert unknown[-1][:2] == ("NotAuthorizedException", "Password attempts exceeded")


async def test_a_reset_that_nobody_asked_for_is_a_wrong_code(hiding: Idp) -> None:
    assert await refusals(reset(hiding), "alice") == await refusals(reset(hiding), "nobody")


async def test_guessed_codes_end_alike(hiding: Idp) -> None:
    for name in ("alice", "nobody"):
        await hiding("forgot_password", ClientId=CLIENT, Username=name)
    known = await refusals(reset(hiding), "alice", ATTEMPTS_AN_HOUR + 1)
    assert known == await refusals(reset(hiding), "nobody", ATTEMPTS_AN_HOUR + 1)
    assert known[-1][0] == "LimitExceededException"
    hiding.account.clock.advance(HOUR)
    late = await refusals(reset(hiding), "alice")
    assert late == await refusals(reset(hiding), "nobody")
    assert late[0][0] == "ExpiredCodeException"


async def test_a_disabled_user_seems_not_to_be_there(hiding: Idp) -> None:
    await hiding.admin("admin_disable_user", Username="alice")
    sent = await hiding("forgot_password", ClientId=CLIENT, Username="alice")
    assert sent["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    assert await refusals(reset(hiding), "alice") == await refusals(reset(hiding), "nobody")


async def test_a_disabled_user_seems_to_be_sent_a_code_to_sign_in_with(idp: Idp) -> None:
    await idp.confirmed()
    factors = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}}
    client = {"ExplicitAuthFlows": ["ALLOW_USER_AUTH"], "PreventUserExistenceErrors": "ENABLED"}
    await deploy(idp.ctx, spec(client, **factors))
    await idp.admin("admin_disable_user", Username="alice")
    for name in ("alice", "nobody"):
        parameters = {"USERNAME": name, "PREFERRED_CHALLENGE": "EMAIL_OTP"}
        request = {"ClientId": CLIENT, "AuthFlow": "USER_AUTH", "AuthParameters": parameters}
        asked = await idp("initiate_auth", **request)
        assert asked["ChallengeName"] == "EMAIL_OTP"
        answer = {"USERNAME": name, "EMAIL_OTP_CODE": "00000000"}
        with pytest.raises(CodeMismatchException):
            await idp.respond("EMAIL_OTP", answer, asked["Session"])
    assert len(idp.account.inbox.messages(username="alice")) == 1  # that of the sign-up


async def test_a_code_seems_to_go_to_the_address_that_was_typed(hiding: Idp) -> None:
    async def destination(name: str) -> str:
        answer = await hiding("forgot_password", ClientId=CLIENT, Username=name)
        return str(answer["CodeDeliveryDetails"]["Destination"])

    assert await destination("nobody@example.com") == "n***@e***"
    assert await destination("+15551234567") == "+*******4567"
    assert await destination("nobody") == await destination("nobody")


async def test_what_strangers_tried_is_kept_in_few_rows(hiding: Idp) -> None:
    for number in range(3):
        await refusals(lambda name: hiding.password_auth(name, "wrong-pass-9"), f"nobody{number}")
    rows = hiding.account.store.all("SELECT * FROM cognito_idp_strangers")
    assert 1 <= len(rows) <= 3
    assert not any("nobody" in str(value) for row in rows for value in tuple(row))
