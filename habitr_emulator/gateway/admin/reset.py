"""POST /_habitr/reset[?empty=true]: back to the state after start, in one step."""

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, parameters
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """Users, rows, objects and messages that came after the start are gone when this answers."""
    if request.method != "POST":
        raise BadRequest("reset wants POST")
    empty = parameters(request).get("empty", "false") in ("", "1", "true")
    await control.reset(empty)
    return json_response({"reset": True})
