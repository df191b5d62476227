"""What API Gateway itself answers: gateway responses, each with the CORS headers of Amplify's DEFAULT_4XX and
DEFAULT_5XX.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.http import Response

CORS_HEADERS: Mapping[str, str] = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token",
    "access-control-allow-methods": "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT",
    "access-control-expose-headers": "Date,X-Amzn-ErrorType",
}


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """A refusal: the name that ``x-amzn-errortype`` carries, the HTTP status and the message."""

    error_type: str
    status: int
    message: str


MISSING_AUTHENTICATION_TOKEN = GatewayResponse(
    "MissingAuthenticationTokenException", 403, "Missing Authentication Token"
)
FORBIDDEN = GatewayResponse("ForbiddenException", 403, "Forbidden")
UNAUTHORIZED = GatewayResponse("UnauthorizedException", 401, "Unauthorized")
EXPIRED_TOKEN = GatewayResponse("UnauthorizedException", 401, "The incoming token has expired")
REQUEST_TOO_LARGE = GatewayResponse("RequestTooLargeException", 413, "Request Too Long")
INTERNAL_ERROR = GatewayResponse("InternalServerErrorException", 500, "Internal server error")
BAD_INTEGRATION = GatewayResponse("InternalServerErrorException", 502, "Internal server error")
INTEGRATION_TIMEOUT = GatewayResponse("InternalServerErrorException", 504, "Endpoint request timed out")


def answer(refusal: GatewayResponse, why: str) -> Response:
    """A gateway response; ``why`` goes to the person who runs the emulator."""
    return _answer(refusal.status, refusal.error_type, {"message": refusal.message}, why)


def refused(error: AwsError) -> Response:
    """A signature that is not accepted."""
    return _answer(error.status, error.code, {"message": error.message}, error.why or error.message)


def access_denied(error: AwsError) -> Response:
    """ACCESS_DENIED: what the policies said. Its ``Message`` has a capital letter."""
    return _answer(403, "AccessDeniedException", {"Message": error.message}, error.why or error.message)


def _answer(status: int, error_type: str, body: Mapping[str, str], why: str) -> Response:
    headers = {**CORS_HEADERS, "content-type": "application/json", "x-amzn-errortype": error_type}
    return Response(status, {**headers, "x-habitr-why": _one_line(why)}, json.dumps(body).encode())


def _one_line(text: str) -> str:
    return " ".join(text.encode("ascii", "replace").decode().split())[:500]


class BadRequestException(AwsError):
    """A request that API Gateway's own API cannot read."""

    code = "BadRequestException"
    status = 400


def invalid_input(violations: list[str], message: str) -> AwsError:
    """The refusal of a request that breaks the model; ``message`` holds the sentences of ``violations``."""
    return BadRequestException(message, why="; ".join(violations))


def unparsable(message: str) -> AwsError:
    """The refusal of a body that is no JSON."""
    return BadRequestException(message)
