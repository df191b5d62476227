"""AssociateSoftwareToken: begin to set up an authenticator app.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
"""

from habitr_emulator.services.cognito_idp import mfa, setup, users
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def associate_software_token(request: Input, ctx: Context) -> Output:
    """A new secret for the app; it counts once VerifySoftwareToken has seen a code of it.

    Raises NotAuthorizedException, InvalidParameterException.
    """
    signed = await setup.opened(ctx, request)
    secret = mfa.fresh_secret(ctx)

    def keep(user: User) -> None:
        user.mfa = {**user.mfa, "pending": secret}

    await users.change(ctx, signed.pool, signed.user, keep)
    session = await setup.following(ctx, signed, verified=False)
    return {"SecretCode": secret} | ({"Session": session} if session else {})
