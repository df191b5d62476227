"""DefineAuthChallenge: decides what a custom sign-in asks next.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
"""

from typing import Any

from habitr_emulator.services.cognito_idp.triggers import Occasion, fire, user_attributes


async def define_auth_challenge(occasion: Occasion, session: list[dict[str, Any]]) -> dict[str, Any]:
    """Fire the trigger with what happened so far; the answer has challengeName, issueTokens,
    failAuthentication.
    """
    request = {
        "userAttributes": user_attributes(occasion),
        "session": session,
        "clientMetadata": dict(occasion.metadata),
        "userNotFound": not occasion.user.sub,
    }
    response = {"challengeName": None, "issueTokens": None, "failAuthentication": None}
    return await fire(occasion, "DefineAuthChallenge_Authentication", request, response)
