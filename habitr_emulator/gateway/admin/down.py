"""POST /_habitr/down: answer, then end as Ctrl-C does."""

from habitr_emulator.gateway.admin import Control, json_response, want
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """What is being answered gets a moment to end; the state is kept, unless it is in memory."""
    want(request, "POST", "down")
    control.stop()
    return json_response({"down": True})
