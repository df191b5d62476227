"""EMAIL_OTP: the code that came by mail as second factor."""

from habitr_emulator.services.cognito_idp import mfa_codes, passwords, sessions
from habitr_emulator.services.cognito_idp.errors import CodeMismatchException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, complete


async def email_otp(attempt: Attempt) -> Answer:
    """Check the code and sign in; after a wrong one the session may be tried again.

    Raises CodeMismatchException, NotAuthorizedException.
    """
    session, user = await attempt.opened("EMAIL_OTP")
    given = attempt.parameter("EMAIL_OTP_CODE")
    if not await mfa_codes.right(attempt.ctx, user, session.content["code"], given):
        await passwords.failed(attempt.ctx, attempt.pool, user)
        raise CodeMismatchException("Invalid code or auth state for the user.")
    now = attempt.ctx.clock.now()
    await attempt.ctx.store.write(lambda tx: sessions.spend(tx, session, now))
    return await complete(attempt, user, session.content["source"])
