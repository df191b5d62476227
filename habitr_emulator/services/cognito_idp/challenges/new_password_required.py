"""NEW_PASSWORD_REQUIRED: the user replaces the temporary password, and gives required attributes."""

from collections.abc import Mapping

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import attributes, passwords, sessions, users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, NotAuthorizedException
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, after_status
from habitr_emulator.services.cognito_idp.users import User

_PREFIX = "userAttributes."


async def new_password_required(attempt: Attempt) -> Answer:
    """Set the password, confirm the user, and go on. The session survives a refused answer.

    Raises InvalidPasswordException, InvalidParameterException, NotAuthorizedException.
    """
    session, user = await attempt.opened("NEW_PASSWORD_REQUIRED")
    password = attempt.parameter("NEW_PASSWORD")
    given = {n.removeprefix(_PREFIX): v for n, v in attempt.parameters.items() if n.startswith(_PREFIX)}
    passwords.check_policy(attempt.pool, password)
    passwords.check_history(attempt.pool, user, password)
    _check_attributes(attempt, user, given)
    set_password = passwords.setter(attempt.ctx, attempt.pool, user.username, password)
    now = attempt.ctx.clock.now()

    def write(tx: Transaction) -> User:
        sessions.spend(tx, session, now)
        fresh = users.again(tx, user)
        attributes.check_free(tx, attempt.pool, given, fresh.username)
        attributes.unverify_changed(fresh, given)
        fresh.attributes.update(given)
        set_password(fresh)
        fresh.status, fresh.modified_at = "CONFIRMED", now
        users.save(tx, attempt.pool, fresh)
        return fresh

    confirmed = await attempt.ctx.store.write(write)
    return await after_status(attempt, confirmed, "NewPasswordChallenge")


def _check_attributes(attempt: Attempt, user: User, given: Mapping[str, str]) -> None:
    for name in given:
        if user.attributes.get(name):
            raise NotAuthorizedException(f"Cannot modify an already provided {name}")
    missing = attributes.missing_required(attempt.pool, {**user.attributes, **given})
    # Unlike AWS, which asks administrators, too: scripts that seed users without an e-mail address rely on it.
    if missing and not attempt.by_administrator:
        raise InvalidParameterException(f"Invalid attributes given, {missing[0]} is missing")
    attributes.check(attempt.pool, given, client=attempt.client, creating=True)
