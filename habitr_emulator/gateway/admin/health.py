"""GET /_habitr/health: answers only when the emulator has started and listens."""

from habitr_emulator.gateway.admin import Control, json_response
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """The state, and which services there are."""
    services = dict.fromkeys(
        (
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
        ),
        "running",
    )
    return json_response({"status": "running", "version": control.version, "services": services})
