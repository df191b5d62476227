"""What every way of signing in shares: the attempt, the checks after the password, and the tokens at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from habitr_emulator.services.cognito_idp import (
    attributes,
    auth_events,
    devices,
    mfa,
    passwords,
    pools,
    sessions,
    strangers,
    token_issue,
    users,
)
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

    ``parameters`` are AuthParameters or ChallengeResponses. ClientMetadata of a start is ``validation_data``, for
    the triggers before the password; that of an answer is ``metadata``, for those that come after.
    ``by_administrator`` tells the Admin twins. ``carried`` goes from step to step in the Sessions: ``device`` (the
    key of the device), ``past`` (what a custom sign-in has behind it).
    """

    ctx: Context
    pool: Pool
    client: Client
    parameters: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    session: str | None = None
    validation_data: Mapping[str, str] = field(default_factory=dict)
    by_administrator: bool = False
    carried: dict[str, Any] = field(default_factory=dict)

    @property
    def device_key(self) -> str:
        """The device that this step, or an earlier one, was said to come from; empty if none."""
        return self.parameters.get("DEVICE_KEY") or str(self.carried.get("device") or "")

    def keep_device(self, key: str) -> None:
        """Remember the device of an earlier step."""
        if key:
            self.carried["device"] = key

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

    async def signed_in(self, occasion: Occasion, source: str) -> Answer:
        """The answer to a sign-in that passed everything: its tokens."""
        device = self.device_key if devices.tracked(self.pool) else ""
        result = await token_issue.sign_in(occasion, self.client, source, device_key=device)
        return {"ChallengeParameters": {}, "AuthenticationResult": result}

    async def challenge(
        self, user: User, name: str, parameters: Mapping[str, str], content: Mapping[str, Any] | None = None
    ) -> Answer:
        """The answer that asks for a challenge; ``content`` is kept in its Session."""
        who = (user.username, user.sub)
        self.keep_device(self.device_key)
        kept = {**(content or {}), **({"carried": self.carried} if self.carried else {})}
        session = await sessions.make(self.ctx, self.client, who, name, kept)
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
        self.carried.update(session.content.get("carried") or {})
        named = users.find(self.ctx.store, self.pool, username)
        if not session.sub and self.pool.fold(username) == session.username:
            stranger = strangers.stranger(self.ctx, self.pool, username)
            passwords.check_lock(self.ctx, stranger)
            return session, stranger
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


def check_status(user: User) -> None:
    """Refuse somebody who may not sign in yet, or not with this password any more.

    Raises NotAuthorizedException, UserNotConfirmedException, PasswordResetRequiredException.
    """
    check_enabled(user)
    if user.status == "UNCONFIRMED":
        raise UserNotConfirmedException
    if user.status == "RESET_REQUIRED":
        raise PasswordResetRequiredException


async def before_password(attempt: Attempt, user: User) -> None:
    """What comes before the proof of a password: the lock-out and the PreAuthentication trigger.

    Raises PasswordResetRequiredException for a migrated user who has no password here yet.
    """
    passwords.check_lock(attempt.ctx, user)
    sent = attempt.validation_data or attempt.metadata
    await pre_authentication(attempt.occasion(user), sent, hides_users=attempt.client.hides_users)
    if user.status == "RESET_REQUIRED" and user.verifier is None:
        raise PasswordResetRequiredException(why="the user was migrated without its password")


async def after_password(attempt: Attempt, user: User) -> Answer:
    """Go on once the password is proved: status, new password, MFA, tokens.

    Raises NotAuthorizedException, UserNotConfirmedException, PasswordResetRequiredException.
    """
    check_status(user)
    if user.status == "FORCE_CHANGE_PASSWORD":
        return await _new_password(attempt, user)
    return await after_status(attempt, user)


async def after_status(attempt: Attempt, user: User, source: str = "Authentication") -> Answer:
    """Ask for the proof of a remembered device or for the second factor, if there is one; else sign in.

    Raises ResourceNotFoundException for an unknown device.
    """
    challenge = await devices.challenge(attempt, user) or await mfa.challenge(attempt, user, source)
    return challenge if challenge is not None else await complete(attempt, user, source)


async def complete(attempt: Attempt, user: User, source: str = "Authentication") -> Answer:
    """Sign in: PostAuthentication, PreTokenGeneration, tokens. ``source`` is the token trigger's source.

    Where devices are tracked, one that is not known yet gets its key.
    """
    ctx, occasion = attempt.ctx, attempt.occasion(user)
    device = devices.presented(attempt, user)
    unknown = devices.tracked(attempt.pool) and device is None
    metadata = await devices.new_metadata(ctx, user) if unknown else {}
    attempt.keep_device(metadata.get("DeviceKey", ""))
    await post_authentication(occasion, new_device=unknown)
    answer = await attempt.signed_in(occasion, source)
    await passwords.succeeded(ctx, attempt.pool, user)
    if device is not None:
        await devices.authenticated(ctx, user, device)
    await auth_events.record(ctx, attempt.pool, user, auth_events.SIGNED_IN)
    if metadata and "AuthenticationResult" in answer:
        answer["AuthenticationResult"]["NewDeviceMetadata"] = metadata
    return answer


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
