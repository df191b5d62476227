"""PreAuthentication: may refuse a sign-in.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.cognito_idp.triggers import Occasion, fire, user_attributes


async def pre_authentication(
    occasion: Occasion, validation_data: Mapping[str, str] | None = None, *, hides_users: bool = False
) -> None:
    """Fire ``PreAuthentication_Authentication``; InitiateAuth's ClientMetadata arrives as validationData.

    Only a client that hides unknown users (``hides_users``) lets it run for them, and is told.
    """
    request: dict[str, Any] = {
        "userAttributes": user_attributes(occasion),
        "validationData": dict(validation_data) if validation_data else None,
    }
    if hides_users:
        request["userNotFound"] = not occasion.user.sub
    await fire(occasion, "PreAuthentication_Authentication", request, {})
