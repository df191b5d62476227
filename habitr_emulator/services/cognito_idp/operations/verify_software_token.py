"""VerifySoftwareToken: finish setting up an authenticator app with one of its codes.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifySoftwareToken.html
"""

from habitr_emulator.services.cognito_idp import mfa, setup, users
from habitr_emulator.services.cognito_idp.errors import EnableSoftwareTokenMFAException
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def verify_software_token(request: Input, ctx: Context) -> Output:
    """Take the secret as verified. It is asked for once SetUserMFAPreference or MFA_SETUP turns it on.

    Raises EnableSoftwareTokenMFAException for a wrong code, NotAuthorizedException, InvalidParameterException.
    """
    signed = await setup.opened(ctx, request)
    now = ctx.clock.now()

    def verify(user: User) -> None:
        if not mfa.verify_app(user, request["UserCode"], now, request.get("FriendlyDeviceName")):
            raise EnableSoftwareTokenMFAException(
                why="this is not a code of the last secret, or the clocks differ"
            )

    await users.change(ctx, signed.pool, signed.user, verify)
    session = await setup.following(ctx, signed, verified=True)
    return {"Status": "SUCCESS"} | ({"Session": session} if session else {})
