"""/resendcode: send the code of a sign-up once more."""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp.hosted_ui import app_client, authorization, browser, confirm_user
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.wire.http import Response


async def post(visit: Visit) -> Response:
    """Send it, and ask for it."""
    asked = authorization.read(visit)
    await browser.check_form(visit)
    name = visit.form.get("username", "")
    try:
        hashed = app_client.secret_hash(asked.client, name)
        request = {"ClientId": asked.client.id, "Username": name, **hashed}
        sent = await app_client.call(visit, "ResendConfirmationCode", **request)
    except AwsError as error:
        return await confirm_user.ask(visit, asked, name, problem=error.message)
    to = sent["CodeDeliveryDetails"]["Destination"]
    return await confirm_user.ask(visit, asked, name, note=f"We sent a new code to {to}.")
