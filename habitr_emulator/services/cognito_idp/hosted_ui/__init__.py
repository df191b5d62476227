"""The hosted UI of user pools and their OAuth 2.0 endpoints: one file for each address.

An address's module has ``get``, ``post`` or both: ``async (Visit) -> Response``. Pages need no script.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html
"""

import logging
from importlib import import_module

from habitr_emulator.services.cognito_idp.hosted_ui import visit as visits
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import BackToApp, ErrorPage, OAuthError
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.context import Context
from habitr_emulator.wire.answers import one_line
from habitr_emulator.wire.http import Request, Response

_log = logging.getLogger("habitr_emulator.requests")
_PAGES = {
    "/login": "login",
    "/mfa": "mfa",
    "/changePassword": "change_password",
    "/signup": "signup",
    "/confirmUser": "confirm_user",
    "/resendcode": "resendcode",
    "/forgotPassword": "forgot_password",
    "/confirmForgotPassword": "confirm_forgot_password",
    "/logout": "logout",
    "/error": "error",
    "/oauth2/authorize": "authorize",
    "/oauth2/idpresponse": "idp_response",
    "/oauth2/standin": "stand_in",
    "/oauth2/token": "token",
    "/oauth2/userInfo": "user_info",
    "/oauth2/revoke": "revoke",
}


async def handle(request: Request, context: Context) -> Response:
    """Answer a request for a hosted UI; a refusal says why in log, trace and ``x-habitr-why``."""
    try:
        response = await _answer(visits.of_request(request, context))
    except ErrorPage as refusal:  # an unknown domain: there is no page of it to go to
        context.span.note(error=refusal.error, why=refusal.why)
        response = Response(404, {"content-type": "text/plain"}, b"There is no such domain.\n")
    why = context.span.facts.get("why")
    if why:
        _log.info("%s: %s", context.span.name, why)
        response.headers["x-habitr-why"] = one_line(why)
    return response


async def _answer(visit: Visit) -> Response:
    """The endpoint's answer, or its refusal in the form that the endpoint refuses in."""
    note = visit.ctx.span.note
    try:
        return await _endpoint(visit)
    except OAuthError as refusal:
        note(error=refusal.error, why=refusal.why)
        described = f'error="{refusal.error}",error_description="{one_line(refusal.description)}"'
        headers = {"www-authenticate": f"Bearer {described}"} if refusal.status == 401 else {}
        return visits.json(refusal.body, refusal.status, headers)
    except BackToApp as refusal:
        note(error=refusal.error, why=refusal.why)
        return visits.redirect(refusal.address)
    except ErrorPage as refusal:
        note(error=refusal.error, why=refusal.why)
        said = {"error": refusal.error, **({"client_id": refusal.client_id} if refusal.client_id else {})}
        return visits.redirect(visit.link("/error", said))


async def _endpoint(visit: Visit) -> Response:
    name = _PAGES.get(visit.path)
    if name is None:
        return Response(404, {"content-type": "text/plain"}, b"There is no such page.\n")
    module = import_module(f"{__name__}.{name}")
    method = "get" if visit.request.method == "HEAD" else visit.request.method.lower()
    serve = getattr(module, method, None) if method in ("get", "post") else None
    if serve is None:
        return Response(405, {"content-type": "text/plain"}, b"This address does not take that method.\n")
    response: Response = await serve(visit)
    return response
