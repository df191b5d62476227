"""What Amazon Cognito identity pools refuse with.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/CommonErrors.html
"""

from habitr_emulator.kernel.errors import AwsError


class CognitoIdentityError(AwsError):
    """A refusal of an identity pool; its code is the name of its class."""

    status = 400

    def __init_subclass__(cls) -> None:
        cls.code = cls.__name__


class DeveloperUserAlreadyRegisteredException(CognitoIdentityError):
    """The developer's user identifier has another identity already."""

    default_message = "The developer user identifier is already registered with Cognito under another identity."


class InvalidIdentityPoolConfigurationException(CognitoIdentityError):
    """The pool has no role for the identity, or the role does not trust it."""

    default_message = "Invalid identity pool configuration. Check assigned IAM roles for this pool."


class InvalidParameterException(CognitoIdentityError):
    """A request that does not make sense."""


class LimitExceededException(CognitoIdentityError):
    """More linked logins than an identity may have."""


class NotAuthorizedException(CognitoIdentityError):
    """A login that is not good, or not this identity's."""


class ResourceConflictException(CognitoIdentityError):
    """A login that two identities would have."""


class ResourceNotFoundException(CognitoIdentityError):
    """No such pool or identity."""


class SerializationException(CognitoIdentityError):
    """A body that is not the JSON that the operation takes."""


def invalid_input(violations: list[str], message: str) -> AwsError:
    """What a request answers that breaks the service model; ``violations`` are its single constraints."""
    return InvalidParameterException(message, why="; ".join(violations) or None)


def unparsable(message: str) -> AwsError:
    """What a body answers that cannot be read."""
    return SerializationException(message)
