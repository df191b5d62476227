"""Signing in step by step: what a step's answer leads to, the next page or back to the app."""

from collections.abc import Awaitable, Callable

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp.errors import PasswordResetRequiredException, UserNotConfirmedException
from habitr_emulator.services.cognito_idp.hosted_ui import confirm_forgot_password, confirm_user, to_app
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.challenge_pages import challenge_page
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.sign_in import Answer
from habitr_emulator.wire.http import Response

Again = Callable[[str], Awaitable[Response]]


async def follow(visit: Visit, asked: Authorization, step: Awaitable[Answer], again: Again) -> Response:
    """Take a step and go where it leads; a refusal leads to the page ``again`` with its message.

    Somebody unconfirmed is asked for the code first, somebody whose password was reset for a new one.
    """
    username = visit.form.get("username", "")
    try:
        answer = await step
    except UserNotConfirmedException:
        proved = "password" in visit.form and "factor" not in visit.form
        return await confirm_user.ask(visit, asked, username, proved=proved)
    except PasswordResetRequiredException as error:
        return await confirm_forgot_password.ask(visit, asked, username, problem=error.message)
    except AwsError as error:
        visit.ctx.span.note(error=error.code, why=error.why or error.message)
        return await again(error.message)
    if "SignedIn" in answer:
        return await to_app.sign_in(visit, asked, answer["SignedIn"])
    page = await challenge_page(visit, asked, answer)
    return page if page is not None else await again("This way to sign in is not available.")
