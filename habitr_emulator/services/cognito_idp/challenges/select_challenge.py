"""SELECT_CHALLENGE: the user chooses the first factor (USER_AUTH)."""

from habitr_emulator.services.cognito_idp import first_factors, sessions
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt


async def select_challenge(attempt: Attempt) -> Answer:
    """Ask for the chosen factor, or check the password that came along.

    After a wrong password another choice may be made in the same Session. Raises InvalidParameterException for a
    factor that was not offered, and what the factor raises.
    """
    session, user = await attempt.opened("SELECT_CHALLENGE")
    factor = attempt.parameter("ANSWER")
    if factor not in first_factors.offered(attempt.ctx.store, attempt.pool, user):
        raise InvalidParameterException(f"The challenge {factor} is not available for the user.")
    answer = await first_factors.ask(attempt, user, factor)
    await sessions.used(attempt.ctx, session)
    return answer
