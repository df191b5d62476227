"""SOFTWARE_TOKEN_MFA: the code of the user's authenticator app."""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import passwords, sessions, totp, users
from habitr_emulator.services.cognito_idp.errors import CodeMismatchException, ExpiredCodeException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, complete
from habitr_emulator.services.cognito_idp.users import User


async def software_token_mfa(attempt: Attempt) -> Answer:
    """Check the code and sign in; each code works once, and after a wrong one the session may be tried again.

    Raises CodeMismatchException, ExpiredCodeException, NotAuthorizedException.
    """
    session, user = await attempt.opened("SOFTWARE_TOKEN_MFA")
    code, now = attempt.parameter("SOFTWARE_TOKEN_MFA_CODE"), attempt.ctx.clock.now()

    def write(tx: Transaction) -> User | AwsError:
        fresh = users.again(tx, user)
        step = totp.matching_step(fresh.mfa["secret"], code, now) if fresh.mfa.get("verified") else None
        if step is None:
            return CodeMismatchException("Invalid code received for user")
        if step <= fresh.mfa.get("last_step", -1):
            return ExpiredCodeException("Your software token has already been used once.")
        sessions.spend(tx, session, now)
        fresh.mfa = {**fresh.mfa, "last_step": step}
        users.save(tx, attempt.pool, fresh)
        return fresh

    outcome = await attempt.ctx.store.write(write)
    if isinstance(outcome, AwsError):
        await passwords.failed(attempt.ctx, attempt.pool, user)
        raise outcome
    return await complete(attempt, outcome, session.content["source"])
