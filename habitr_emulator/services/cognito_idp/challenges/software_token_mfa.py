"""SOFTWARE_TOKEN_MFA: the code of the user's authenticator app."""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import passwords, sessions, totp, users
from habitr_emulator.services.cognito_idp.errors import (
    CodeMismatchException,
    ExpiredCodeException,
    NotAuthorizedException,
)
from habitr_emulator.services.cognito_idp.flows.custom_auth import passed
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt
from habitr_emulator.services.cognito_idp.users import User


async def software_token_mfa(attempt: Attempt) -> Answer:
    """Check the code and sign in; each code works once, and after a wrong one the session may be tried again.

    Raises CodeMismatchException, ExpiredCodeException, NotAuthorizedException.
    """
    session, user = await attempt.opened("SOFTWARE_TOKEN_MFA")
    code, now = attempt.parameter("SOFTWARE_TOKEN_MFA_CODE"), attempt.ctx.clock.now()

    def write(tx: Transaction) -> User | AwsError:
        fresh = users.again(tx, user)
        if fresh.locked_until > now:
            return NotAuthorizedException("Password attempts exceeded")
        refusal, step = _judge(fresh, code, now)
        if refusal is None:
            sessions.spend(tx, session, now)
            fresh.mfa = {**fresh.mfa, "last_step": step}
        else:
            passwords.count(fresh, now)
        users.save(tx, attempt.pool, fresh)
        return refusal or fresh

    outcome = await attempt.ctx.store.write(write)
    if isinstance(outcome, AwsError):
        raise outcome
    return await passed(attempt, outcome, "SOFTWARE_TOKEN_MFA", session.content["source"])


def _judge(user: User, code: str, now: float) -> tuple[AwsError | None, int | None]:
    step = totp.matching_step(user.mfa["secret"], code, now) if user.mfa.get("verified") else None
    if step is None:
        return CodeMismatchException("Invalid code received for user"), None
    if step <= user.mfa.get("last_step", -1):
        return ExpiredCodeException("Your software token has already been used once."), None
    return None, step
