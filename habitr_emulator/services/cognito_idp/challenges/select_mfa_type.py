"""SELECT_MFA_TYPE: the user chooses one of several second factors."""

from habitr_emulator.services.cognito_idp import mfa, sessions
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt


async def select_mfa_type(attempt: Attempt) -> Answer:
    """Ask for the chosen factor; raises InvalidParameterException for one that the user does not have."""
    session, user = await attempt.opened("SELECT_MFA_TYPE")
    factor = attempt.parameter("ANSWER")
    if factor not in mfa.user_factors(attempt.pool, user):
        raise InvalidParameterException(f"The user does not have the MFA type {factor}.")
    now = attempt.ctx.clock.now()
    await attempt.ctx.store.write(lambda tx: sessions.spend(tx, session, now))
    return await mfa.ask(attempt, user, factor, session.content["source"])
