"""AdminRespondToAuthChallenge: answer what a sign-in asks for, as an administrator.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html
"""

from habitr_emulator.services.cognito_idp import challenges, pools
from habitr_emulator.services.cognito_idp.sign_in import Attempt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminRespondToAuthChallenge", resources=pools.resource)
async def admin_respond_to_auth_challenge(request: Input, ctx: Context) -> Output:
    """Take the answer: tokens, or the next challenge. Raises what the challenge raises."""
    pool, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    attempt = Attempt(
        ctx,
        pool,
        client,
        request.get("ChallengeResponses") or {},
        request.get("ClientMetadata") or {},
        request.get("Session"),
        by_administrator=True,
    )
    return await challenges.answer(attempt, request["ChallengeName"])
