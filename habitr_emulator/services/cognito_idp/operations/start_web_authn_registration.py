"""StartWebAuthnRegistration: what the browser needs to make a passkey.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
"""

from habitr_emulator.services.cognito_idp import token_issue, web_authn
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def start_web_authn_registration(request: Input, ctx: Context) -> Output:
    """CredentialCreationOptions, good for five minutes.

    Raises NotAuthorizedException, WebAuthnNotEnabledException, WebAuthnConfigurationMissingException.
    """
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    return {"CredentialCreationOptions": await web_authn.creation_options(ctx, pool, user)}
