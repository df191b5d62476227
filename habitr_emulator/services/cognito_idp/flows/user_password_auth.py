"""USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH: the password itself is sent."""

from habitr_emulator.services.cognito_idp import passwords, strangers, users
from habitr_emulator.services.cognito_idp.errors import NotAuthorizedException, UserNotFoundException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, after_password, before_password
from habitr_emulator.services.cognito_idp.triggers.user_migration import migrates, user_migration
from habitr_emulator.services.cognito_idp.users import User


async def user_password_auth(attempt: Attempt) -> Answer:
    """Check the password and go on. An unknown user may be migrated.

    Raises InvalidParameterException, NotAuthorizedException, UserNotFoundException and what comes after the
    password raises.
    """
    username, password = attempt.parameter("USERNAME"), attempt.parameter("PASSWORD")
    attempt.check_secret_hash(username)
    user = await _known_or_migrated(attempt, username, password)
    return await proved(attempt, user or strangers.stranger(attempt.ctx, attempt.pool, username), password)


async def proved(attempt: Attempt, user: User, password: str) -> Answer:
    """Check a user's password and go on; raises as ``user_password_auth`` does."""
    await before_password(attempt, user)
    pool = attempt.pool
    user = await passwords.prove(attempt.ctx, pool, user, lambda fresh: passwords.fits(pool, fresh, password))
    return await after_password(attempt, user)


async def _known_or_migrated(attempt: Attempt, username: str, password: str) -> User | None:
    user = users.find(attempt.ctx.store, attempt.pool, username)
    if user is not None or not migrates(attempt.pool):
        return user or attempt.find_user(username)
    stranger = strangers.stranger(attempt.ctx, attempt.pool, username)
    try:
        return await user_migration(
            attempt.occasion(stranger), "Authentication", password, attempt.validation_data
        )
    except UserNotFoundException as error:
        if attempt.client.hides_users:
            attempt.ctx.span.note(unknown_user=username, migration=error.why)
            raise NotAuthorizedException(why="the password is wrong") from error
        raise
