"""Where the code of a forgotten password goes.

https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-recover-a-user-account.html
"""

from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, NotAuthorizedException
from habitr_emulator.services.cognito_idp.messages import Destination
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.users import User

#: Without a setting: the phone number before the mail address.
_LEGACY = ["phone_number", "email"]


def destination(pool: Pool, user: User) -> Destination:
    """The first verified address by the pool's priorities.

    Raises NotAuthorizedException if only administrators recover, InvalidParameterException if none is verified.
    """
    names = _addresses(pool)
    if names == ["admin_only"]:
        raise NotAuthorizedException("Contact administrator to reset password.")
    for attribute in names:
        if user.verified(attribute):
            return Destination(attribute, user.attributes[attribute])
    raise InvalidParameterException(
        "Cannot reset password for the user as there is no registered/verified email or phone_number"
    )


def preferred(pool: Pool) -> str:
    """The kind of address that the pool asks first (``email``, ``phone_number``)."""
    names = [name for name in _addresses(pool) if name in pool.auto_verified]
    return names[0] if names else "email"


def _addresses(pool: Pool) -> list[str]:
    setting = pool.settings.get("AccountRecoverySetting") or {}
    mechanisms = sorted(setting.get("RecoveryMechanisms") or (), key=lambda option: int(option["Priority"]))
    return [option["Name"].removeprefix("verified_") for option in mechanisms] or _LEGACY
