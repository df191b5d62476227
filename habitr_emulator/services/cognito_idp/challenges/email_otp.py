"""EMAIL_OTP: the code that came by mail, as second factor or (in USER_AUTH) as first."""

from habitr_emulator.services.cognito_idp import otp
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt


async def email_otp(attempt: Attempt) -> Answer:
    """Check EMAIL_OTP_CODE. Raises CodeMismatchException, NotAuthorizedException."""
    return await otp.answered(attempt, "EMAIL_OTP")
