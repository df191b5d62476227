"""/_habitr/clock: GET shows the emulator's time; POST advance?seconds=, freeze, set?at= (seconds
since 1970, or ISO 8601), resume move it.

What becomes due on the way (items that expire, lifecycle rules, schedules, keep-alives) has happened, in order,
when advance and set answer.
"""

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, number, parameters
from habitr_emulator.kernel.clock import iso8601, moment
from habitr_emulator.services.agenda import MOVED
from habitr_emulator.services.context import Account
from habitr_emulator.wire.http import Request, Response

#: The start of the year 9000: what is made then may last a thousand years before its end has no date.
_LATEST = 221_845_392_000.0


async def handle(request: Request, rest: str, control: Control) -> Response:
    """Move the clock, if asked to, and show it."""
    clock = control.account.clock
    if rest:
        if request.method != "POST":
            raise BadRequest(f"clock/{rest} wants POST")
        await _move(control.account, rest, parameters(request))
    now = clock.now()
    return json_response({"now": now, "iso": iso8601(now), "offset": clock.offset, "frozen": clock.frozen})


async def _move(account: Account, how: str, asked: dict[str, str]) -> None:
    clock = account.clock
    if how == "advance":
        await _set(account, clock.now() + number(asked.get("seconds", ""), "seconds"))
    elif how == "set":
        await _set(account, _at(asked.get("at", "")))
    elif how == "freeze":
        clock.freeze()
    elif how == "resume":
        before = clock.now()
        clock.resume()
        account.bus.publish(MOVED, (before, clock.now()))
    else:
        raise BadRequest(f"the clock knows advance, freeze, set and resume, not: {how}")


def _at(text: str) -> float:
    try:
        return moment(text.replace(" ", "+") if "T" in text else text)  # a + of the query that was not escaped
    except ValueError:
        raise BadRequest(f"at is neither seconds since 1970 nor ISO 8601: {text}") from None


async def _set(account: Account, at: float) -> None:
    if not 0 <= at <= _LATEST:
        raise BadRequest("the time must be between the years 1970 and 9000")
    await account.agenda.move(account.clock, account.bus, at)
