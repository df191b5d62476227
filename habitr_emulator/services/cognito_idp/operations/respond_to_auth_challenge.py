"""RespondToAuthChallenge: answer what a sign-in asks for.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
"""

from habitr_emulator.services.cognito_idp import challenges, pools
from habitr_emulator.services.cognito_idp.sign_in import Attempt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def respond_to_auth_challenge(request: Input, ctx: Context) -> Output:
    """Take the answer: tokens, or the next challenge. Raises what the challenge raises."""
    pool, client = pools.of_client(ctx, request["ClientId"])
    attempt = Attempt(
        ctx,
        pool,
        client,
        request.get("ChallengeResponses") or {},
        request.get("ClientMetadata") or {},
        request.get("Session"),
    )
    return await challenges.answer(attempt, request["ChallengeName"])
