"""What Amazon Cognito user pools refuse with.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html
"""

from habitr_emulator.kernel.errors import AwsError


class CognitoIdpError(AwsError):
    """A refusal of a user pool; its code is the name of its class."""

    status = 400

    def __init_subclass__(cls) -> None:
        cls.code = cls.__name__


class AliasExistsException(CognitoIdpError):
    """An address or preferred user name that another user holds."""

    default_message = "An account with the email already exists."


class CodeMismatchException(CognitoIdpError):
    """A wrong code."""

    default_message = "Invalid verification code provided, please try again."


class DuplicateProviderException(CognitoIdpError):
    """An identity provider of that name is there already."""

    default_message = "A provider with the name already exists in the user pool."


class EnableSoftwareTokenMFAException(CognitoIdpError):
    """A wrong code while an authenticator app is being set up."""

    default_message = "Code mismatch and fail enable Software Token MFA"


class ExpiredCodeException(CognitoIdpError):
    """A code that is too old, or that nobody asked for."""

    default_message = "Invalid code provided, please request a code again."


class GroupExistsException(CognitoIdpError):
    """A group of that name is there already."""

    default_message = "A group with the name already exists."


class InternalErrorException(CognitoIdpError):
    """A defect of the emulator."""

    status = 500
    default_message = "Internal error"


class InvalidLambdaResponseException(CognitoIdpError):
    """A trigger answered something that is no event."""

    default_message = "Unrecognizable lambda output"


class InvalidOAuthFlowException(CognitoIdpError):
    """OAuth flows that do not go together."""


class InvalidParameterException(CognitoIdpError):
    """A request that does not make sense."""


class InvalidPasswordException(CognitoIdpError):
    """A password that the policy does not allow."""


class LimitExceededException(CognitoIdpError):
    """Too many attempts."""

    default_message = "Attempt limit exceeded, please try after some time."


class NotAuthorizedException(CognitoIdpError):
    """Wrong password, token, session or right."""

    default_message = "Incorrect username or password."


class PasswordHistoryPolicyViolationException(CognitoIdpError):
    """A password that was used before."""

    default_message = "Password has previously been used."


class PasswordResetRequiredException(CognitoIdpError):
    """The administrator asked for a new password."""

    default_message = "Password reset required for the user"


class RefreshTokenReuseException(CognitoIdpError):
    """A rotated refresh token after its grace period."""

    default_message = "Refresh Token has been reused."


class ResourceNotFoundException(CognitoIdpError):
    """A pool, client or group that is not there."""


class ScopeDoesNotExistException(CognitoIdpError):
    """A client names a scope that no resource server has."""


class SerializationException(CognitoIdpError):
    """A body that is not the JSON that the operation takes."""


class SoftwareTokenMFANotFoundException(CognitoIdpError):
    """The user has no verified authenticator app."""

    default_message = "Software Token MFA has not been enabled by the userPool."


class UnauthorizedException(CognitoIdpError):
    """A token of another client."""

    default_message = "The client is not authorized to revoke this token."


class UnexpectedLambdaException(CognitoIdpError):
    """A trigger that could not be invoked."""


class UnsupportedOperationException(CognitoIdpError):
    """Something that the client's settings turn off."""


class UnsupportedTokenTypeException(CognitoIdpError):
    """Only refresh tokens can be revoked."""

    default_message = "Revocation is not supported for this token type."


class UnsupportedUserStateException(CognitoIdpError):
    """The user's status does not allow it."""


class UserLambdaValidationException(CognitoIdpError):
    """A trigger raised an error."""


class UsernameExistsException(CognitoIdpError):
    """The user name is taken."""

    default_message = "User already exists"


class UserNotConfirmedException(CognitoIdpError):
    """Sign-in before the code was given."""

    default_message = "User is not confirmed."


class UserNotFoundException(CognitoIdpError):
    """No such user."""

    default_message = "User does not exist."


class UserPoolAddOnNotEnabledException(CognitoIdpError):
    """The pool does not keep what is asked for."""

    default_message = "User pool add-ons are not enabled"


class WebAuthnChallengeNotFoundException(CognitoIdpError):
    """A registration that was not started, or too long ago."""

    default_message = "Challenge not found."


class WebAuthnClientMismatchException(CognitoIdpError):
    """An authenticator answered another challenge."""

    default_message = "The client data does not match the request."


class WebAuthnConfigurationMissingException(CognitoIdpError):
    """The pool has no relying party."""

    default_message = "The user pool has no WebAuthn relying party configured."


class WebAuthnCredentialNotSupportedException(CognitoIdpError):
    """A key of a kind that Cognito does not take."""

    default_message = "The credential is not supported."


class WebAuthnNotEnabledException(CognitoIdpError):
    """The pool does not take passkeys."""

    default_message = "WebAuthn is not enabled for the user pool."


class WebAuthnOriginNotAllowedException(CognitoIdpError):
    """A page outside of the relying party."""

    default_message = "The origin is not allowed."


class WebAuthnRelyingPartyMismatchException(CognitoIdpError):
    """A credential of another relying party."""

    default_message = "The relying party does not match."


class ManagedLoginBrandingExistsException(CognitoIdpError):
    """The client has a branding already."""

    default_message = "A managed login branding style already exists for the app client."


class TermsExistsException(CognitoIdpError):
    """The client has terms of that name."""

    default_message = "Terms of this name already exist for the app client."


def invalid_input(violations: list[str], message: str) -> AwsError:
    """What a request answers that breaks the service model; ``violations`` are its single constraints."""
    return InvalidParameterException(message, why="; ".join(violations) or None)


def unparsable(message: str) -> AwsError:
    """What a body answers that cannot be read."""
    return SerializationException(message)


def code_combination_not_found() -> UserNotFoundException:
    """An unknown user in the operations that send and redeem codes."""
    return UserNotFoundException("Username/client id combination not found.")
