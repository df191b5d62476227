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
    setting = pool.settings.get("AccountRecoverySetting") or {}
    mechanisms = sorted(setting.get("RecoveryMechanisms") or (), key=lambda option: int(option["Priority"]))
    names = [option["Name"].removeprefix("verified_") for option in mechanisms]
    if names == ["admin_only"]:
        raise NotAuthorizedException("Contact administrator to reset password.")
    for attribute in names or _LEGACY:
        if user.verified(attribute):
            return Destination(attribute, user.attributes[attribute])
    raise InvalidParameterException(
        "Cannot reset password for the user as there is no registered/verified email or phone_number"
    )
