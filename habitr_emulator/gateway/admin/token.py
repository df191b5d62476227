"""POST /_habitr/token?user=NAME[&client=ID]: tokens of any user, without a password."""

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, parameters, want
from habitr_emulator.services.cognito_idp.impersonation import tokens_of
from habitr_emulator.services.context import Caller
from habitr_emulator.wire.http import Request, Response

SERVICE = Caller("service", arn="cognito-idp.amazonaws.com")


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``AuthenticationResult`` of a sign-in with the project's app client, or with ``client``."""
    want(request, "POST", "token")
    asked = parameters(request)
    return json_response(await tokens(control, asked.get("user", ""), asked.get("client", "")))


async def tokens(control: Control, user: str, client: str = "") -> dict[str, str]:
    """The tokens of a user of the project's pool. Raises BadRequest and AwsError."""
    config = control.config()
    if not user:
        raise BadRequest("whose? give user=NAME")
    if "user_pool_id" not in config:
        raise BadRequest("the project has no user pool")
    context = control.account.context(SERVICE)
    return await tokens_of(context, config["user_pool_id"], client or config["app_client_id"], user)
