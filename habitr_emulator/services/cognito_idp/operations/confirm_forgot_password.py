"""ConfirmForgotPassword: set a new password with the code that ForgotPassword sent.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import codes, passwords, pools, strangers, users
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.post_confirmation import post_confirmation
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def confirm_forgot_password(request: Input, ctx: Context) -> Output:
    """Set the password, confirm the user, verify the address that the code went to; then PostConfirmation runs.

    A code stays usable when the password is refused. Raises UserNotFoundException, InvalidPasswordException,
    CodeMismatchException, ExpiredCodeException, LimitExceededException, and what the trigger raises.
    """
    pool, client = pools.of_client(ctx, request["ClientId"])
    pools.require_secret_hash(client, request["Username"], request.get("SecretHash"))
    user = users.for_code(ctx, pool, client, request["Username"])
    passwords.check_policy(pool, request["Password"])
    # Made for somebody unknown, too: the time that it takes would tell.
    username = user.username if user else pool.fold(request["Username"])
    set_password = passwords.setter(ctx, pool, username, request["Password"])
    if user is None or (client.hides_users and not (user.enabled and codes.sent(ctx, user, codes.RESET))):
        raise await strangers.refusal(ctx, pool, request["Username"], codes.RESET)
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")
    passwords.check_history(pool, user, request["Password"])

    def reset(tx: Transaction, fresh: User, redeemed: codes.Redeemed) -> None:
        set_password(fresh)
        fresh.status = "CONFIRMED"
        if fresh.attributes.get(redeemed.attribute) == redeemed.value:
            fresh.attributes[f"{redeemed.attribute}_verified"] = "true"

    changed = await codes.redeem(ctx, pool, user, (codes.RESET, request["ConfirmationCode"], ""), reset)
    occasion = Occasion(ctx, pool, changed, client.id, request.get("ClientMetadata") or {})
    await post_confirmation(occasion, "ConfirmForgotPassword")
    return {}
