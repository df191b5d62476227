"""PreAuthentication: may refuse a sign-in.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
"""

from habitr_emulator.services.cognito_idp.triggers import Occasion, fire, user_attributes


async def pre_authentication(occasion: Occasion) -> None:
    """Fire ``PreAuthentication_Authentication``; the call's ClientMetadata arrives as validationData."""
    request = {
        "userAttributes": user_attributes(occasion.user),
        "validationData": dict(occasion.metadata) or None,
    }
    await fire(occasion, "PreAuthentication_Authentication", request, {})
