"""AdminInitiateAuth: start a sign-in as an administrator.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html
"""

from habitr_emulator.services.cognito_idp import flows, pools
from habitr_emulator.services.cognito_idp.sign_in import Attempt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminInitiateAuth", resources=pools.resource)
async def admin_initiate_auth(request: Input, ctx: Context) -> Output:
    """Start the AuthFlow: tokens, or the first challenge. Raises what the flow raises."""
    pool, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    attempt = Attempt(
        ctx,
        pool,
        client,
        request.get("AuthParameters") or {},
        session=request.get("Session"),
        validation_data=request.get("ClientMetadata") or {},
    )
    return await flows.start(attempt, request["AuthFlow"], admin=True)
