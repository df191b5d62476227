"""Pinpoint's errors: ``{"Message", "RequestID"}``.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-events.html
"""

from habitr_emulator.kernel.errors import AwsError


class BadRequestException(AwsError):
    """The request breaks the model."""

    code = "BadRequestException"
    status = 400


class NotFoundException(AwsError):
    """No such application or endpoint."""

    code = "NotFoundException"
    status = 404
    default_message = "Resource not found"


def invalid_input(violations: list[str], message: str) -> AwsError:
    """The refusal of a request that breaks the model; ``message`` holds the sentences of ``violations``."""
    return BadRequestException(message, why="; ".join(violations))


def unparsable(message: str) -> AwsError:
    """The refusal of a body that is no JSON."""
    return BadRequestException(message)
