"""UserMigration: brings an unknown user over from elsewhere at the first sign-in or forgotten password.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import attributes, invitations, passwords, usernames, users
from habitr_emulator.services.cognito_idp.errors import (
    InvalidLambdaResponseException,
    UserLambdaValidationException,
    UserNotFoundException,
)
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.triggers import Occasion, expect, fire, function_of
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

_ANSWER = dict.fromkeys(
    ("userAttributes", "finalUserStatus", "messageAction", "desiredDeliveryMediums", "forceAliasCreation",
     "enableSMSMFA")
)  # fmt: skip


def migrates(pool: Pool) -> bool:
    """Whether the pool asks a function for users that it does not know."""
    return function_of(pool, "UserMigration") is not None


async def user_migration(
    occasion: Occasion, kind: str, password: str | None = None, validation_data: Mapping[str, str] | None = None
) -> User:
    """Fire ``UserMigration_<kind>`` (ForgotPassword, or Authentication with the password and InitiateAuth's
    ClientMetadata as ``validation_data``) and store the user.

    ``occasion.user`` names the user who is not there yet. Raises UserNotFoundException if the function does not
    know it either.
    """
    request: dict[str, Any] = {} if password is None else {"password": password}
    request |= {
        "validationData": dict(validation_data) if validation_data else None,
        "userAttributes": None,
        "clientMetadata": dict(occasion.metadata) or None,
    }
    try:
        answer = await fire(occasion, f"UserMigration_{kind}", request, _ANSWER)
    except UserLambdaValidationException as error:
        raise UserNotFoundException(
            f"Exception migrating user in app client {occasion.client_id}", why=error.message
        ) from error
    given = expect("UserMigration", answer.get("userAttributes"), dict)
    if not given:
        raise UserNotFoundException(f"Exception migrating user in app client {occasion.client_id}")
    force = bool(expect("UserMigration", answer.get("forceAliasCreation"), bool))
    user = await _store(occasion.ctx, occasion.pool, _user(occasion, answer, given), password, force)
    if answer.get("messageAction") != "SUPPRESS":
        mediums = expect("UserMigration", answer.get("desiredDeliveryMediums"), list) or ["SMS"]
        # guess: the welcome message does not repeat the password that the person has just used
        await invitations.send(replace(occasion, user=user), "", [str(medium) for medium in mediums])
    return user


def _user(occasion: Occasion, answer: dict[str, Any], given: dict[str, Any]) -> User:
    if not all(isinstance(value, str) for value in given.values()):
        raise InvalidLambdaResponseException(why="the UserMigration trigger gave attributes that are no strings")
    kept = {name: value for name, value in given.items() if name not in ("username", "sub")}
    attributes.check(occasion.pool, kept, creating=True)
    status = answer.get("finalUserStatus") or "RESET_REQUIRED"
    if status not in ("CONFIRMED", "RESET_REQUIRED"):
        raise InvalidLambdaResponseException(why=f"the UserMigration trigger gave finalUserStatus {status}")
    now = occasion.ctx.clock.now()
    made = User(occasion.pool.id, occasion.user.username, occasion.ctx.ids.uuid(), kept, status, now, now)
    if expect("UserMigration", answer.get("enableSMSMFA"), bool):
        made.mfa = {"enabled": ["SMS_MFA"], "preferred": "SMS_MFA"}
    if occasion.pool.username_attributes:
        made.username = made.sub
    return made


async def _store(ctx: Context, pool: Pool, user: User, password: str | None, force: bool) -> User:
    if password is not None and user.status == "CONFIRMED":
        passwords.setter(ctx, pool, user.username, password)(user)

    def write(tx: Transaction) -> User:
        # Two sign-ins at once may both have asked; the first one made the user.
        there = users.by_username(tx, pool.id, user.username)
        if there is None:
            usernames.take_aliases(tx, pool, user, force=force)
            users.insert(tx, pool, user)
        return there or user

    return await ctx.store.write(write)
