"""SMS_MFA: the code that came by SMS as second factor."""

from habitr_emulator.services.cognito_idp import otp
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt


async def sms_mfa(attempt: Attempt) -> Answer:
    """Check SMS_MFA_CODE. Raises CodeMismatchException, NotAuthorizedException."""
    return await otp.answered(attempt, "SMS_MFA")
