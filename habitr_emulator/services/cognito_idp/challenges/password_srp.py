"""PASSWORD_SRP: the password by SRP, as chosen first factor (USER_AUTH)."""

from habitr_emulator.services.cognito_idp import first_factors, sessions
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt


async def password_srp(attempt: Attempt) -> Answer:
    """Ask for PASSWORD_VERIFIER. Raises InvalidParameterException, NotAuthorizedException."""
    session, user = await attempt.opened("PASSWORD_SRP")
    attempt.parameter("SRP_A")
    await sessions.used(attempt.ctx, session)
    return await first_factors.ask(attempt, user, first_factors.PASSWORD_SRP)
