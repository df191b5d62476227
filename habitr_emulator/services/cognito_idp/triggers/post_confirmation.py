"""PostConfirmation: told after a user is confirmed, or has reset a password.

An error reaches the caller, although the user is confirmed.
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
"""

from habitr_emulator.services.cognito_idp.triggers import Occasion, fire, user_attributes


async def post_confirmation(occasion: Occasion, kind: str) -> None:
    """Fire ``PostConfirmation_<kind>`` (ConfirmSignUp, ConfirmForgotPassword)."""
    request = {"userAttributes": user_attributes(occasion), "clientMetadata": dict(occasion.metadata)}
    await fire(occasion, f"PostConfirmation_{kind}", request, {})
