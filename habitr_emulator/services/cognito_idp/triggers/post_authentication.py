"""PostAuthentication: told of a sign-in, before the tokens are made; an error refuses it.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
"""

from habitr_emulator.services.cognito_idp.triggers import Occasion, fire, user_attributes


async def post_authentication(occasion: Occasion, *, new_device: bool = False) -> None:
    """Fire ``PostAuthentication_Authentication``. ``new_device``: the sign-in is from a device not seen before."""
    request = {
        "userAttributes": user_attributes(occasion),
        "newDeviceUsed": new_device,
        "clientMetadata": dict(occasion.metadata),
    }
    await fire(occasion, "PostAuthentication_Authentication", request, {})
