"""What a sign-in may ask: one file for each ChallengeName, with a function that takes the answer.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
"""

from habitr_emulator.services.cognito_idp.challenges.custom_challenge import custom_challenge
from habitr_emulator.services.cognito_idp.challenges.device_password_verifier import device_password_verifier
from habitr_emulator.services.cognito_idp.challenges.device_srp_auth import device_srp_auth
from habitr_emulator.services.cognito_idp.challenges.email_otp import email_otp
from habitr_emulator.services.cognito_idp.challenges.mfa_setup import mfa_setup
from habitr_emulator.services.cognito_idp.challenges.new_password_required import new_password_required
from habitr_emulator.services.cognito_idp.challenges.password import password
from habitr_emulator.services.cognito_idp.challenges.password_srp import password_srp
from habitr_emulator.services.cognito_idp.challenges.password_verifier import password_verifier
from habitr_emulator.services.cognito_idp.challenges.select_challenge import select_challenge
from habitr_emulator.services.cognito_idp.challenges.select_mfa_type import select_mfa_type
from habitr_emulator.services.cognito_idp.challenges.sms_mfa import sms_mfa
from habitr_emulator.services.cognito_idp.challenges.sms_otp import sms_otp
from habitr_emulator.services.cognito_idp.challenges.software_token_mfa import software_token_mfa
from habitr_emulator.services.cognito_idp.challenges.web_authn import web_authn
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt

_KNOWN = {
    "PASSWORD_VERIFIER": password_verifier,
    "NEW_PASSWORD_REQUIRED": new_password_required,
    "SOFTWARE_TOKEN_MFA": software_token_mfa,
    "SMS_MFA": sms_mfa,
    "EMAIL_OTP": email_otp,
    "SELECT_MFA_TYPE": select_mfa_type,
    "MFA_SETUP": mfa_setup,
    "CUSTOM_CHALLENGE": custom_challenge,
    "SELECT_CHALLENGE": select_challenge,
    "PASSWORD": password,
    "PASSWORD_SRP": password_srp,
    "SMS_OTP": sms_otp,
    "WEB_AUTHN": web_authn,
    "DEVICE_SRP_AUTH": device_srp_auth,
    "DEVICE_PASSWORD_VERIFIER": device_password_verifier,
}


async def answer(attempt: Attempt, name: str) -> Answer:
    """Take the answer to the challenge ``name``: tokens or the next challenge; raises what it raises."""
    respond = _KNOWN.get(name)
    if respond is None:
        raise InvalidParameterException(f"Challenge {name} cannot be responded to.", why="no sign-in asks it")
    return await respond(attempt)
