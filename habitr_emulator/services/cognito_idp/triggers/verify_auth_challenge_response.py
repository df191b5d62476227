"""VerifyAuthChallengeResponse: judges the answer to a custom challenge.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-verify-auth-challenge-response.html
"""

from collections.abc import Mapping

from habitr_emulator.services.cognito_idp.triggers import Occasion, expect, fire, user_attributes


async def verify_auth_challenge_response(occasion: Occasion, private: Mapping[str, str], answer: str) -> bool:
    """Fire the trigger; True if it finds the answer correct."""
    request = {
        "userAttributes": user_attributes(occasion),
        "privateChallengeParameters": dict(private),
        "challengeAnswer": answer,
        "clientMetadata": dict(occasion.metadata),
        "userNotFound": not occasion.user.sub,
    }
    source = "VerifyAuthChallengeResponse_Authentication"
    response = await fire(occasion, source, request, {"answerCorrect": None})
    return bool(expect("VerifyAuthChallengeResponse", response.get("answerCorrect"), bool))
