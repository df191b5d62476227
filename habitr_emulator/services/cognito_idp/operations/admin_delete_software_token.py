"""AdminDeleteSoftwareToken: an administrator removes a user's authenticator app.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteSoftwareToken.html
"""

from habitr_emulator.services.cognito_idp import mfa, pools, users
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminDeleteSoftwareToken", resources=pools.resource)
async def admin_delete_software_token(request: Input, ctx: Context) -> Output:
    """Forget the secret and stop asking for it. Raises ResourceNotFoundException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])

    def remove(fresh: User) -> None:
        mfa.prefer(pool, fresh, {"SoftwareTokenMfaSettings": {"Enabled": False}})
        fresh.mfa = {name: fresh.mfa.get(name) for name in ("enabled", "preferred")}

    await users.change(ctx, pool, user, remove)
    return {}
