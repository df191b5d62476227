"""PASSWORD: the password itself, as chosen first factor (USER_AUTH)."""

from habitr_emulator.services.cognito_idp import sessions
from habitr_emulator.services.cognito_idp.flows.user_password_auth import proved
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt


async def password(attempt: Attempt) -> Answer:
    """Check PASSWORD and go on; after a wrong one the session may be tried again.

    Raises NotAuthorizedException.
    """
    session, user = await attempt.opened("PASSWORD")
    answer = await proved(attempt, user, attempt.parameter("PASSWORD"))
    await sessions.used(attempt.ctx, session)
    return answer
