"""What every way of signing in shares: the attempt, the checks after the password, and the tokens at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from habitr_emulator.services.cognito_idp import attributes, mfa, passwords, pools, sessions, token_issue, users
from habitr_emulator.services.cognito_idp.errors import (
    InvalidParameterException,
    NotAuthorizedException,
    PasswordResetRequiredException,
    UserNotConfirmedException,
    UserNotFoundException,
)
from habitr_emulator.services.cognito_idp.pools import Client, Pool
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.triggers.post_authentication import post_authentication
from habitr_emulator.services.cognito_idp.triggers.pre_authentication import pre_authentication
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of InitiateAuth or RespondToAuthChallenge, or of their Admin twins.

    ``parameters`` are AuthParameters or ChallengeResponses, ``metadata`` is ClientMetadata; ``by_administrator``
    tells the Admin twins.
    """

    ctx: Context
    pool: Pool
    client: Client
    parameters: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    session: str | None = None
    by_administrator: bool = False

    def parameter(self, name: str) -> str:
        """A parameter that must be there; raises InvalidParameterException."""
        value = self.parameters.get(name)
        if value is None:
            raise InvalidParameterException(f"Missing required parameter {name}")
        return value

    def check_secret_hash(self, username: str) -> None:
        """Check SECRET_HASH over ``username``; raises NotAuthorizedException."""
        pools.require_secret_hash(self.client, username, self.parameters.get("SECRET_HASH"))

    def find_user(self, name: str) -> User | None:
        """The user who signs in, None for an unknown one that must not be seen to be unknown.

        Raises UserNotFoundException if the client lets it be seen.
        """
        user = users.find(self.ctx.store, self.pool, name)
        if user is None and not self.client.hides_users:
            raise UserNotFoundException(why=f"the pool has no user {name}")
        return user

    def occasion(self, user: User) -> Occasion:
        """The triggers' view of this attempt."""
        return Occasion(self.ctx, self.pool, user, self.client.id, self.metadata)

    async def challenge(
        self, user: User, name: str, parameters: Mapping[str, str], content: Mapping[str, Any] | None = None
    ) -> Answer:
        """The answer that asks for a challenge; ``content`` is kept in its Session."""
        who = (user.username, user.sub)
        session = await sessions.make(self.ctx, self.client, who, name, content or {})
        return {"ChallengeName": name, "Session": session, "ChallengeParameters": dict(parameters)}

    async def opened(self, name: str) -> tuple[sessions.Session, User]:
        """The session that this attempt answers, and its user; USERNAME must name the same user.

        Raises NotAuthorizedException or InvalidParameterException.
        """
        username = self.parameter("USERNAME")
        self.check_secret_hash(username)
        if not self.session:
            raise InvalidParameterException("Missing required parameter Session")
        session = await sessions.opened(self.ctx, self.client, self.session, name)
        named = users.find(self.ctx.store, self.pool, username)
        if not session.sub and named is None and self.pool.fold(username) == session.username:
            return session, users.stranger(self.ctx, self.pool, username)
        user = users.by_username(self.ctx.store, self.pool.id, session.username)
        if user is None or user.sub != session.sub or named is None or named.sub != user.sub:
            raise NotAuthorizedException("Invalid session for the user.", why="the Session is another user's")
        check_enabled(user)
        passwords.check_lock(self.ctx, user)
        return session, user


def check_enabled(user: User) -> None:
    """Refuse a disabled user; raises NotAuthorizedException."""
    if not user.enabled:
        raise NotAuthorizedException("User is disabled.")


async def before_password(attempt: Attempt, user: User) -> None:
    """What comes before the proof of a password: the lock-out and the PreAuthentication trigger."""
    passwords.check_lock(attempt.ctx, user)
    await pre_authentication(attempt.occasion(user))


async def after_password(attempt: Attempt, user: User) -> Answer:
    """Go on once the password is proved: status, new password, MFA, tokens.

    Raises NotAuthorizedException, UserNotConfirmedException, PasswordResetRequiredException.
    """
    check_enabled(user)
    if user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    if user.status == "RESET_REQUIRED":
        raise PasswordResetRequiredException
    if user.status == "FORCE_CHANGE_PASSWORD":
        return await _new_password(attempt, user)
    return await after_status(attempt, user)


async def after_status(attempt: Attempt, user: User, source: str = "Authentication") -> Answer:
    """Ask for the second factor, if there is one; else sign in."""
    challenge = await mfa.challenge(attempt, user, source)
    return challenge if challenge is not None else await complete(attempt, user, source)


async def complete(attempt: Attempt, user: User, source: str = "Authentication") -> Answer:
    """Sign in: PostAuthentication, PreTokenGeneration, tokens. ``source`` is the token trigger's source."""
    occasion = attempt.occasion(user)
    await post_authentication(occasion)
    result = await token_issue.sign_in(occasion, attempt.client, source)
    await passwords.succeeded(attempt.ctx, attempt.pool, user)
    return {"ChallengeParameters": {}, "AuthenticationResult": result}


async def _new_password(attempt: Attempt, user: User) -> Answer:
    if passwords.temporary_expired(attempt.ctx, attempt.pool, user):
        raise NotAuthorizedException(
            "Temporary password has expired and must be reset by an administrator.",
            why="the temporary password is older than TemporaryPasswordValidityDays",
        )
    missing = attributes.missing_required(attempt.pool, user.attributes)
    parameters = {
        "USER_ID_FOR_SRP": user.username,
        "requiredAttributes": orjson.dumps([f"userAttributes.{name}" for name in missing]).decode(),
        "userAttributes": orjson.dumps(user.attributes).decode(),
    }
    return await attempt.challenge(user, "NEW_PASSWORD_REQUIRED", parameters)
