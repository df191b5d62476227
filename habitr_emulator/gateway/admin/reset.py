"""POST /_habitr/reset[?empty]: back to the state right after the start, in one step."""

from habitr_emulator.gateway.admin import Control, json_response, parameters, want
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """Only the seed is left when this answers (or, ``empty``, not even that); the clock is left alone."""
    want(request, "POST", "reset")
    await control.reset(empty="empty" in parameters(request))
    return json_response({"reset": True})
