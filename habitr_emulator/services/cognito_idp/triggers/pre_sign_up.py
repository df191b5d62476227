"""PreSignUp: may refuse a sign-up, confirm it, or take an address as verified.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
"""

from collections.abc import Mapping

from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.triggers import Occasion, expect, fire

_FLAGS = {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}
_VERIFIES = {"autoVerifyEmail": "email", "autoVerifyPhone": "phone_number"}


async def pre_sign_up(occasion: Occasion, kind: str, validation_data: Mapping[str, str] | None) -> None:
    """Fire ``PreSignUp_<kind>`` and do to ``occasion.user`` (not stored yet) what the answer says.

    The answer counts for ``SignUp`` only. Raises what ``fire`` raises.
    """
    request = {
        "userAttributes": dict(occasion.user.attributes),
        "validationData": dict(validation_data) if validation_data else None,
        "clientMetadata": dict(occasion.metadata),
    }
    answer = await fire(occasion, f"PreSignUp_{kind}", request, _FLAGS)
    if kind != "SignUp":
        return
    if expect("PreSignUp", answer.get("autoConfirmUser"), bool):
        occasion.user.status = "CONFIRMED"
    for flag, address in _VERIFIES.items():
        if expect("PreSignUp", answer.get(flag), bool):
            if not occasion.user.attributes.get(address):
                raise InvalidParameterException(f"Cannot verify {address}: the user has none.")
            occasion.user.attributes[f"{address}_verified"] = "true"
