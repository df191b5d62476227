"""GET /_habitr/requests[/<request id>]: the latest requests with their trace trees, newest first."""

from habitr_emulator.gateway.admin import Control, json_response, number, parameters
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """One request by its id, or the latest ``limit``."""
    if rest:
        found = control.log.find(rest)
        return json_response(found) if found else json_response({"message": f"no request: {rest}"}, 404)
    limit = max(1, int(number(parameters(request).get("limit", "50"), "limit")))
    return json_response({"requests": control.log.latest(limit)})
