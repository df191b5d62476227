"""/login: the page with name and password, and the ways to other providers.

https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html
"""

from habitr_emulator.services.cognito_idp import first_factors
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException
from habitr_emulator.services.cognito_idp.flows.user_auth import user_auth
from habitr_emulator.services.cognito_idp.flows.user_password_auth import user_password_auth
from habitr_emulator.services.cognito_idp.hosted_ui import app_client, authorization, browser, steps
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.authorize import COGNITO
from habitr_emulator.services.cognito_idp.hosted_ui.pages import Field, Form, Page
from habitr_emulator.services.cognito_idp.hosted_ui.show import show
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.hosted_ui.wording import name_field, provider_text
from habitr_emulator.wire.http import Response

_BY_CODE = {"EMAIL_OTP": "Sign in with a code by mail", "SMS_OTP": "Sign in with a code by SMS"}
_LONGEST_NAME, _LONGEST_PASSWORD = 128, 256


async def get(visit: Visit) -> Response:
    """The page. Raises ErrorPage, BackToApp."""
    return await login_page(visit, authorization.read(visit))


async def post(visit: Visit) -> Response:
    """Judge name and password, or send a code to somebody who wants to sign in without a password."""
    asked = authorization.read(visit)
    await browser.check_form(visit)
    if COGNITO not in asked.names:
        raise asked.refuse("invalid_request", why="the client's SupportedIdentityProviders lack COGNITO")
    username, password = visit.form.get("username", ""), visit.form.get("password", "")
    if len(username) > _LONGEST_NAME or len(password) > _LONGEST_PASSWORD:
        return await login_page(visit, asked, NotAuthorizedException.default_message)
    factor = visit.form.get("factor", "")
    if factor in _factors(asked):
        attempt = app_client.attempt(visit, asked, username, PREFERRED_CHALLENGE=factor)
        step = user_auth(attempt)
    else:
        step = user_password_auth(app_client.attempt(visit, asked, username, PASSWORD=password))
    return await steps.follow(visit, asked, step, lambda problem: login_page(visit, asked, problem))


async def login_page(visit: Visit, asked: Authorization, problem: str = "", note: str = "") -> Response:
    """The page, with what went wrong or right before."""
    factor = visit.query.get("factor", "")
    own = COGNITO in asked.names
    choices = [(_BY_CODE[name], _link(visit, asked, name)) for name in _factors(asked) if own and name != factor]
    for provider in asked.providers():
        to = {**asked.parameters, "identity_provider": provider.name}
        choices.append((provider_text(provider), visit.link("/oauth2/authorize", to)))
    forms = (_by_code(visit, asked, factor) if factor in _factors(asked) else _by_password(visit, asked),)
    page = Page(
        "Sign in",
        asked.pool.settings["Name"],
        error=problem,
        notes=(note,) if note else (),
        choices=tuple(choices),
        forms=forms if own else (),
        links=_links(visit, asked) if own else (),
    )
    return await show(visit, page, asked.redirect_uri)


def _by_password(visit: Visit, asked: Authorization) -> Form:
    password = Field("password", "Password", "password", autocomplete="current-password")
    action = visit.link("/login", asked.parameters)
    return Form(action, "Sign in", (_name(visit, asked), password), name="cognitoSignInForm")


def _by_code(visit: Visit, asked: Authorization, factor: str) -> Form:
    return Form(_link(visit, asked, factor), "Send the code", (_name(visit, asked),), {"factor": factor})


def _name(visit: Visit, asked: Authorization) -> Field:
    return name_field(asked.pool, visit.form.get("username") or asked.parameters.get("login_hint", ""))


def _link(visit: Visit, asked: Authorization, factor: str) -> str:
    return visit.link("/login", {**asked.parameters, "factor": factor})


def _factors(asked: Authorization) -> list[str]:
    """The ways to sign in by a code alone that pool and client allow."""
    if not asked.client.allows("USER_AUTH"):
        return []
    return [factor for factor in first_factors.allowed(asked.pool) if factor in _BY_CODE]


def _links(visit: Visit, asked: Authorization) -> tuple[tuple[str, str], ...]:
    links = [("Forgot your password?", visit.link("/forgotPassword", asked.parameters))]
    if not asked.pool.settings["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]:
        links.append(("Sign up", visit.link("/signup", asked.parameters)))
    if visit.query.get("factor"):
        links.append(("Sign in with a password", visit.link("/login", asked.parameters)))
    return tuple(links)
