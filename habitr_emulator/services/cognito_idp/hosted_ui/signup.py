"""/signup: somebody registers.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
"""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_idp import attributes, users
from habitr_emulator.services.cognito_idp.errors import UserNotFoundException
from habitr_emulator.services.cognito_idp.hosted_ui import app_client, authorization, browser, confirm_user, steps
from habitr_emulator.services.cognito_idp.hosted_ui.authorization import Authorization
from habitr_emulator.services.cognito_idp.hosted_ui.pages import Field, Form, Page
from habitr_emulator.services.cognito_idp.hosted_ui.show import show
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.hosted_ui.wording import attribute_field, name_field
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.sign_in import Answer, after_password
from habitr_emulator.wire.http import Response

_PREFIX = "requiredAttributes"


async def get(visit: Visit) -> Response:
    """The page. Raises ErrorPage, BackToApp."""
    return await _page(visit, authorization.read(visit))


async def post(visit: Visit) -> Response:
    """Register; then ask for the code, or sign in at once whoever a trigger has confirmed."""
    asked = authorization.read(visit)
    await browser.check_form(visit)
    name = visit.form.get("username", "")
    try:
        made = await app_client.call(visit, "SignUp", **_request(visit, asked, name))
    except AwsError as error:
        return await _page(visit, asked, error.message)
    if not made["UserConfirmed"]:
        to = (made.get("CodeDeliveryDetails") or {}).get("Destination", "")
        note = f"We sent a code to {to}." if to else "An administrator must confirm your account."
        return await confirm_user.ask(visit, asked, name, proved=True, note=note)
    return await steps.follow(visit, asked, _confirmed(visit, asked, name), lambda said: _page(visit, asked, said))


def _request(visit: Visit, asked: Authorization, name: str) -> dict[str, object]:
    given = {each: visit.form.get(f"{_PREFIX}[{each}]", "") for each in _asked_for(asked.pool)}
    return {
        "ClientId": asked.client.id,
        "Username": name,
        "Password": visit.form.get("password", ""),
        "UserAttributes": [{"Name": key, "Value": value} for key, value in given.items() if value],
        **app_client.secret_hash(asked.client, name),
    }


async def _confirmed(visit: Visit, asked: Authorization, name: str) -> Answer:
    user = users.find(visit.ctx.store, asked.pool, name)
    if user is None:
        raise UserNotFoundException
    return await after_password(app_client.attempt(visit, asked, user.username), user)


def _asked_for(pool: Pool) -> list[str]:
    """The attributes that the page asks for beside the name: required ones, and addresses that get a code."""
    required = attributes.missing_required(pool, {})
    named = pool.username_attributes[0] if len(pool.username_attributes) == 1 else ""
    return [name for name in dict.fromkeys([*required, *pool.auto_verified]) if name != named]


async def _page(visit: Visit, asked: Authorization, problem: str = "") -> Response:
    fields = [name_field(asked.pool, visit.form.get("username", ""))]
    for name in _asked_for(asked.pool):
        fields.append(attribute_field(name, _PREFIX, visit.form.get(f"{_PREFIX}[{name}]", "")))
    fields.append(Field("password", "Password", "password", autocomplete="new-password"))
    form = Form(visit.link("/signup", asked.parameters), "Sign up", tuple(fields), name="cognitoSignUpForm")
    links = (("Already have an account? Sign in", visit.link("/login", asked.parameters)),)
    page = Page("Sign up", asked.pool.settings["Name"], error=problem, forms=(form,), links=links)
    return await show(visit, page, asked.redirect_uri)
