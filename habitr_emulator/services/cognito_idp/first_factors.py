"""The first factors of USER_AUTH: which a user is offered, and asking for one.

https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-selection-sdk.html
"""

from habitr_emulator.services.cognito_idp import mfa, otp, srp_exchange, strangers, web_authn
from habitr_emulator.services.cognito_idp.errors import UserNotConfirmedException
from habitr_emulator.services.cognito_idp.flows.user_password_auth import proved
from habitr_emulator.services.cognito_idp.flows.user_srp_auth import password_verifier_parameters
from habitr_emulator.services.cognito_idp.pools import Pool, Reader
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, before_password, check_enabled
from habitr_emulator.services.cognito_idp.users import User

PASSWORD, PASSWORD_SRP, EMAIL, SMS, PASSKEY = "PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"
_WITH_PASSWORD = [PASSWORD, PASSWORD_SRP]


def allowed(pool: Pool) -> list[str]:
    """The factors that a pool lets sign-ins start with."""
    return list(pool.settings["Policies"]["SignInPolicy"].get("AllowedFirstAuthFactors") or [PASSWORD])


def passwordless(pool: Pool) -> bool:
    """Whether users can do without a password."""
    return any(factor != PASSWORD for factor in allowed(pool))


def configured(reader: Reader, pool: Pool, user: User) -> list[str]:
    """What a user could start with: a password, verified addresses, passkeys; of what the pool allows."""
    usable = {
        PASSWORD: user.verifier is not None,
        EMAIL: user.verified("email"),
        SMS: user.verified("phone_number"),
        PASSKEY: bool(web_authn.credentials(reader, user, "", 1)),
    }
    return [factor for factor, has in usable.items() if has and factor in allowed(pool)]


def offered(reader: Reader, pool: Pool, user: User) -> list[str]:
    """The challenges that a user may choose from, at least one; somebody unknown seems to have them, too.

    Raises UserNotConfirmedException for an unconfirmed user who can prove nothing yet.
    """
    own = configured(reader, pool, user) if user.sub else _pretended(pool)
    if _asks_for_mfa(pool, user) or user.status == "FORCE_CHANGE_PASSWORD":
        own = [factor for factor in own if factor == PASSWORD or (factor == PASSKEY and _passkey_is_mfa(pool))]
    if not own and user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    if not own or PASSWORD in own:
        return [*_WITH_PASSWORD, *(factor for factor in own if factor != PASSWORD)]
    return own


async def ask(attempt: Attempt, user: User, factor: str) -> Answer:
    """Ask for one of the offered challenges, or take what the request has for it already.

    Raises what the factor raises.
    """
    if factor == PASSWORD and "PASSWORD" in attempt.parameters:
        return await proved(attempt, user, attempt.parameter("PASSWORD"))
    if factor == PASSWORD_SRP and "SRP_A" in attempt.parameters:
        srp_exchange.public_value(attempt)
        parameters = await password_verifier_parameters(attempt, user)
        return await attempt.challenge(user, "PASSWORD_VERIFIER", parameters)
    if factor in _WITH_PASSWORD:
        return await attempt.challenge(user, factor, {"USERNAME": user.username})
    if not user.enabled and attempt.client.hides_users:
        user = strangers.stranger(attempt.ctx, attempt.pool, attempt.parameter("USERNAME"))
    check_enabled(user)
    await before_password(attempt, user)
    if factor == PASSKEY:
        return await web_authn.ask(attempt, user)
    return await otp.ask(attempt, user, factor, {"first": True})


def _pretended(pool: Pool) -> list[str]:
    names = allowed(pool)
    address = [factor for factor in (EMAIL, SMS) if factor in names][:1]
    return [factor for factor in names if factor == PASSWORD] + address


def _asks_for_mfa(pool: Pool, user: User) -> bool:
    """Whether a second factor would follow: then only a password may come first."""
    mode = pool.settings["MfaConfiguration"]
    return mode == "ON" or (mode == "OPTIONAL" and bool(mfa.user_factors(pool, user)))


def _passkey_is_mfa(pool: Pool) -> bool:
    config = (pool.settings.get("Factors") or {}).get("WebAuthnConfiguration") or {}
    return config.get("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION"
