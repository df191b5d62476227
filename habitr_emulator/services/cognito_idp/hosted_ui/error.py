"""/error: what is wrong with a request that there is no app to send back to."""

from habitr_emulator.services.cognito_idp.hosted_ui.pages import Page
from habitr_emulator.services.cognito_idp.hosted_ui.show import show
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.wire.http import Response

_TEXTS = {
    "redirect_mismatch": "The address to go back to is not registered with the app client. It must be, letter by "
    "letter, one of its CallbackURLs (or, for signing out, of its LogoutURLs).",
    "invalid_client": "The app client does not exist, or its user pool has another domain.",
    "invalid_state": "Invalid state: this answer of an identity provider was not asked for by this browser, or "
    "came too late. Start the sign-in again from the app.",
    "csrf_mismatch": "The form did not come from this page. Go back, load the page again, and repeat your entry; "
    "cookies must be allowed.",
    "missing_parameter": "Required parameters are missing: logout_uri, or redirect_uri and response_type.",
}


async def get(visit: Visit) -> Response:
    """The page, in words of its own: nothing from the query is shown but the client's id."""
    text = _TEXTS.get(visit.query.get("error", ""), "The request cannot be served.")
    client_id = visit.query.get("client_id", "")
    notes = (text, *((f"App client: {client_id[:128]}",) if client_id else ()))
    page = Page("An error was encountered with the requested page.", "User pool", notes=notes)
    return await show(visit, page, status=400)
