"""Passwords: the policy, setting them as SRP verifiers, proving them, and the lock-out.

https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
"""

import hmac
from collections import Counter
from collections.abc import Callable

from habitr_emulator.services.cognito_idp import auth_events, srp, strangers, users
from habitr_emulator.services.cognito_idp.errors import (
    InvalidPasswordException,
    NotAuthorizedException,
    PasswordHistoryPolicyViolationException,
)
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Account, Context

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
    """Whether this is the user's password. Costs the same for a user who has none, or is not there."""
    if user.salt is None or user.verifier is None:
        _fits(pool, user.username, password, bytes(16), bytes(_VERIFIER_BYTES))
        return False
    return _fits(pool, user.username, password, user.salt, user.verifier)


def _fits(pool: Pool, username: str, password: str, salt: bytes, verifier: bytes) -> bool:
    v = srp.verifier(srp.private_key(pool.name, username, password, salt)).to_bytes(_VERIFIER_BYTES, "big")
    return hmac.compare_digest(v, verifier)


class _Counting:
    """Failures that the store does not show: their count is on its way to disk. Parallel guesses must not overtake
    it.
    """

    def __init__(self, _: Account) -> None:
        self.on_their_way: Counter[tuple[str, str]] = Counter()


def check_lock(ctx: Context, user: User) -> None:
    """Refuse a user who is locked out for failed attempts; raises NotAuthorizedException."""
    coming = ctx.account.part(_Counting).on_their_way[(user.pool_id, user.username)]
    if user.locked_until > ctx.clock.now() or (coming and user.failures + coming >= FREE_FAILURES):
        raise NotAuthorizedException("Password attempts exceeded")


async def prove(ctx: Context, pool: Pool, user: User, right: Callable[[User], bool]) -> User:
    """Test a password, or a proof of it, against the user as it is stored now; a wrong one is counted.

    Nothing else runs between the look at the lock and the test. Returns the user as stored. Raises
    NotAuthorizedException.
    """
    fresh = (users.by_username(ctx.store, pool.id, user.username) or user) if user.sub else user
    check_lock(ctx, fresh)
    if not right(fresh) or not fresh.sub or fresh.sub != user.sub:
        raise await failed(ctx, pool, fresh)
    return fresh


async def failed(ctx: Context, pool: Pool, user: User) -> NotAuthorizedException:
    """Count a wrong password or second factor: from the fifth in a row on the user is locked, 1, 2, 4 … seconds.

    Returns the error to raise.
    """
    now, counting = ctx.clock.now(), ctx.account.part(_Counting)
    key = (user.pool_id, user.username)
    counting.on_their_way[key] += 1
    try:
        if user.sub:
            await users.change(ctx, pool, user, lambda fresh: count(fresh, now), touch=False)
        else:
            await strangers.count(ctx, user, lambda fresh: count(fresh, now))
    finally:
        counting.on_their_way[key] -= 1
        if not counting.on_their_way[key]:
            del counting.on_their_way[key]
    await auth_events.record(ctx, pool, user, auth_events.SIGN_IN_FAILED)
    if not user.sub:  # for the trace only: the answer, whose header says why, must not tell
        ctx.span.note(unknown_user=user.username)
    return NotAuthorizedException(why="the password is wrong")


def count(user: User, now: float) -> None:
    """Note one more failure in a row."""
    user.failures += 1
    if user.failures >= FREE_FAILURES:
        user.locked_until = now + min(2 ** min(user.failures - FREE_FAILURES, 10), LONGEST_LOCK)


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
