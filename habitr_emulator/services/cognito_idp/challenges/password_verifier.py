"""PASSWORD_VERIFIER: the client's proof of the password in the SRP flow."""

from dataclasses import replace

from habitr_emulator.services.cognito_idp import passwords, sessions, srp_exchange, strangers, users
from habitr_emulator.services.cognito_idp.flows.custom_auth import decide
from habitr_emulator.services.cognito_idp.flows.user_srp_auth import secret_of
from habitr_emulator.services.cognito_idp.sign_in import (
    Answer,
    Attempt,
    after_password,
    before_password,
    check_status,
)
from habitr_emulator.services.cognito_idp.users import User


async def password_verifier(attempt: Attempt) -> Answer:
    """Check the proof and go on.

    Raises NotAuthorizedException for a wrong or late proof, InvalidParameterException for a missing parameter or
    a timestamp in another language, and what comes after the password raises.
    """
    username = attempt.parameter("USERNAME")
    proof = await srp_exchange.sent(attempt, srp_exchange.PASSWORD)
    attempt.check_secret_hash(username)
    attempt = replace(attempt, validation_data=proof.note.get("v") or {})
    attempt.keep_device(proof.note["d"])
    # USER_AUTH hands out a Session with this challenge, USER_SRP_AUTH does not.
    session = (await attempt.opened("PASSWORD_VERIFIER"))[0] if attempt.session else None
    user = _user(attempt, proof.note["u"], username)
    await before_password(attempt, user)
    unknown = (await secret_of(attempt, user))[1]
    verifier = user.verifier
    right = await proof.proves(attempt.pool.name, user.username, verifier or unknown)

    def proved(fresh: User) -> bool:
        return right and verifier is not None and fresh.verifier == verifier

    user = await passwords.prove(attempt.ctx, attempt.pool, user, proved)
    if session is not None:
        await sessions.used(attempt.ctx, session)
    if proof.note["m"]:
        check_status(user)
        past = [("SRP_A", True), ("PASSWORD_VERIFIER", True)]
        entries = [{"challengeName": n, "challengeResult": ok, "challengeMetadata": None} for n, ok in past]
        return await decide(attempt, user, entries)
    return await after_password(attempt, user)


def _user(attempt: Attempt, noted: str, named: str) -> User:
    """The user of the secret block, if it is the one who is named; else somebody who does not exist."""
    user = users.by_username(attempt.ctx.store, attempt.pool.id, noted)
    other = users.find(attempt.ctx.store, attempt.pool, named)
    if user is None or other is None or other.sub != user.sub:
        return strangers.stranger(attempt.ctx, attempt.pool, noted)
    return user
