"""/forgotPassword: somebody asks for a code to set a new password with."""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp.hosted_ui import (
    app_client,
    authorization,
    browser,
    confirm_forgot_password,
)
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.pages import Form, Page
from habitr_emulator.services.cognito_idp.hosted_ui.show import show
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.hosted_ui.wording import name_field
from habitr_emulator.wire.http import Response


async def get(visit: Visit) -> Response:
    """The page. Raises ErrorPage, BackToApp."""
    return await _page(visit, authorization.read(visit))


async def post(visit: Visit) -> Response:
    """Send the code, and ask for it with the new password."""
    asked = authorization.read(visit)
    await browser.check_form(visit)
    name = visit.form.get("username", "")
    try:
        hashed = app_client.secret_hash(asked.client, name)
        sent = await app_client.call(visit, "ForgotPassword", ClientId=asked.client.id, Username=name, **hashed)
    except AwsError as error:
        return await _page(visit, asked, error.message)
    to = sent["CodeDeliveryDetails"]["Destination"]
    return await confirm_forgot_password.ask(visit, asked, name, note=f"We sent a code to {to}.")


async def _page(visit: Visit, asked: Authorization, problem: str = "") -> Response:
    name = name_field(asked.pool, visit.form.get("username", ""))
    form = Form(visit.link("/forgotPassword", asked.parameters), "Send a code", (name,))
    links = (("Sign in", visit.link("/login", asked.parameters)),)
    notes = ("We send you a code to set a new password with.",)
    page = Page(
        "Forgot your password?",
        asked.pool.settings["Name"],
        error=problem,
        notes=notes,
        forms=(form,),
        links=links,
    )
    return await show(visit, page, asked.redirect_uri)
