"""Lambda's errors. Bodies are ``{"Type": "User", "Message": …}``.

https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
"""

from typing import Any

from habitr_emulator.kernel.errors import AwsError


class LambdaError(AwsError):
    """An error of the Lambda API; ``Type`` says whose fault it is."""

    def __init__(self, message: str | None = None, *, why: str | None = None, **fields: Any) -> None:
        super().__init__(message, why=why, **{"Type": "User", **fields})


class ResourceNotFoundException(LambdaError):
    """No such function, permission or policy."""

    code = "ResourceNotFoundException"
    status = 404


class ResourceConflictException(LambdaError):
    """The function or the statement exists already."""

    code = "ResourceConflictException"
    status = 409


class InvalidParameterValueException(LambdaError):
    """A value that Lambda cannot work with."""

    code = "InvalidParameterValueException"
    status = 400


class InvalidRequestContentException(LambdaError):
    """The payload is not JSON."""

    code = "InvalidRequestContentException"
    status = 400


class RequestTooLargeException(LambdaError):
    """The payload is larger than Lambda takes."""

    code = "RequestTooLargeException"
    status = 413


class PreconditionFailedException(LambdaError):
    """The RevisionId of the request is not the current one."""

    code = "PreconditionFailedException"
    status = 412
    default_message = (
        "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to "
        "retrieve the latest RevisionId"
    )


class TooManyRequestsException(LambdaError):
    """Every worker is busy and stayed so."""

    code = "TooManyRequestsException"
    status = 429
    default_message = "Rate Exceeded."


class ValidationException(LambdaError):
    """The request breaks the service model."""

    code = "ValidationException"
    status = 400


def function_not_found(arn: str, *, why: str | None = None) -> ResourceNotFoundException:
    """The 404 for a function's ARN."""
    return ResourceNotFoundException(f"Function not found: {arn}", why=why)


def invalid_input(violations: list[str], message: str) -> AwsError:
    """The refusal of a request that breaks the model; ``message`` holds the sentences of ``violations``."""
    return ValidationException(message, why="; ".join(violations))


def unparsable(message: str) -> AwsError:
    """The refusal of a body that is no JSON."""
    return InvalidRequestContentException(f"Could not parse request body into json: {message}")


class InvalidZipFileException(LambdaError):
    """The deployment package cannot be unpacked."""

    code = "InvalidZipFileException"
    status = 502
