"""AdminResetUserPassword: make a user choose a new password, with a code that is sent to it.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html
"""

from habitr_emulator.services.cognito_idp import codes, pools, recovery, users
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminResetUserPassword", resources=pools.resource)
async def admin_reset_user_password(request: Input, ctx: Context) -> Output:
    """Set the status RESET_REQUIRED and send the code. Existing tokens stay valid.

    Raises ResourceNotFoundException, UserNotFoundException, InvalidParameterException, NotAuthorizedException, and
    what CustomMessage raises.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    if user.status in ("FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER"):
        raise NotAuthorizedException("User password cannot be reset in the current state.")
    destination = recovery.destination(pool, user)

    def require_reset(fresh: User) -> None:
        fresh.status = "RESET_REQUIRED"

    changed = await users.change(ctx, pool, user, require_reset)
    occasion = Occasion(ctx, pool, changed, metadata=request.get("ClientMetadata") or {})
    await codes.send(occasion, codes.RESET, destination)
    return {}
