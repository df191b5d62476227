"""GET /_habitr/analytics[?app=&limit=]: the events that apps recorded with Pinpoint, and their endpoints."""

from habitr_emulator.gateway.admin import Control, json_response, number, parameters
from habitr_emulator.services.pinpoint import endpoints, events
from habitr_emulator.wire.http import Request, Response

MOST = 10_000


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``{"events": […], "endpoints": […]}``: events newest first, endpoints by id."""
    asked = parameters(request)
    limit = int(max(0.0, min(number(asked.get("limit", "100"), "limit"), MOST)))
    store, app = control.account.store, asked.get("app", "")
    return json_response(
        {"events": events.latest(store, app, limit), "endpoints": endpoints.latest(store, app, limit)}
    )
