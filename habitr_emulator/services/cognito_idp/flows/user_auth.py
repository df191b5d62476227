"""USER_AUTH: the user chooses among the pool's first factors; or goes on straight from a sign-up."""

from habitr_emulator.services.cognito_idp import first_factors, sessions, strangers, users
from habitr_emulator.services.cognito_idp.flows.user_password_auth import user_password_auth
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, after_password
from habitr_emulator.services.cognito_idp.triggers.user_migration import migrates


async def user_auth(attempt: Attempt) -> Answer:
    """Ask for PREFERRED_CHALLENGE if the user has it, else let the user select; sign in with a sign-up's Session.

    An unknown user of a client that hides such is offered a choice like any other. Raises
    InvalidParameterException, NotAuthorizedException, UserNotFoundException, UserNotConfirmedException.
    """
    if attempt.session:
        return await _after_sign_up(attempt)
    username, preferred = attempt.parameter("USERNAME"), attempt.parameters.get("PREFERRED_CHALLENGE")
    known = users.find(attempt.ctx.store, attempt.pool, username)
    if known is None and preferred == "PASSWORD" and "PASSWORD" in attempt.parameters and migrates(attempt.pool):
        return await user_password_auth(attempt)
    attempt.check_secret_hash(username)
    user = attempt.find_user(username) or strangers.stranger(attempt.ctx, attempt.pool, username)
    offered = first_factors.offered(attempt.ctx.store, attempt.pool, user)
    if preferred in offered:
        return await first_factors.ask(attempt, user, preferred)
    answer = await attempt.challenge(user, "SELECT_CHALLENGE", {"USERNAME": user.username})
    return {**answer, "AvailableChallenges": offered}


async def _after_sign_up(attempt: Attempt) -> Answer:
    session, user = await attempt.opened(sessions.SIGNED_UP)
    answer = await after_password(attempt, user)
    await sessions.used(attempt.ctx, session)
    return answer
