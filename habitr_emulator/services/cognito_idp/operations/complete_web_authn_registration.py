"""CompleteWebAuthnRegistration: keep the passkey that the browser made.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CompleteWebAuthnRegistration.html
"""

from habitr_emulator.services.cognito_idp import token_issue, web_authn
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def complete_web_authn_registration(request: Input, ctx: Context) -> Output:
    """Check and keep the credential.

    Raises NotAuthorizedException, InvalidParameterException, LimitExceededException and the WebAuthn errors.
    """
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    if not isinstance(request["Credential"], dict):
        raise InvalidParameterException("The credential is malformed.")
    await web_authn.register(ctx, pool, user, request["Credential"])
    return {}
