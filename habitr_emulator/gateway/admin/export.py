"""GET /_habitr/export: the whole state as a tar archive: exact, and in readable files."""

from habitr_emulator.gateway.admin import Control, json_response, state_of
from habitr_emulator.services.context import Caller
from habitr_emulator.state import archive
from habitr_emulator.wire.http import Request, Response

SERVICE = Caller("service", arn="habitr.amazonaws.com")


async def handle(request: Request, rest: str, control: Control) -> Response:
    """The archive; keep it as you keep the data folder, the signing keys are in it."""
    if request.method != "GET":
        return json_response({"message": "export wants GET"}, 400)
    context, data = control.account.context(SERVICE), control.account.store.folder
    size, pieces = await archive.export(state_of(control), context, described(control), data)
    return Response(200, {"content-type": "application/x-tar", "content-length": str(size)}, pieces)


def described(control: Control) -> dict[str, str]:
    """What an archive says of where it is from, and what it must be for."""
    account = control.account
    return {
        "version": control.version,
        "project": str(control.config()["project"]),
        "region": account.region,
        "account_id": account.account_id,
    }
