"""ChangePassword: the user of an access token sets a new password.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html
"""

from habitr_emulator.services.cognito_idp import passwords, token_issue, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def change_password(request: Input, ctx: Context) -> Output:
    """Set the proposed password if the previous one is right.

    Raises NotAuthorizedException, InvalidPasswordException, PasswordHistoryPolicyViolationException.
    """
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    passwords.check_lock(ctx, user)
    passwords.check_policy(pool, request["ProposedPassword"])
    if not passwords.fits(pool, user, request.get("PreviousPassword") or ""):
        raise await passwords.failed(ctx, pool, user)
    passwords.check_history(pool, user, request["ProposedPassword"])
    await users.change(ctx, pool, user, passwords.setter(ctx, pool, user.username, request["ProposedPassword"]))
    return {}
