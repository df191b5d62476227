"""The way to an identity provider and back: what is kept of the app's request behind a state of our own.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html
"""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson

from habitr_emulator.services.cognito_idp import identity_providers
from habitr_emulator.services.cognito_idp.hosted_ui import authorization, browser, provider_http
from habitr_emulator.services.cognito_idp.hosted_ui import visit as visits
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.provider_http import Addresses
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import ErrorPage
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.wire.http import Response

ANSWER = "/oauth2/idpresponse"
_STAND_IN = "/oauth2/standin"
_COOKIE = "csrf-state"
_PURPOSE = "hosted provider state"
_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Trip:
    """A browser that was sent to a provider for an app. ``nonce`` must come back in the provider's ID token."""

    asked: Authorization
    provider: Provider
    nonce: str


async def leave_for(visit: Visit, asked: Authorization, provider: Provider) -> Response:
    """Send the browser to the provider if that is on this machine, else to the stand-in for it."""
    secret = visit.cookie(_COOKIE) or visit.ctx.ids.base62(32)
    nonce = visit.ctx.ids.base62(32)
    content = {
        "asked": orjson.dumps(asked.parameters).decode(),
        "provider": provider.name,
        "nonce": nonce,
        "browser": _digest(secret),
        "until": str(visit.ctx.clock.now() + _SECONDS),
    }
    state = await browser.sealed(visit, _PURPOSE, content)
    addresses = await provider_http.addresses(provider)
    headers = visit.set_cookie(_COOKIE, secret, _SECONDS)
    if addresses is None:
        why = f"the addresses of {provider.name} are not on this machine; its stand-in asks who is there"
        visit.ctx.span.note(why=why)
        to = visit.link(_STAND_IN, {"client_id": asked.client.id, "state": state})
        return visits.redirect(to, headers)
    return visits.redirect(_address(visit, Trip(asked, provider, nonce), addresses, state), headers)


def _address(visit: Visit, trip: Trip, addresses: Addresses, state: str) -> str:
    asked, provider = trip.asked, trip.provider
    query = {
        "client_id": provider.details["client_id"],
        "redirect_uri": visit.absolute(ANSWER),
        "scope": provider.details.get("authorize_scopes", ""),
        "response_type": "code",
        "state": state,
    }
    query |= {name: asked.parameters[name] for name in ("login_hint", "prompt") if name in asked.parameters}
    if addresses.issuer:
        query["nonce"] = trip.nonce
    return f"{addresses.authorize}{'&' if '?' in addresses.authorize else '?'}{urlencode(query)}"


async def returning(visit: Visit, state: str) -> Trip:
    """The trip that a state belongs to, if this browser left for it.

    Raises ErrorPage for another state, BackToApp if the app's request is no longer good.
    """
    content = await browser.unsealed(visit, _PURPOSE, state)
    if content is None or float(content["until"]) <= visit.ctx.clock.now():
        raise ErrorPage("invalid_state", why="the state was not made here, or is older than ten minutes")
    if content["browser"] != _digest(visit.cookie(_COOKIE)):
        raise ErrorPage("invalid_state", why="the state was made for another browser (its csrf-state cookie)")
    asked = authorization.read(visit, orjson.loads(content["asked"]))
    provider = identity_providers.find(asked.pool, content["provider"])
    if provider is None:
        raise asked.refuse("invalid_request", why=f"the provider was deleted: {content['provider']}")
    return Trip(asked, provider, content["nonce"])


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
