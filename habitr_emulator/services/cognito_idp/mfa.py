"""The second factor: which one a sign-in asks for, and the authenticator app's secret.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from habitr_emulator.services.cognito_idp import totp, unbuilt
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

if TYPE_CHECKING:
    from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt

TOTP = "SOFTWARE_TOKEN_MFA"
SMS = "SMS_MFA"
EMAIL = "EMAIL_OTP"
#: Members of SetUserMFAPreference and their factors.
SETTINGS = {"SMSMfaSettings": SMS, "SoftwareTokenMfaSettings": TOTP, "EmailMfaSettings": EMAIL}
_SECRET_BYTES = 32
_ADDRESS_OF = {SMS: "phone_number", EMAIL: "email"}


def pool_factors(pool: Pool) -> list[str]:
    """The factors that a pool offers."""
    config = pool.settings.get("Factors") or {}
    offered = [TOTP] if (config.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled") else []
    if config.get("SmsMfaConfiguration") or (pool.settings.get("SmsConfiguration") and not config):
        offered.append(SMS)
    return offered + ([EMAIL] if config.get("EmailMfaConfiguration") else [])


def check_mode(pool: Pool) -> None:
    """Refuse settings that insist on MFA without offering a factor; raises InvalidParameterException."""
    if pool.settings["MfaConfiguration"] == "ON" and not pool_factors(pool):
        raise InvalidParameterException("Invalid MFA configuration given, can't turn on MFA without any factor.")


def user_factors(pool: Pool, user: User) -> list[str]:
    """The factors that a user has turned on and can use in this pool."""
    usable = [factor for factor in user.mfa.get("enabled", ()) if factor in pool_factors(pool)]
    return [f for f in usable if f == TOTP or user.attributes.get(_ADDRESS_OF[f])]


async def challenge(attempt: "Attempt", user: User, source: str) -> "Answer | None":
    """The challenge that a sign-in must pass after the password; None if it need not."""
    mode = attempt.pool.settings["MfaConfiguration"]
    if mode == "OFF":
        return None
    factors = user_factors(attempt.pool, user)
    if factors:
        preferred = user.mfa.get("preferred")
        if preferred in factors or len(factors) == 1:
            return await ask(attempt, user, preferred if preferred in factors else factors[0], source)
        choices = {"MFAS_CAN_CHOOSE": orjson.dumps(factors).decode(), "USER_ID_FOR_SRP": user.username}
        return await attempt.challenge(user, "SELECT_MFA_TYPE", choices, {"source": source})
    if mode != "ON":
        return None
    offered = pool_factors(attempt.pool)
    if SMS in offered and user.attributes.get("phone_number"):
        return await ask(attempt, user, SMS, source)
    setups = orjson.dumps([factor for factor in offered if factor != SMS]).decode()
    parameters = {"MFAS_CAN_SETUP": setups, "USER_ID_FOR_SRP": user.username}
    return await attempt.challenge(user, "MFA_SETUP", parameters, {"source": source})


async def ask(attempt: "Attempt", user: User, factor: str, source: str) -> "Answer":
    """The challenge of one factor; SMS and mail send their code."""
    if factor == TOTP:
        named = {"FRIENDLY_DEVICE_NAME": user.mfa["name"]} if user.mfa.get("name") else {}
        parameters = {"USER_ID_FOR_SRP": user.username, **named}
        return await attempt.challenge(user, TOTP, parameters, {"source": source})
    from habitr_emulator.services.cognito_idp import otp

    return await otp.ask(attempt, user, factor, {"source": source})


def fresh_secret(ctx: Context) -> str:
    """A new secret for an authenticator app (52 characters of base32)."""
    return totp.secret_text(ctx.ids.bytes(_SECRET_BYTES))


def prefer(pool: Pool, user: User, request: Mapping[str, Any]) -> None:
    """Do what SetUserMFAPreference asks; settings left out stay. Raises InvalidParameterException."""
    unbuilt.refuse(request.get("WebAuthnMfaSettings") or {}, "Enabled")
    enabled = list(user.mfa.get("enabled", ()))
    preferred = user.mfa.get("preferred")
    wanted = [factor for member, factor in SETTINGS.items() if (request.get(member) or {}).get("PreferredMfa")]
    if len(wanted) > 1:
        raise InvalidParameterException("Only one MFA method can be set as preferred.")
    for member, factor in SETTINGS.items():
        setting = request.get(member)
        if setting is None:
            continue
        if setting.get("Enabled"):
            _check_usable(pool, user, factor)
            enabled += [] if factor in enabled else [factor]
        elif factor in enabled:
            enabled.remove(factor)
        if setting.get("PreferredMfa") and setting.get("Enabled"):
            preferred = factor
        elif preferred == factor:
            preferred = None
    user.mfa = {**user.mfa, "enabled": enabled, "preferred": preferred}


def set_options(pool: Pool, user: User, options: Sequence[Mapping[str, Any]]) -> None:
    """Do what SetUserSettings asks: SMS to the phone number, or (no options) none.

    Raises InvalidParameterException.
    """
    for option in options:
        if (option.get("DeliveryMedium"), option.get("AttributeName")) != ("SMS", "phone_number"):
            raise InvalidParameterException("MFAOptions can only be SMS to phone_number.")
    prefer(pool, user, {"SMSMfaSettings": {"Enabled": bool(options), "PreferredMfa": bool(options)}})


def _check_usable(pool: Pool, user: User, factor: str) -> None:
    if factor == TOTP and not user.mfa.get("verified"):
        known = "verified" if user.mfa.get("pending") else "set up"
        raise InvalidParameterException(f"User has not {known} software token mfa")
    if factor in _ADDRESS_OF and not user.attributes.get(_ADDRESS_OF[factor]):
        raise InvalidParameterException(f"User does not have {_ADDRESS_OF[factor]} set for {factor}.")
    if factor == SMS and factor not in pool_factors(pool):
        raise InvalidParameterException("User pool does not have SMS configuration to send messages.")
    if factor == EMAIL and factor not in pool_factors(pool):
        raise InvalidParameterException(f"The user pool does not have {factor} enabled.")


def verify_app(user: User, given: str, now: float, name: str | None = None) -> bool:
    """Take the pending secret as verified if ``given`` is its code; True if so. ``name`` is the app's."""
    secret = user.mfa.get("pending") or user.mfa.get("secret")
    step = totp.matching_step(secret, given, now) if secret else None
    if step is None:
        return False
    user.mfa = {**user.mfa, "secret": secret, "pending": None, "verified": True, "last_step": step, "name": name}
    return True
