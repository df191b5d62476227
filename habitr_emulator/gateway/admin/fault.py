"""/_habitr/fault: GET lists faults, DELETE clears all, or fault/<id> that one. POST adds one (JSON: kind, service,
operation, code, status, message, seconds, count, probability, rng); a name that there is not is refused.
"""

from typing import Any

from habitr_emulator.gateway.admin import BadRequest, Control, json_body, json_response
from habitr_emulator.services.fault_names import NoSuchName
from habitr_emulator.services.faults import KINDS, Fault
from habitr_emulator.wire.http import Request, Response

LONGEST = 300.0
_TEXTS = ("service", "operation", "code", "message")


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``{"faults": […]}``: those that there are, or the new one."""
    faults = control.account.faults
    if request.method == "POST":
        try:
            added = faults.add(_fault(json_body(request)))
        except NoSuchName as mistake:
            raise BadRequest(str(mistake)) from None
        return json_response({"faults": [added.shown()]})
    if request.method == "DELETE":
        return json_response({"cleared": faults.clear(rest)})
    return json_response({"faults": [rule.shown() for rule in faults.rules]})


def _fault(given: dict[str, Any]) -> Fault:
    kind = given.pop("kind", None)
    if kind not in KINDS:
        raise BadRequest(f"kind is one of {', '.join(KINDS)}")
    unknown = given.keys() - {*_TEXTS, "status", "seconds", "count", "probability", "rng"}
    if unknown:
        raise BadRequest(f"a fault has no {', '.join(sorted(unknown))}")
    given = {name: value for name, value in given.items() if value is not None}
    for name, value in given.items():
        if not isinstance(value, str if name in _TEXTS else int | float) or isinstance(value, bool):
            raise BadRequest(f"{name} cannot be: {value}")
    fault = Fault(kind, **given)
    if not (400 <= fault.status <= 599 and 0 <= fault.seconds <= LONGEST and 0 <= fault.probability <= 1):
        raise BadRequest(f"status is 400 to 599, seconds 0 to {LONGEST:g}, probability 0 to 1")
    if fault.count is not None and fault.count < 1:
        raise BadRequest("count is at least 1")
    return fault
