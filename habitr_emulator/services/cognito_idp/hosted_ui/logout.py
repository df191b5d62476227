"""/logout: the browser's sign-in ends; the app's tokens live on.

https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
"""

from habitr_emulator.services.cognito_idp.hosted_ui import authorization, browser
from habitr_emulator.services.cognito_idp.hosted_ui import visit as visits
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import ErrorPage
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.wire.http import Response


async def get(visit: Visit) -> Response:
    """With ``logout_uri`` back to the app; with ``redirect_uri`` and ``response_type`` on to ``/login``.

    Raises ErrorPage for an address that is not registered.
    """
    client_id = visit.query.get("client_id", "")
    _, client = visit.app(client_id)
    address = visit.query.get("logout_uri")
    if address is None:
        if "redirect_uri" not in visit.query or "response_type" not in visit.query:
            why = "/logout needs logout_uri, or redirect_uri and response_type"
            raise ErrorPage("missing_parameter", client_id, why=why)
        asked = authorization.read(visit)
        return visits.redirect(visit.link("/login", asked.parameters), browser.signed_out(visit))
    if address not in (client.settings.get("LogoutURLs") or ()):
        why = f"logout_uri must be, letter by letter, one of the client's LogoutURLs: {address}"
        raise ErrorPage("redirect_mismatch", client_id, why=why)
    return visits.redirect(address, browser.signed_out(visit))
