"""AdminSetUserPassword: give a user a password, for good or to be changed at the next sign-in.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html
"""

from habitr_emulator.services.cognito_idp import passwords, pools, users
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminSetUserPassword", resources=pools.resource)
async def admin_set_user_password(request: Input, ctx: Context) -> Output:
    """Set the password; ``Permanent`` confirms the user, else it must choose another.

    Raises ResourceNotFoundException, UserNotFoundException, InvalidPasswordException,
    PasswordHistoryPolicyViolationException.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    passwords.check_policy(pool, request["Password"])
    passwords.check_history(pool, user, request["Password"])
    set_password = passwords.setter(ctx, pool, user.username, request["Password"])
    status = "CONFIRMED" if request.get("Permanent") else "FORCE_CHANGE_PASSWORD"

    def apply(fresh: User) -> None:
        set_password(fresh)
        fresh.status = status

    await users.change(ctx, pool, user, apply)
    return {}
