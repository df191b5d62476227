"""OAuth scopes: which there are, and which attributes they show.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
"""

import hashlib
from base64 import urlsafe_b64encode

#: The scopes that every pool has; the others are those of its resource servers.
STANDARD = ("openid", "email", "phone", "profile", "aws.cognito.signin.user.admin")
_SHOWN = {
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
}


def show(scopes: str, attribute: str) -> bool:
    """Whether granted scopes (blank-separated) let ID tokens and userInfo show an attribute.

    ``openid`` alone shows every one, so does ``profile``; ``email`` and ``phone`` narrow it to their own.
    """
    granted = scopes.split()
    if "profile" in granted or not any(scope in granted for scope in _SHOWN):
        return True
    return any(attribute in names for scope, names in _SHOWN.items() if scope in granted)


def half_hash(token: str) -> str:
    """``at_hash``: the left half of a token's SHA-256.

    https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken
    """
    return urlsafe_b64encode(hashlib.sha256(token.encode()).digest()[:16]).decode().rstrip("=")
