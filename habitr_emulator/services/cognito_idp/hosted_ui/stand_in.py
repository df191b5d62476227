"""/oauth2/standin: plays an identity provider that is not on this machine; whoever is there says who they are."""

from collections.abc import Mapping

from habitr_emulator.kernel.ids import derived_base36, derived_text, derived_uuid
from habitr_emulator.services.cognito_idp import identities
from habitr_emulator.services.cognito_idp.hosted_ui import browser, one_time, provider_visit
from habitr_emulator.services.cognito_idp.hosted_ui import visit as visits
from habitr_emulator.services.cognito_idp.hosted_ui.pages import Field, Form, Page
from habitr_emulator.services.cognito_idp.hosted_ui.provider_visit import ANSWER, Trip
from habitr_emulator.services.cognito_idp.hosted_ui.show import show
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.hosted_ui.wording import provider_text
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.wire.http import Response

_PEOPLE = 8
_LONGEST = 2048


async def get(visit: Visit) -> Response:
    """The page: the people who came this way before, and a form for somebody else. Raises ErrorPage."""
    return await _page(visit, await _trip(visit))


async def post(visit: Visit) -> Response:
    """Go back as the provider would send the browser back: with a code for a profile, or with a refusal."""
    trip = await _trip(visit)
    await browser.check_form(visit)
    state = {"state": visit.query["state"]}
    if visit.form.get("refuse"):
        refusal = {"error": "access_denied", "error_description": "The person did not agree."}
        return visits.redirect(visit.link(ANSWER, {**refusal, **state}))
    claims = _chosen(visit, trip) if visit.form.get("person") else _typed(visit, trip.provider)
    if not claims.get("email"):
        return await _page(visit, trip, "Enter an e-mail address.")
    content = {"kind": "profile", "nonce": trip.nonce, "claims": claims}
    code = await one_time.give(visit.ctx, content)
    return visits.redirect(visit.link(ANSWER, {"code": code, **state}))


async def _trip(visit: Visit) -> Trip:
    return await provider_visit.returning(visit, visit.query.get("state", ""))


def _claims_asked_for(provider: Provider) -> list[str]:
    """E-mail, which the id follows from, and what else the attribute mapping wants."""
    mapped = [claim for name, claim in provider.mapping.items() if name != "username"]
    return list(dict.fromkeys(["email", *mapped]))


def _typed(visit: Visit, provider: Provider) -> dict[str, str]:
    """The claims of a person typed in; the same e-mail address is the same person every time."""
    typed = {claim: visit.form.get(claim, "").strip()[:_LONGEST] for claim in _claims_asked_for(provider)}
    said = {claim: value for claim, value in typed.items() if value}
    given_id = visit.form.get("id", "").strip()[:128]
    subject = given_id or _id_of(provider.kind, said.get("email", "").lower())
    return {**said, provider.subject: subject}


def _chosen(visit: Visit, trip: Trip) -> dict[str, str]:
    """The claims of a person who came before, as they were then."""
    for user in _people(visit, trip.asked.pool, trip.provider):
        subject = identities.id_at(user, trip.provider.name)
        if subject and subject == visit.form["person"]:
            pairs = trip.provider.mapping.items()
            said = {claim: user.attributes[name] for name, claim in pairs if name in user.attributes}
            email = user.attributes.get("email") or f"{user.username}@example.com"
            return {"email": email, **said, trip.provider.subject: subject}
    return {}


def _people(visit: Visit, pool: Pool, provider: Provider) -> list[User]:
    return identities.people(visit.ctx.store, pool.id, provider.name, _PEOPLE)


def _id_of(kind: str, email: str) -> str:
    """An id in the provider's form, the same for the same address."""
    if kind == "LoginWithAmazon":
        return f"amzn1.account.{derived_base36(26, kind, email).upper()}"
    if kind in ("Google", "Facebook"):
        return "1" + derived_text(20 if kind == "Google" else 16, "0123456789", kind, email)
    if kind == "SignInWithApple":
        return f"001234.{derived_text(32, '0123456789abcdef', kind, email)}.0001"
    return derived_uuid(kind, email)


async def _page(visit: Visit, trip: Trip, problem: str = "") -> Response:
    action = visit.link("/oauth2/standin", {name: visit.query[name] for name in ("client_id", "state")})
    known = tuple(_person(action, trip, user) for user in _people(visit, trip.asked.pool, trip.provider))
    typed = Form(action, "Sign in", (*_fields(trip, visit.form), _id_field(trip.provider)))
    refuse = Form(action, "Do not agree", (), {"refuse": "yes"}, minor=True)
    provider = trip.provider.name
    page = Page(
        provider_text(trip.provider),
        f"Stand-in for {provider}",
        error=problem,
        notes=(f"{provider} is not asked: you say who you are. The same e-mail address is the same person.",),
        forms=(*known, typed, refuse),
    )
    return await show(visit, page, trip.asked.redirect_uri)


def _person(action: str, trip: Trip, user: User) -> Form:
    subject = identities.id_at(user, trip.provider.name) or ""
    text = user.attributes.get("name") or user.attributes.get("email") or user.username
    return Form(action, f"Continue as {text}", (), {"person": subject}, minor=True)


def _fields(trip: Trip, typed: Mapping[str, str]) -> tuple[Field, ...]:
    known = {"email": trip.asked.parameters.get("login_hint", ""), **typed}
    kinds = {"email": "email"}
    labels = {"email": "E-mail", "name": "Name"}
    return tuple(
        Field(
            claim,
            labels.get(claim, claim),
            kinds.get(claim, "text"),
            known.get(claim, "")[:_LONGEST],
            required=claim == "email",
        )
        for claim in _claims_asked_for(trip.provider)
        if claim != trip.provider.subject
    )


def _id_field(provider: Provider) -> Field:
    hint = "Left empty, it follows from the e-mail address."
    return Field("id", f"Id at the provider ({provider.subject})", hint=hint, required=False)
