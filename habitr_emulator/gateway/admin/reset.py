"""POST /_habitr/reset: back to the project as it was first deployed, in one step."""

from habitr_emulator.gateway.admin import BadRequest, Control, json_response
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """Users, rows, objects and messages are gone when this answers; the clock is left alone."""
    if request.method != "POST":
        raise BadRequest("reset wants POST")
    await control.reset()
    return json_response({"reset": True})
