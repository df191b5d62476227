"""DeleteWebAuthnCredential: the user removes a passkey.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteWebAuthnCredential.html
"""

from habitr_emulator.services.cognito_idp import token_issue, web_authn
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def delete_web_authn_credential(request: Input, ctx: Context) -> Output:
    """Remove the passkey. Raises NotAuthorizedException, ResourceNotFoundException."""
    _, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    await web_authn.forget(ctx, user, request["CredentialId"])
    return {}
