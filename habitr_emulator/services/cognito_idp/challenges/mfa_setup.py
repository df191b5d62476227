"""MFA_SETUP: the user has set up the second factor that the pool insists on."""

from dataclasses import replace

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import attributes, mfa, otp, sessions, users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, complete
from habitr_emulator.services.cognito_idp.users import User


async def mfa_setup(attempt: Attempt) -> Answer:
    """Turn the verified authenticator app on, prefer it, and sign in; or (with EMAIL) send a code to that address.

    For the app the Session must be the one that VerifySoftwareToken answered. Raises InvalidParameterException
    without it.
    """
    session, user = await attempt.opened("MFA_SETUP")
    email = attempt.parameters.get("EMAIL")
    if email and mfa.EMAIL in mfa.pool_factors(attempt.pool):
        attributes.check(attempt.pool, {"email": email}, creating=True)
        await sessions.used(attempt.ctx, session)
        addressed = replace(user, attributes={**user.attributes, "email": email})
        kept = {"source": session.content["source"], "setup": email}
        return await otp.ask(attempt, addressed, mfa.EMAIL, kept)
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
