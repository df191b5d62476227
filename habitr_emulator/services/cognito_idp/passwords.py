"""Passwords: the policy, setting them as SRP verifiers, proving them, and the lock-out.

https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
"""

import hmac
from collections.abc import Callable

from habitr_emulator.services.cognito_idp import srp, users
from habitr_emulator.services.cognito_idp.errors import (
    InvalidPasswordException,
    NotAuthorizedException,
    PasswordHistoryPolicyViolationException,
)
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

SYMBOLS = frozenset("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ")
FREE_FAILURES = 5
LONGEST_LOCK = 900
_VERIFIER_BYTES = 384
_RULES: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("RequireLowercase", str.islower, "Password must have lowercase characters"),
    ("RequireUppercase", str.isupper, "Password must have uppercase characters"),
    ("RequireNumbers", str.isdigit, "Password must have numeric characters"),
    ("RequireSymbols", SYMBOLS.__contains__, "Password must have symbol characters"),
)


def check_policy(pool: Pool, password: str) -> None:
    """Refuse a password that the pool's policy does not allow; raises InvalidPasswordException."""
    policy = pool.settings["Policies"]["PasswordPolicy"]
    problem = ""
    if len(password) < policy["MinimumLength"]:
        problem = "Password not long enough"
    else:
        broken = (text for rule, test, text in _RULES if policy.get(rule) and not any(map(test, password)))
        problem = next(broken, "")
    if problem:
        raise InvalidPasswordException(f"Password did not conform with policy: {problem}")


def check_history(pool: Pool, user: User, password: str) -> None:
    """Refuse the current and recent passwords; raises PasswordHistoryPolicyViolationException."""
    size = pool.settings["Policies"]["PasswordPolicy"].get("PasswordHistorySize") or 0
    if not size:
        return
    kept = [(bytes.fromhex(salt), bytes.fromhex(verifier)) for salt, verifier in user.password_history[-size:]]
    if user.salt and user.verifier:
        kept.append((user.salt, user.verifier))
    if any(_fits(pool, user.username, password, salt, verifier) for salt, verifier in kept):
        raise PasswordHistoryPolicyViolationException


def setter(ctx: Context, pool: Pool, username: str, password: str) -> Callable[[User], None]:
    """What gives a user this password. The arithmetic is done here, outside of any transaction."""
    salt = ctx.ids.bytes(16)
    v = srp.verifier(srp.private_key(pool.name, username, password, salt)).to_bytes(_VERIFIER_BYTES, "big")
    now = ctx.clock.now()
    size = pool.settings["Policies"]["PasswordPolicy"].get("PasswordHistorySize") or 0

    def apply(user: User) -> None:
        if size and user.salt and user.verifier:
            user.password_history = [*user.password_history, [user.salt.hex(), user.verifier.hex()]][-size:]
        user.salt, user.verifier, user.password_set_at = salt, v, now
        user.failures, user.locked_until = 0, 0.0

    return apply


def fits(pool: Pool, user: User, password: str) -> bool:
    """Whether this is the user's password."""
    if user.salt is None or user.verifier is None:
        return False
    return _fits(pool, user.username, password, user.salt, user.verifier)


def _fits(pool: Pool, username: str, password: str, salt: bytes, verifier: bytes) -> bool:
    v = srp.verifier(srp.private_key(pool.name, username, password, salt)).to_bytes(_VERIFIER_BYTES, "big")
    return hmac.compare_digest(v, verifier)


def check_lock(ctx: Context, user: User) -> None:
    """Refuse a user who is locked out for failed attempts; raises NotAuthorizedException."""
    if user.locked_until > ctx.clock.now():
        raise NotAuthorizedException("Password attempts exceeded")


async def failed(ctx: Context, pool: Pool, user: User) -> NotAuthorizedException:
    """Count a wrong password or second factor: from the fifth in a row on the user is locked, 1, 2, 4 … seconds.

    Returns the error to raise.
    """
    now = ctx.clock.now()

    def count(fresh: User) -> None:
        fresh.failures += 1
        if fresh.failures >= FREE_FAILURES:
            fresh.locked_until = now + min(2 ** min(fresh.failures - FREE_FAILURES, 10), LONGEST_LOCK)

    await users.change(ctx, pool, user, count, touch=False)
    return NotAuthorizedException(why="the password is wrong")


async def succeeded(ctx: Context, pool: Pool, user: User) -> None:
    """A right password ends the count."""

    def reset(fresh: User) -> None:
        fresh.failures, fresh.locked_until = 0, 0.0

    if user.failures:
        await users.change(ctx, pool, user, reset, touch=False)


def temporary(ctx: Context, pool: Pool) -> str:
    """A temporary password that every policy allows."""
    length = max(8, pool.settings["Policies"]["PasswordPolicy"]["MinimumLength"])
    fill = ctx.ids.base62(length - 4)
    classes = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnpqrstuvwxyz", "23456789", "!#%+=?@")
    return fill + "".join(ctx.ids.text(1, letters) for letters in classes)


def temporary_expired(ctx: Context, pool: Pool, user: User) -> bool:
    """Whether a temporary password is too old to sign in with."""
    days = pool.settings["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"]
    # 0 days: AWS documents 0-365 and "7 if not set"; guess: 0 means 7.
    age = ctx.clock.now() - (user.password_set_at or 0.0)
    return age > (days or 7) * 86400
