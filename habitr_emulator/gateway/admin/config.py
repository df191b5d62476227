"""GET /_habitr/config: every endpoint and id that a client needs."""

from habitr_emulator.gateway.admin import Control, json_response
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """The configuration as JSON, keys in lower case."""
    return json_response({**control.config(), "ca_pem": control.ca_pem()})
