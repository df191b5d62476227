"""/confirmUser: the code that a sign-up sent is given, on the page or by the link in the mail.

https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
"""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp import users
from habitr_emulator.services.cognito_idp.hosted_ui import app_client, authorization, browser
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.pages import Form, Page
from habitr_emulator.services.cognito_idp.hosted_ui.show import show
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.hosted_ui.wording import code_field
from habitr_emulator.services.cognito_idp.sign_in import Answer, after_password
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.wire.http import Response

_PURPOSE = "hosted confirmation"
_SECONDS = 3600


async def get(visit: Visit) -> Response:
    """The link of a mail: confirm with ``client_id``, ``user_name`` and ``confirmation_code``."""
    pool, client = visit.app(visit.query.get("client_id", ""))
    name = visit.query.get("user_name", "")
    problem = ""
    try:
        given = {"Username": name, "ConfirmationCode": visit.query.get("confirmation_code", "")}
        hashed = app_client.secret_hash(client, name)
        await app_client.call(visit, "ConfirmSignUp", ClientId=client.id, **given, **hashed)
    except AwsError as error:
        problem = error.message
    title = "Your registration could not be confirmed" if problem else "Your registration has been confirmed!"
    page = Page(title, pool.settings["Name"], error=problem)
    return await show(visit, page, status=400 if problem else 200)


async def post(visit: Visit) -> Response:
    """The code from the page; whoever gave the password before is then signed in."""
    from habitr_emulator.services.cognito_idp.hosted_ui import login, steps

    asked = authorization.read(visit)
    await browser.check_form(visit)
    name = visit.form.get("username", "")
    try:
        code = visit.form.get("code", "").strip()
        hashed = app_client.secret_hash(asked.client, name)
        request = {"ClientId": asked.client.id, "Username": name, "ConfirmationCode": code, **hashed}
        await app_client.call(visit, "ConfirmSignUp", **request)
    except AwsError as error:
        return await ask(visit, asked, name, problem=error.message)
    user = await _proved(visit, asked)
    if user is None:
        return await login.login_page(visit, asked, note="You are confirmed. Sign in now.")
    step = _after(visit, asked, user)
    return await steps.follow(visit, asked, step, lambda problem: login.login_page(visit, asked, problem))


async def ask(
    visit: Visit, asked: Authorization, username: str, *, proved: bool = False, problem: str = "", note: str = ""
) -> Response:
    """The page that asks for the code. ``proved`` tells that this browser has just given the user's password."""
    proof = await _proof(visit, asked, username) if proved else visit.form.get("proof", "")
    hidden = {"username": username, "proof": proof}
    confirm = Form(visit.link("/confirmUser", asked.parameters), "Confirm", (code_field(),), hidden)
    resend = Form(visit.link("/resendcode", asked.parameters), "Send a new code", (), hidden, minor=True)
    page = Page(
        "Confirm your account",
        asked.pool.settings["Name"],
        error=problem,
        notes=(note or "Enter the code that we sent you.",),
        forms=(confirm, resend),
        links=(("Sign in", visit.link("/login", asked.parameters)),),
    )
    return await show(visit, page, asked.redirect_uri)


async def _after(visit: Visit, asked: Authorization, user: User) -> Answer:
    return await after_password(app_client.attempt(visit, asked, user.username), user)


async def _proof(visit: Visit, asked: Authorization, username: str) -> str:
    user = users.find(visit.ctx.store, asked.pool, username)
    if user is None:
        return ""
    until = str(visit.ctx.clock.now() + _SECONDS)
    return await browser.sealed(visit, _PURPOSE, {"client": asked.client.id, "sub": user.sub, "until": until})


async def _proved(visit: Visit, asked: Authorization) -> User | None:
    """The user whose password this browser has given, if it was the one who is now confirmed."""
    content = await browser.unsealed(visit, _PURPOSE, visit.form.get("proof", ""))
    user = users.find(visit.ctx.store, asked.pool, visit.form.get("username", ""))
    if content is None or user is None or float(content["until"]) <= visit.ctx.clock.now():
        return None
    return user if (content["client"], content["sub"]) == (asked.client.id, user.sub) else None
