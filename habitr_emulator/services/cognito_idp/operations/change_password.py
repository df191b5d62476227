"""ChangePassword: the user of an access token sets a new password.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html
"""

from habitr_emulator.services.cognito_idp import auth_events, passwords, token_issue, users
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def change_password(request: Input, ctx: Context) -> Output:
    """Set the proposed password if the previous one is right.

    Raises NotAuthorizedException, InvalidPasswordException, PasswordHistoryPolicyViolationException.
    """
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    passwords.check_policy(pool, request["ProposedPassword"])
    if user.status == "EXTERNAL_PROVIDER":
        raise NotAuthorizedException("User password cannot be reset in the current state.")  # guess: the text
    previous = request.get("PreviousPassword") or ""
    if user.verifier is not None or previous:
        # Somebody who signed up without a password has none to give.
        user = await passwords.prove(ctx, pool, user, lambda fresh: passwords.fits(pool, fresh, previous))
    passwords.check_history(pool, user, request["ProposedPassword"])
    await users.change(ctx, pool, user, passwords.setter(ctx, pool, user.username, request["ProposedPassword"]))
    await auth_events.record(ctx, pool, user, auth_events.CHANGED)
    return {}
