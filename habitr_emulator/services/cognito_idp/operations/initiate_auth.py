"""InitiateAuth: start a sign-in.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
"""

from habitr_emulator.services.cognito_idp import flows, pools
from habitr_emulator.services.cognito_idp.sign_in import Attempt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def initiate_auth(request: Input, ctx: Context) -> Output:
    """Start the AuthFlow: tokens, or the first challenge. Raises what the flow raises."""
    pool, client = pools.of_client(ctx, request["ClientId"])
    attempt = Attempt(
        ctx,
        pool,
        client,
        request.get("AuthParameters") or {},
        session=request.get("Session"),
        validation_data=request.get("ClientMetadata") or {},
    )
    return await flows.start(attempt, request["AuthFlow"])
