"""POST /_habitr/import: an archive of ``export`` as body becomes the state, in one step."""

from collections.abc import AsyncIterator

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, state_of, want
from habitr_emulator.gateway.admin.export import SERVICE, described
from habitr_emulator.state import archive
from habitr_emulator.state.state import StateError
from habitr_emulator.wire.http import Request, Response

STREAMS = True


async def handle(request: Request, rest: str, control: Control) -> Response:
    """Users, rows, objects and messages are those of the archive when this answers."""
    want(request, "POST", "import")
    pieces = request.stream or _once(request.body)
    context, data = control.account.context(SERVICE), control.account.store.folder
    try:
        await archive.take(state_of(control), context, pieces, described(control), data)
    except StateError as error:
        raise BadRequest(str(error)) from None
    return json_response({"imported": True})


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
