"""The errors of CloudWatch Logs.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html
"""

from habitr_emulator.kernel.errors import AwsError


class ResourceNotFoundException(AwsError):
    """No such log group or log stream."""

    code, status = "ResourceNotFoundException", 400


class ResourceAlreadyExistsException(AwsError):
    """The log group or log stream is there."""

    code, status = "ResourceAlreadyExistsException", 400


class InvalidParameterException(AwsError):
    """A value that CloudWatch Logs refuses."""

    code, status = "InvalidParameterException", 400


class SerializationException(AwsError):
    """A body that is no JSON."""

    code, status = "SerializationException", 400


def invalid_input(violations: list[str], message: str) -> AwsError:
    """The refusal of a request that breaks the model."""
    return InvalidParameterException(message, why="; ".join(violations))


def unparsable(message: str) -> AwsError:
    """The refusal of a body that is no JSON."""
    return SerializationException(message)
