"""MFA_SETUP: the user has set up the second factor that the pool insists on."""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import mfa, sessions, users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, complete
from habitr_emulator.services.cognito_idp.users import User


async def mfa_setup(attempt: Attempt) -> Answer:
    """Turn the verified authenticator app on, prefer it, and sign in.

    The Session must be the one that VerifySoftwareToken answered. Raises InvalidParameterException without it.
    """
    session, user = await attempt.opened("MFA_SETUP")
    if not session.content.get("verified"):
        raise InvalidParameterException("User has not verified software token mfa")
    now = attempt.ctx.clock.now()

    def write(tx: Transaction) -> User:
        sessions.spend(tx, session, now)
        fresh = users.again(tx, user)
        mfa.prefer(attempt.pool, fresh, {"SoftwareTokenMfaSettings": {"Enabled": True, "PreferredMfa": True}})
        users.save(tx, attempt.pool, fresh)
        return fresh

    return await complete(attempt, await attempt.ctx.store.write(write), session.content["source"])
