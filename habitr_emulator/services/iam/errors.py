"""IAM's refusals, with the codes, statuses and messages that AWS gives them.

https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
"""

from habitr_emulator.kernel.errors import AwsError


class NoSuchEntity(AwsError):
    """A role, user, policy or key that is named does not exist."""

    code, status = "NoSuchEntity", 404


class EntityAlreadyExists(AwsError):
    """The name is taken; names are compared without case."""

    code, status = "EntityAlreadyExists", 409


class MalformedPolicyDocument(AwsError):
    """A policy document that IAM cannot read."""

    code, status = "MalformedPolicyDocument", 400
    default_message = "Syntax errors in policy."


class PackedPolicyTooLarge(AwsError):
    """Session policies and condition keys do not fit into one session token."""

    code, status = "PackedPolicyTooLarge", 400
    default_message = "Packed policy consumes more than the allotted space, please use smaller policy."


class DeleteConflict(AwsError):
    """What still has policies, keys or attachments cannot be deleted."""

    code, status = "DeleteConflict", 409


class LimitExceeded(AwsError):
    """More than AWS's quota (two access keys a user …)."""

    code, status = "LimitExceeded", 409


class InvalidInput(AwsError):
    """A parameter that the service refuses after the model accepted it."""

    code, status = "InvalidInput", 400


class ValidationError(AwsError):
    """A parameter that breaks the service model."""

    code, status = "ValidationError", 400


class MalformedInput(AwsError):
    """A body that is no form of the query protocol."""

    code, status = "MalformedInput", 400


def invalid_input(violations: list[str], message: str) -> AwsError:
    """The error for an input that breaks the service model in these ways."""
    return ValidationError(message, why="; ".join(violations) or None)


def unparsable(message: str) -> AwsError:
    """The error for a body that cannot be read."""
    return MalformedInput(message)
