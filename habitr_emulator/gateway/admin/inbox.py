"""GET /_habitr/inbox?to=|username=|userPoolId=&wait=SECONDS[&last]: the mail and SMS that Cognito "sent"."""

from habitr_emulator.gateway.admin import Control, json_response, number, parameters
from habitr_emulator.wire.http import Request, Response

LONGEST_WAIT = 60.0


async def handle(request: Request, rest: str, control: Control) -> Response:
    """``{"messages": […]}``, oldest first; with ``last`` the newest alone, or 404."""
    asked = parameters(request)
    who = {
        "to": asked.get("to", ""),
        "username": asked.get("username", ""),
        "user_pool_id": asked.get("userPoolId", ""),
    }
    inbox = control.account.inbox
    wait = min(number(asked.get("wait", "0"), "wait"), LONGEST_WAIT)
    messages = await inbox.wait(wait, **who) if wait > 0 else inbox.messages(**who)
    if "last" not in asked:
        return json_response({"messages": messages})
    return json_response(messages[-1]) if messages else json_response({"message": "no message yet"}, 404)
