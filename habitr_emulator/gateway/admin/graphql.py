"""POST /_habitr/graphql[?as=USER]: one query (a GraphQL request as JSON) as anyone; without ``as`` by API key."""

from habitr_emulator.gateway.admin import BadRequest, Control, parameters, want
from habitr_emulator.gateway.admin.token import tokens
from habitr_emulator.wire.http import Headers, Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """The answer of ``/graphql``."""
    want(request, "POST", "graphql")
    user, config = parameters(request).get("as", ""), control.config()
    if user:
        credential = ("authorization", (await tokens(control, user))["AccessToken"])
    elif "graphql_api_key" in config:
        credential = ("x-api-key", config["graphql_api_key"])
    else:
        raise BadRequest("the project has no API key; say who asks: as=USER")
    lines = [("host", request.host), ("content-type", "application/json"), credential]
    return await control.send(Request("POST", "/graphql", Headers(lines), request.body))
