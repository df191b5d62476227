"""Page tokens: the key behind which a page goes on, in base64."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from habitr_emulator.services.cognito_identity.errors import InvalidParameterException


def after(token: str | None) -> str:
    """The key of a token, empty for the first page; raises InvalidParameterException."""
    try:
        return urlsafe_b64decode((token or "").encode("ascii")).decode()
    except ValueError as error:
        raise InvalidParameterException("Invalid NextToken.") from error


def token(key: str) -> str:
    """The token of the page behind ``key``."""
    return urlsafe_b64encode(key.encode()).decode()
