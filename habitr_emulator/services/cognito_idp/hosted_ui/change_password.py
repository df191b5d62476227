"""/changePassword: a user with a temporary password sets one that stays."""

from habitr_emulator.services.cognito_idp import challenges
from habitr_emulator.services.cognito_idp.hosted_ui import (
    app_client,
    authorization,
    browser,
    challenge_pages,
    steps,
)
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.wire.http import Response

_ATTRIBUTE = "requiredAttributes["


async def post(visit: Visit) -> Response:
    """Set the password and go on; a refused one may be given again."""
    asked = authorization.read(visit)
    await browser.check_form(visit)
    given = {
        f"userAttributes.{name.removeprefix(_ATTRIBUTE).removesuffix(']')}": value
        for name, value in visit.form.items()
        if name.startswith(_ATTRIBUTE)
    }
    parameters = {"NEW_PASSWORD": visit.form.get("password", "")[:256], **given}
    attempt = app_client.attempt(visit, asked, visit.form.get("username", ""), **parameters)

    async def again(problem: str) -> Response:
        return await challenge_pages.send(visit, asked, challenge_pages.again(visit, asked), problem)

    return await steps.follow(visit, asked, challenges.answer(attempt, "NEW_PASSWORD_REQUIRED"), again)
