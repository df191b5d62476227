"""/_habitr/snapshot: GET lists the snapshots; POST save?name= and load?name= make one, or go back to one."""

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, parameters, state_of, want
from habitr_emulator.state.state import StateError
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``{"snapshots": [names]}``, of all or of the one that was meant."""
    state = state_of(control)
    if not rest:
        return json_response({"snapshots": state.names()})
    want(request, "POST", f"snapshot/{rest}")
    steps = {"save": state.save, "load": state.load}
    if rest not in steps:
        raise BadRequest(f"a snapshot can be saved and loaded, not: {rest}")
    name = parameters(request).get("name", "")
    try:
        await steps[rest](name)
    except StateError as error:
        raise BadRequest(str(error)) from None
    return json_response({"snapshots": [name]})
