"""/confirmForgotPassword: a new password is set with the code that was sent."""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp.hosted_ui import app_client, authorization, browser
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.pages import Form, Page
from habitr_emulator.services.cognito_idp.hosted_ui.show import show
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.hosted_ui.wording import code_field, new_password_field
from habitr_emulator.wire.http import Response


async def post(visit: Visit) -> Response:
    """Set the password; the next page is for signing in with it."""
    from habitr_emulator.services.cognito_idp.hosted_ui import login

    asked = authorization.read(visit)
    await browser.check_form(visit)
    name = visit.form.get("username", "")
    request = {
        "ClientId": asked.client.id,
        "Username": name,
        "ConfirmationCode": visit.form.get("code", "").strip(),
        "Password": visit.form.get("password", ""),
        **app_client.secret_hash(asked.client, name),
    }
    try:
        await app_client.call(visit, "ConfirmForgotPassword", **request)
    except AwsError as error:
        return await ask(visit, asked, name, problem=error.message)
    return await login.login_page(visit, asked, note="Your password was changed. Sign in with it now.")


async def ask(visit: Visit, asked: Authorization, username: str, *, problem: str = "", note: str = "") -> Response:
    """The page that asks for code and password."""
    fields = (code_field(), new_password_field())
    action = visit.link("/confirmForgotPassword", asked.parameters)
    form = Form(action, "Change the password", fields, {"username": username})
    page = Page(
        "Set a new password",
        asked.pool.settings["Name"],
        error=problem,
        notes=(note or "Enter the code that we sent you.",),
        forms=(form,),
        links=(("Send another code", visit.link("/forgotPassword", asked.parameters)),),
    )
    return await show(visit, page, asked.redirect_uri)
