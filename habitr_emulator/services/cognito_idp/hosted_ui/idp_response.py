"""/oauth2/idpresponse: somebody comes back from an identity provider.

https://docs.aws.amazon.com/cognito/latest/developerguide/idp-response-endpoint.html
"""

from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp import federation
from habitr_emulator.services.cognito_idp.hosted_ui import one_time, provider_http, provider_visit, to_app
from habitr_emulator.services.cognito_idp.hosted_ui.provider_http import ProviderFailure
from habitr_emulator.services.cognito_idp.hosted_ui.provider_visit import Trip
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.triggers.inbound_federation import Said
from habitr_emulator.wire.http import Response


async def get(visit: Visit) -> Response:
    """Sign in whom the provider vouches for, and go back to the app; the provider's refusal is passed on.

    Raises ErrorPage for a state that this browser did not leave with, BackToApp for everything else.
    """
    return await _return(visit, visit.query)


async def post(visit: Visit) -> Response:
    """The same for providers that answer with a form (``response_mode=form_post``)."""
    return await _return(visit, visit.form)


async def _return(visit: Visit, said: Any) -> Response:
    trip = await provider_visit.returning(visit, said.get("state", ""))
    asked = trip.asked
    if said.get("error") or not said.get("code"):
        description = said.get("error_description") or "The identity provider sent no code."
        raise asked.refuse(said.get("error") or "invalid_request", description)
    try:
        of_person = await _of_person(visit, trip, said["code"])
        user = await federation.sign_in(visit.ctx, asked.pool, asked.client, trip.provider, of_person)
    except ProviderFailure as failure:
        raise asked.refuse("invalid_request", str(failure)) from failure
    except AwsError as error:
        raise to_app.refused(asked, error) from error
    return await to_app.sign_in(visit, asked, user)


async def _of_person(visit: Visit, trip: Trip, code: str) -> Said:
    """What the provider says of the person, or what was chosen at the stand-in for it. Raises ProviderFailure."""
    addresses = await provider_http.addresses(trip.provider)
    if addresses is not None:
        given = {"code": code, "redirect_uri": visit.absolute(provider_visit.ANSWER), "nonce": trip.nonce}
        return await provider_http.said(trip.provider, addresses, given, visit.ctx.clock)
    chosen = await one_time.take(
        visit.ctx, code, lambda kept: (kept["kind"], kept.get("nonce")) == ("profile", trip.nonce)
    )
    if chosen is None:
        raise ProviderFailure("The code of the identity provider is unknown or was used.")
    return Said(user_info=chosen["claims"])
