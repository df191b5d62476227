"""Codes that prove an address: six digits, kept as digests, redeemed once, guessed at a bounded rate."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_idp import users
from habitr_emulator.services.cognito_idp.errors import (
    CodeMismatchException,
    ExpiredCodeException,
    LimitExceededException,
)
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.messages import Destination, compose
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

ATTEMPTS_AN_HOUR = 15
HOUR = 3600
DAY = 24 * HOUR
#: Why a code is refused: in the same words for a user and for somebody unknown.
MISMATCH = "this is not the newest code that was sent"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of code: what it is for (a newer one replaces it), its trigger source, how long it works."""

    purpose: str
    source: str
    seconds: int = DAY


SIGN_UP = Kind("sign_up", "CustomMessage_SignUp")
RESEND = Kind("sign_up", "CustomMessage_ResendCode")
RESET = Kind("reset", "CustomMessage_ForgotPassword", HOUR)
UPDATE = Kind("verify", "CustomMessage_UpdateUserAttribute")
VERIFY = Kind("verify", "CustomMessage_VerifyUserAttribute")


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a right code proves: that ``value`` (an address) is the user's ``attribute``."""

    attribute: str
    value: str


async def send(occasion: Occasion, kind: Kind, destination: Destination) -> dict[str, str]:
    """Make a code, let CustomMessage word it, store it and put it into the inbox in one transaction.

    Returns CodeDeliveryDetails. Raises what the trigger raises, and UserNotFoundException if the user was
    deleted meanwhile.
    """
    ctx, user = occasion.ctx, occasion.user
    code = ctx.ids.digits(6)
    message = await compose(occasion, kind.source, destination, code)
    purpose = _purpose(kind, destination.attribute)
    digest = await _digest(ctx, user, purpose, code)
    row = (user.pool_id, user.username, purpose, digest, destination.attribute, destination.address,
           ctx.clock.now() + kind.seconds)  # fmt: skip

    def write(tx: Transaction) -> None:
        users.again(tx, user)
        tx.execute(
            """INSERT INTO cognito_idp_codes VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)
               ON CONFLICT DO UPDATE SET digest = excluded.digest, attribute = excluded.attribute,
               value = excluded.value, expires_at = excluded.expires_at""",
            row,
        )
        message.store(tx)

    await ctx.store.write(write)
    message.told()
    return destination.details()


async def redeem(
    ctx: Context,
    pool: Pool,
    user: User,
    given: tuple[Kind, str, str],
    apply: Callable[[Transaction, User, Redeemed], None],
) -> User:
    """Redeem a code and do what it allows, in one transaction: ``apply`` changes the user, who is then stored.

    ``given`` is the kind, the code, and for attributes the attribute's name. A wrong code is counted. Raises
    ExpiredCodeException, CodeMismatchException, LimitExceededException, and what ``apply`` raises.
    """
    kind, code, attribute = given
    purpose = _purpose(kind, attribute)
    digest, now = await _digest(ctx, user, purpose, code), ctx.clock.now()

    def write(tx: Transaction) -> User | AwsError:
        fresh = users.again(tx, user)
        key = (fresh.pool_id, fresh.username, purpose)
        row = tx.one(
            "SELECT * FROM cognito_idp_codes WHERE user_pool_id = ? AND username = ? AND purpose = ?", key
        )
        refusal = _judge(tx, row, digest, now)
        if refusal is not None:
            return refusal  # returned, not raised: raising would take back the counted attempt
        assert row is not None
        apply(tx, fresh, Redeemed(row["attribute"], row["value"]))
        fresh.modified_at = now
        users.save(tx, pool, fresh)
        tx.execute("DELETE FROM cognito_idp_codes WHERE user_pool_id = ? AND username = ? AND purpose = ?", key)
        return fresh

    outcome = await ctx.store.write(write)
    if isinstance(outcome, AwsError):
        raise outcome
    return outcome


def _judge(tx: Transaction, row: Row | None, digest: bytes, now: float) -> AwsError | None:
    if row is None:
        return ExpiredCodeException(why="no code is pending")
    after = tried(row["expires_at"], (row["attempts"], row["attempts_since"]), now)
    if isinstance(after, AwsError):
        return after
    if hmac.compare_digest(row["digest"], digest):
        return None
    tx.execute(
        """UPDATE cognito_idp_codes SET attempts = ?, attempts_since = ?
           WHERE user_pool_id = ? AND username = ? AND purpose = ?""",
        (*after, row["user_pool_id"], row["username"], row["purpose"]),
    )
    return CodeMismatchException(why=MISMATCH)


def tried(expires_at: float, before: tuple[int, float], now: float) -> tuple[int, float] | AwsError:
    """The count of wrong codes after one more, and since when it runs; the refusal if there may be no more.

    ``before`` is the count so far.
    """
    if expires_at <= now:
        return ExpiredCodeException(why="the code is too old")
    attempts, since = before
    if now - since >= HOUR:
        attempts, since = 0, now
    if attempts >= ATTEMPTS_AN_HOUR:
        return LimitExceededException(why=f"more than {ATTEMPTS_AN_HOUR} wrong codes in an hour")
    return attempts + 1, since


def sent(ctx: Context, user: User, kind: Kind) -> bool:
    """Whether a code of this kind was sent to the user and not redeemed since."""
    sql = "SELECT 1 FROM cognito_idp_codes WHERE user_pool_id = ? AND username = ? AND purpose = ?"
    return ctx.store.one(sql, (user.pool_id, user.username, kind.purpose)) is not None


def pending(ctx: Context, user: User, attribute: str) -> str | None:
    """The new address that waits for its code before it replaces the user's ``attribute``."""
    row = ctx.store.one(
        "SELECT value FROM cognito_idp_codes WHERE user_pool_id = ? AND username = ? AND purpose = ?",
        (user.pool_id, user.username, _purpose(VERIFY, attribute)),
    )
    return row["value"] if row else None


def _purpose(kind: Kind, attribute: str) -> str:
    return f"verify:{attribute}" if kind.purpose == "verify" else kind.purpose


async def _digest(ctx: Context, user: User, purpose: str, code: str) -> bytes:
    secret = await ctx.account.part(Keyring).secret("codes")
    return hmac.digest(secret, f"{user.sub}\0{purpose}\0{code}".encode(), hashlib.sha256)
