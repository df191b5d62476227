"""/oauth2/authorize: an app sends a browser to sign in.

https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

from habitr_emulator.services.cognito_idp import identity_providers
from habitr_emulator.services.cognito_idp.hosted_ui import authorization, browser, provider_visit, to_app
from habitr_emulator.services.cognito_idp.hosted_ui import visit as visits
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.wire.http import Response

COGNITO = "COGNITO"


async def get(visit: Visit) -> Response:
    """Back to the app at once if the browser is signed in, else to a provider or to ``/login``.

    ``prompt=none`` asks not to show a page, ``prompt=login`` to show it in any case. Raises ErrorPage, BackToApp.
    """
    asked = authorization.read(visit)
    provider, prompts = _provider(asked), asked.parameters.get("prompt", "").split()
    session = None if "login" in prompts else await browser.session(visit, asked.pool)
    if session is not None and (provider is None or "none" in prompts):
        return await to_app.send(visit, asked, session)
    if "none" not in prompts:
        if provider is not None:
            return await provider_visit.leave_for(visit, asked, provider)
        return visits.redirect(visit.link("/login", asked.parameters))
    raise asked.refuse("login_required", why="prompt=none, and the browser is not signed in")


def _provider(asked: Authorization) -> Provider | None:
    """The external provider that is to be asked; None for the pool itself. Raises BackToApp."""
    name, identifier = asked.parameters.get("identity_provider", ""), asked.parameters.get("idp_identifier", "")
    external = asked.providers()
    if not name and identifier:
        found = identity_providers.by_identifier(asked.pool, identifier)
        name = found.name if found else identifier
    if not name:
        if COGNITO in asked.names or len(external) > 1:
            return None
        name = external[0].name if external else COGNITO
    chosen = next((provider for provider in external if provider.name == name), None)
    if chosen is None and (name != COGNITO or COGNITO not in asked.names):
        why = f"the client's SupportedIdentityProviders lack {name}, or the pool does not have it"
        raise asked.refuse("invalid_request", "identity_provider is not available", why=why)
    return chosen
