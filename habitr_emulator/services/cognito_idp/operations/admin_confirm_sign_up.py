"""AdminConfirmSignUp: confirm a user without a code; no address is verified by it.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminConfirmSignUp.html
"""

from habitr_emulator.services.cognito_idp import pools, users
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.post_confirmation import post_confirmation
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminConfirmSignUp", resources=pools.resource)
async def admin_confirm_sign_up(request: Input, ctx: Context) -> Output:
    """Confirm the user; then PostConfirmation runs.

    Raises ResourceNotFoundException, UserNotFoundException, NotAuthorizedException, and what the trigger raises.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    user = await users.change(ctx, pool, users.require(ctx, pool, request["Username"]), _confirm)
    occasion = Occasion(ctx, pool, user, metadata=request.get("ClientMetadata") or {})
    await post_confirmation(occasion, "ConfirmSignUp")
    return {}


def _confirm(user: User) -> None:
    if user.status != "UNCONFIRMED":
        raise NotAuthorizedException(f"User cannot be confirmed. Current status is {user.status}")
    user.status = "CONFIRMED"
