"""GET /_habitr/health: says running only when the emulator is seeded and listens."""

from habitr_emulator.gateway.admin import Control, json_response
from habitr_emulator.wire.http import Request, Response

SERVICES = (
    "cognito-idp",
    "cognito-identity",
    "appsync",
    "dynamodb",
    "s3",
    "lambda",
    "apigateway",
    "pinpoint",
    "iam",
    "sts",
    "logs",
)


async def handle(request: Request, rest: str, control: Control) -> Response:
    """The state, and which services there are; 503 while a new state is being seeded."""
    if not control.ready():
        return json_response({"status": "starting", "version": control.version}, 503)
    services = dict.fromkeys(SERVICES, "running")
    return json_response({"status": "running", "version": control.version, "services": services})
