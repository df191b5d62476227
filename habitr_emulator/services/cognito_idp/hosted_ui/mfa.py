"""/mfa: the answer to a challenge: a code, the choice of a factor, the first code of a new authenticator app."""

from habitr_emulator.services.cognito_idp import challenges
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.hosted_ui import (
    app_client,
    authorization,
    browser,
    challenge_pages,
    steps,
)
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.sign_in import Answer
from habitr_emulator.wire.http import Response


async def post(visit: Visit) -> Response:
    """Judge the answer; a wrong one may be given again."""
    asked = authorization.read(visit)
    await browser.check_form(visit)

    async def again(problem: str) -> Response:
        return await challenge_pages.send(visit, asked, challenge_pages.again(visit, asked), problem)

    return await steps.follow(visit, asked, _answer(visit, asked), again)


async def _answer(visit: Visit, asked: Authorization) -> Answer:
    name, username = visit.form.get("challenge", ""), visit.form.get("username", "")
    code = visit.form.get("code", "").strip()
    if name in challenge_pages.CODES:
        return await challenges.answer(app_client.attempt(visit, asked, username, **{f"{name}_CODE": code}), name)
    if name == "SELECT_MFA_TYPE":
        chosen = visit.form.get("answer", "")
        return await challenges.answer(app_client.attempt(visit, asked, username, ANSWER=chosen), name)
    if name == "MFA_SETUP":
        session = visit.form.get("session", "")
        verified = await app_client.call(visit, "VerifySoftwareToken", Session=session, UserCode=code)
        visit.form["session"] = verified["Session"]
        return await challenges.answer(app_client.attempt(visit, asked, username), name)
    raise InvalidParameterException(f"Unknown challenge: {name}")
