"""What the browser takes back to the app once somebody is signed in: a code, or the tokens themselves.

https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

from collections.abc import Mapping

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp import token_issue
from habitr_emulator.services.cognito_idp.errors import UserLambdaValidationException
from habitr_emulator.services.cognito_idp.hosted_ui import browser, one_time
from habitr_emulator.services.cognito_idp.hosted_ui import visit as visits
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import BackToApp
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.token_issue import Hosted
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.wire.http import Response

#: The token trigger's source for every sign-in in a browser.
SOURCE = "HostedAuth"


async def sign_in(visit: Visit, asked: Authorization, user: User) -> Response:
    """Sign the browser in and send it back to the app. Raises BackToApp if the token trigger refuses."""
    cookie = await browser.signed_in(visit, asked.pool, user)
    session = browser.Session(user, int(visit.ctx.clock.now()))
    return await send(visit, asked, session, cookie)


async def send(
    visit: Visit, asked: Authorization, session: browser.Session, headers: Mapping[str, str] | None = None
) -> Response:
    """Send a signed-in browser back to the app. Raises BackToApp if the token trigger refuses."""
    answer = await (_tokens if asked.implicit else _code)(visit, asked, session)
    return visits.redirect(asked.back(answer), headers)


def refused(asked: Authorization, error: AwsError) -> BackToApp:
    """How a refusal of the pool or of one of its triggers reaches the app."""
    blank = " " if isinstance(error, UserLambdaValidationException) else ""
    return asked.refuse("invalid_request", error.message + blank, why=error.why or error.message)


async def _code(visit: Visit, asked: Authorization, session: browser.Session) -> dict[str, str]:
    content = {
        "kind": "code",
        "client": asked.client.id,
        "redirect_uri": asked.redirect_uri,
        "username": session.user.username,
        "sub": session.user.sub,
        "scopes": asked.scopes,
        "auth_time": session.auth_time,
        "nonce": asked.parameters.get("nonce", ""),
        "resource": asked.parameters.get("resource", ""),
        "challenge": asked.parameters.get("code_challenge", ""),
    }
    return {"code": await one_time.give(visit.ctx, content)}


async def _tokens(visit: Visit, asked: Authorization, session: browser.Session) -> dict[str, str]:
    nonce, resource = asked.parameters.get("nonce", ""), asked.parameters.get("resource", "")
    hosted = Hosted(asked.scopes, session.auth_time, nonce, resource)
    occasion = Occasion(visit.ctx, asked.pool, session.user, asked.client.id)
    try:
        result = await token_issue.sign_in(occasion, asked.client, SOURCE, hosted)
    except AwsError as error:
        raise refused(asked, error) from error
    with_id = {"id_token": result["IdToken"]} if "openid" in asked.scopes.split() else {}
    return {
        **with_id,
        "access_token": result["AccessToken"],
        "expires_in": str(result["ExpiresIn"]),
        "token_type": result["TokenType"],
    }
