"""The page for each challenge that a sign-in may meet after the first step."""

from collections.abc import Mapping
from typing import Any

import orjson

from habitr_emulator.services.cognito_idp.hosted_ui import app_client
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.pages import Field, Form, Page
from habitr_emulator.services.cognito_idp.hosted_ui.show import show
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.hosted_ui.wording import attribute_field, code_field, new_password_field
from habitr_emulator.wire.http import Response

CODES = ("SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP", "SMS_OTP")
_FACTORS = {
    "SOFTWARE_TOKEN_MFA": "Authenticator app",
    "SMS_MFA": "Code by SMS",
    "EMAIL_OTP": "Code by mail",
}


async def challenge_page(
    visit: Visit, asked: Authorization, answer: Mapping[str, Any], problem: str = ""
) -> Response | None:
    """The page that asks for a challenge; None if pages cannot answer it."""
    name = answer.get("ChallengeName")
    given = answer.get("ChallengeParameters") or {}
    hidden = {
        "challenge": str(name),
        "session": str(answer.get("Session", "")),
        "username": _username(visit, given),
    }
    if name in CODES:
        page = _code(visit, asked, given, hidden)
    elif name == "SELECT_MFA_TYPE":
        page = _select(visit, asked, given, hidden)
    elif name == "MFA_SETUP" and "SOFTWARE_TOKEN_MFA" in given.get("MFAS_CAN_SETUP", ""):
        page = await _setup(visit, asked, hidden)
    elif name == "NEW_PASSWORD_REQUIRED":
        page = _new_password(visit, asked, given, hidden)
    else:
        return None
    return await send(visit, asked, page, problem)


async def send(visit: Visit, asked: Authorization, page: Page, problem: str = "") -> Response:
    """The answer with a challenge's page, and what was wrong with the last answer."""
    shown = Page(
        page.title,
        asked.pool.settings["Name"],
        error=problem,
        notes=page.notes,
        secret=page.secret,
        choices=page.choices,
        forms=page.forms,
        links=(("Start again", visit.link("/login", asked.parameters)),),
    )
    return await show(visit, shown, asked.redirect_uri)


def again(visit: Visit, asked: Authorization) -> Page:
    """The page of the challenge that the visit's form answers, as it was."""
    names = ("challenge", "session", "username", "sent_to", "secret", "choices", "required")
    hidden = {name: visit.form[name] for name in names if name in visit.form}
    name = hidden.get("challenge", "")
    if name == "NEW_PASSWORD_REQUIRED":
        return _new_password_page(visit, asked, hidden)
    if name == "MFA_SETUP":
        return _setup_page(visit, asked, hidden)
    if name == "SELECT_MFA_TYPE":
        return _select_page(visit, asked, hidden)
    return _code_page(visit, asked, hidden)


def _username(visit: Visit, given: Mapping[str, str]) -> str:
    return given.get("USER_ID_FOR_SRP") or given.get("USERNAME") or visit.form.get("username", "")


def _code(visit: Visit, asked: Authorization, given: Mapping[str, str], hidden: dict[str, str]) -> Page:
    sent_to = given.get("CODE_DELIVERY_DESTINATION", "")
    return _code_page(visit, asked, hidden | ({"sent_to": sent_to} if sent_to else {}))


def _code_page(visit: Visit, asked: Authorization, hidden: Mapping[str, str]) -> Page:
    to = hidden.get("sent_to", "")
    note = f"We sent a code to {to}." if to else "Enter the code that your authenticator app shows."
    form = Form(visit.link("/mfa", asked.parameters), "Sign in", (code_field(),), hidden)
    return Page("Enter the code", "", notes=(note,), forms=(form,))


def _select(visit: Visit, asked: Authorization, given: Mapping[str, str], hidden: dict[str, str]) -> Page:
    choices = " ".join(orjson.loads(given["MFAS_CAN_CHOOSE"]))
    return _select_page(visit, asked, hidden | {"choices": choices})


def _select_page(visit: Visit, asked: Authorization, hidden: Mapping[str, str]) -> Page:
    options = {name: _FACTORS[name] for name in hidden.get("choices", "").split() if name in _FACTORS}
    choice = Field("answer", "Second factor", options=options)
    form = Form(visit.link("/mfa", asked.parameters), "Continue", (choice,), hidden)
    return Page("How do you want to prove yourself?", "", forms=(form,))


async def _setup(visit: Visit, asked: Authorization, hidden: dict[str, str]) -> Page:
    made = await app_client.call(visit, "AssociateSoftwareToken", Session=hidden["session"])
    return _setup_page(visit, asked, hidden | {"session": made["Session"], "secret": made["SecretCode"]})


def _setup_page(visit: Visit, asked: Authorization, hidden: Mapping[str, str]) -> Page:
    form = Form(visit.link("/mfa", asked.parameters), "Turn on and sign in", (code_field(),), hidden)
    note = "Add this key to your authenticator app, and enter the code that it then shows."
    return Page("Set up an authenticator app", "", notes=(note,), secret=hidden.get("secret", ""), forms=(form,))


def _new_password(visit: Visit, asked: Authorization, given: Mapping[str, str], hidden: dict[str, str]) -> Page:
    names = [name.removeprefix("userAttributes.") for name in orjson.loads(given.get("requiredAttributes", "[]"))]
    return _new_password_page(visit, asked, hidden | {"required": " ".join(names)})


def _new_password_page(visit: Visit, asked: Authorization, hidden: Mapping[str, str]) -> Page:
    required = tuple(
        attribute_field(name, "requiredAttributes", visit.form.get(f"requiredAttributes[{name}]", ""))
        for name in hidden.get("required", "").split()
    )
    fields = (new_password_field(), *required)
    form = Form(visit.link("/changePassword", asked.parameters), "Set the password", fields, hidden)
    return Page("Choose a new password", "", notes=("Your password was temporary.",), forms=(form,))
