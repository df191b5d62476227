"""GET /_habitr/config: every endpoint and id that a client needs; with ``?format=``, the file that it reads."""

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, parameters
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """The configuration as JSON, keys in lower case; or the text of ``format`` for ``target`` and ``hosts``."""
    asked = parameters(request)
    if "format" not in asked:
        return json_response({**control.config(), "ca_pem": control.ca_pem()})
    try:
        text = control.render(asked["format"], asked.get("target", "web"), asked.get("hosts", "local"))
    except ValueError as error:
        raise BadRequest(str(error)) from None
    return Response(200, {"content-type": "text/plain; charset=utf-8"}, text.encode())
