"""The opaque Session between a challenge and its answer: sealed, not stored; only used ones are remembered."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp.errors import InvalidLambdaResponseException, NotAuthorizedException
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.pools import Client
from habitr_emulator.services.context import Context

#: What the service model allows a Session to be long.
LONGEST = 2048
#: What a Session of SignUp waits for: the code; and then: USER_AUTH, which signs in without asking again.
SIGNING_UP, SIGNED_UP = "SIGNING_UP", "SIGNED_UP"
_PURPOSE = "session"


@dataclass(frozen=True, slots=True)
class Session:
    """An opened session: the user who is signing in, the challenge to answer, and what that challenge keeps."""

    id: str
    username: str
    sub: str
    challenge: str
    content: Mapping[str, Any]
    expires_at: float


async def make(
    ctx: Context, client: Client, who: tuple[str, str], challenge: str, content: Mapping[str, Any]
) -> str:
    """A Session for one client, user (``who`` is user name and sub) and challenge."""
    sealed = await ctx.account.part(Keyring).seal(
        _PURPOSE,
        {
            "i": ctx.ids.uuid(),
            "c": client.id,
            "u": who[0],
            "s": who[1],
            "n": challenge,
            "d": content,
            "x": ctx.clock.now() + client.session_seconds,
        },
    )
    text = urlsafe_b64encode(sealed).decode().rstrip("=")
    if len(text) > LONGEST:
        raise InvalidLambdaResponseException(
            why="the private parameters of the custom challenge are too long for a Session"
        )
    return text


async def opened(ctx: Context, client: Client, text: str, challenge: str) -> Session:
    """The session of ``text``, if it is this client's, for this challenge, fresh and unused.

    Raises NotAuthorizedException.
    """
    content = await _content(ctx, text)
    if content["c"] != client.id:
        raise _invalid("the Session was made for another client")
    if content["n"] != challenge:
        raise _invalid(f"the Session waits for the challenge {content['n']}, not {challenge}")
    if content["x"] <= ctx.clock.now():
        raise NotAuthorizedException("Invalid session for the user, session is expired.")
    if ctx.store.one("SELECT 1 FROM cognito_idp_spent WHERE id = ?", (content["i"],)):
        raise _used()
    return Session(content["i"], content["u"], content["s"], content["n"], content["d"], content["x"])


async def client_of(ctx: Context, text: str) -> str:
    """The client that a session was made for; raises NotAuthorizedException if it was not made here."""
    return str((await _content(ctx, text))["c"])


async def _content(ctx: Context, text: str) -> dict[str, Any]:
    try:
        blob = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise _invalid("the Session was not made here") from error
    content = await ctx.account.part(Keyring).unseal(_PURPOSE, blob)
    if content is None:
        raise _invalid("the Session was not made here")
    return content


def spend(tx: Transaction, session: Session, now: float) -> None:
    """Make a session unusable; raises NotAuthorizedException if another answer was faster."""
    tx.execute("DELETE FROM cognito_idp_spent WHERE expires_at <= ?", (now,))
    sql = "INSERT OR IGNORE INTO cognito_idp_spent VALUES (?, 0, ?)"
    if tx.execute(sql, (session.id, session.expires_at)).rowcount != 1:
        raise _used()


async def used(ctx: Context, session: Session) -> None:
    """``spend`` in a transaction of its own."""
    now = ctx.clock.now()
    await ctx.store.write(lambda tx: spend(tx, session, now))


def _used() -> NotAuthorizedException:
    return NotAuthorizedException("Invalid session for the user, session can only be used once.")


def _invalid(why: str) -> NotAuthorizedException:
    return NotAuthorizedException("Invalid session for the user.", why=why)
