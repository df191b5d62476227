"""GET /_habitr/doctor: what the emulator itself knows to be wrong: parts of the project that do not run, time."""

from habitr_emulator.gateway.admin import Control, json_response
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``project`` has sentences; ``real_time`` is this process's, ``clock_offset`` how far time was moved."""
    clock = control.account.clock
    return json_response(
        {
            "project": control.findings(),
            "real_time": clock.real(),
            "clock_offset": clock.offset,
            "clock_frozen": clock.frozen,
            "faults": len(control.account.faults.rules),
        }
    )
