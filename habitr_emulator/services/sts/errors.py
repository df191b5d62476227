"""What the Security Token Service refuses with.

https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
"""

from habitr_emulator.kernel.errors import AwsError


class AccessDenied(AwsError):
    """The role's trust policy, or the caller's own policies, do not allow it."""

    code, status = "AccessDenied", 403


class ExpiredToken(AwsError):
    """A web identity token that is too old."""

    code, status = "ExpiredTokenException", 400


class InvalidIdentityToken(AwsError):
    """A web identity token that cannot be trusted."""

    code, status = "InvalidIdentityToken", 400
    default_message = "The web identity token provided could not be validated."


class ValidationError(AwsError):
    """A parameter that breaks the service model."""

    code, status = "ValidationError", 400


class MalformedInput(AwsError):
    """A body that is no form of the query protocol."""

    code, status = "MalformedInput", 400


def invalid_input(violations: list[str], message: str) -> AwsError:
    """What a request answers that breaks the service model; ``violations`` are its single constraints."""
    return ValidationError(message, why="; ".join(violations) or None)


def unparsable(message: str) -> AwsError:
    """What a body answers that cannot be read."""
    return MalformedInput(message)
