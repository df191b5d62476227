"""SMS_OTP: the code that came by SMS as first factor (USER_AUTH)."""

from habitr_emulator.services.cognito_idp import otp
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt


async def sms_otp(attempt: Attempt) -> Answer:
    """Check SMS_OTP_CODE. Raises CodeMismatchException, NotAuthorizedException."""
    return await otp.answered(attempt, "SMS_OTP")
