"""ListWebAuthnCredentials: the user's passkeys.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListWebAuthnCredentials.html
"""

from habitr_emulator.services.cognito_idp import paging, token_issue, web_authn
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def list_web_authn_credentials(request: Input, ctx: Context) -> Output:
    """A page of passkeys. Raises NotAuthorizedException, InvalidParameterException."""
    _, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    kind, limit = f"ListWebAuthnCredentials {user.sub}", request.get("MaxResults") or web_authn.MOST
    after = await paging.after(ctx, kind, request.get("NextToken"))
    rows = web_authn.credentials(ctx.store, user, after[0] if after else "", limit + 1)
    output: Output = {"Credentials": [web_authn.described(row) for row in rows[:limit]]}
    if len(rows) > limit:
        output["NextToken"] = await paging.token(ctx, kind, rows[limit - 1]["credential_id"])
    return output
