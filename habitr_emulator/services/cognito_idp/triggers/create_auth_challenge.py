"""CreateAuthChallenge: makes the question of a custom challenge.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html
"""

from typing import Any

from habitr_emulator.services.cognito_idp.triggers import Occasion, fire, user_attributes


async def create_auth_challenge(occasion: Occasion, name: str, session: list[dict[str, Any]]) -> dict[str, Any]:
    """Fire the trigger; the answer has publicChallengeParameters, privateChallengeParameters,
    challengeMetadata.
    """
    request = {
        "userAttributes": user_attributes(occasion),
        "challengeName": name,
        "session": session,
        "clientMetadata": dict(occasion.metadata),
        "userNotFound": not occasion.user.sub,
    }
    response = {"publicChallengeParameters": None, "privateChallengeParameters": None, "challengeMetadata": None}
    return await fire(occasion, "CreateAuthChallenge_Authentication", request, response)
