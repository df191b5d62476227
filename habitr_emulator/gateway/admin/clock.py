"""/_habitr/clock: GET shows the emulator's time; POST advance?seconds=, freeze, set?at=, resume move it."""

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, number, parameters
from habitr_emulator.kernel.clock import Clock, iso8601
from habitr_emulator.wire.http import Request, Response

#: The start of the year 9000: what is made then may last a thousand years before its end has no date.
_LATEST = 221_845_392_000.0


async def handle(request: Request, rest: str, control: Control) -> Response:
    """Move the clock, if asked to, and show it."""
    clock = control.account.clock
    if rest:
        if request.method != "POST":
            raise BadRequest(f"clock/{rest} wants POST")
        _move(clock, rest, parameters(request))
    now = clock.now()
    return json_response({"now": now, "iso": iso8601(now), "offset": clock.offset, "frozen": clock.frozen})


def _move(clock: Clock, how: str, asked: dict[str, str]) -> None:
    if how == "advance":
        _set(clock, clock.now() + number(asked.get("seconds", ""), "seconds"))
    elif how == "set":
        _set(clock, number(asked.get("at", ""), "at"))
    elif how == "freeze":
        clock.freeze()
    elif how == "resume":
        clock.resume()
    else:
        raise BadRequest(f"the clock knows advance, freeze, set and resume, not: {how}")


def _set(clock: Clock, at: float) -> None:
    if not 0 <= at <= _LATEST:
        raise BadRequest("the time must be between the years 1970 and 9000")
    clock.set(at)
