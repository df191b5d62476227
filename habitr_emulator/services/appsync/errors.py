"""AWS AppSync's exceptions: the control plane's, and those that end a GraphQL request before it runs.

https://docs.aws.amazon.com/appsync/latest/APIReference/CommonErrors.html
"""

from collections.abc import Sequence
from typing import Any

from habitr_emulator.kernel.errors import AwsError


class BadRequestException(AwsError):
    """The request is not well formed."""

    code = "BadRequestException"
    status = 400


class NotFoundException(AwsError):
    """The resource does not exist."""

    code = "NotFoundException"
    status = 404


class ConcurrentModificationException(AwsError):
    """Another call is changing the same thing."""

    code = "ConcurrentModificationException"
    status = 409
    default_message = "Schema is currently being altered, please wait until that is complete."


class ApiKeyLimitExceededException(AwsError):
    """The API has as many keys as it may have."""

    code = "ApiKeyLimitExceededException"
    status = 400


class ApiKeyValidityOutOfBoundsException(AwsError):
    """A key's expiry is too near or too far."""

    code = "ApiKeyValidityOutOfBoundsException"
    status = 400


class SchemaMissing(AwsError):
    """The control plane is asked for a schema that is not there."""

    code = "GraphQLSchemaException"
    status = 400
    default_message = "No schema definition exists."


class MalformedHttpRequestException(AwsError):
    """A GraphQL request that is not a GraphQL request."""

    code = "MalformedHttpRequestException"
    status = 400
    default_message = "Unable to parse GraphQL query."


class UnauthorizedException(AwsError):
    """The API does not know the caller."""

    code = "UnauthorizedException"
    status = 401
    default_message = "You are not authorized to make this call."


class AccessDeniedException(AwsError):
    """An IAM principal whose policies do not allow any field of the request."""

    code = "AccessDeniedException"
    status = 403
    default_message = "You are not authorized to make this call."


class UnrecognizedClientException(AwsError):
    """An access key that does not exist."""

    code = "UnrecognizedClientException"
    status = 403
    default_message = "The security token included in the request is invalid."


class GraphQLSchemaException(AwsError):
    """The API has no schema that could be run."""

    code = "GraphQLSchemaException"
    status = 502
    default_message = "No schema definition exists."


class RequestEntityTooLarge(AwsError):
    """A request body over 1 MB."""

    code = "RequestEntityTooLargeException"  # guess: the service's quota page gives the size, not the answer
    status = 413
    default_message = "Request body is too large."


def invalid_input(violations: Sequence[Any], message: str) -> AwsError:
    """What the control plane answers to a request that breaks its model: one message for all ``violations``."""
    return BadRequestException(message, why=f"{len(violations)} members break the service model")


def unparsable(message: str) -> AwsError:
    """What the control plane answers to a body that is not JSON or whose members have the wrong JSON type."""
    return BadRequestException(message)
