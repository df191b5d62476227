"""What users did: kept for AdminListUserAuthEvents in pools whose AdvancedSecurityMode is AUDIT.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-adaptive-authentication.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_idp import users
from habitr_emulator.services.cognito_idp.errors import UserPoolAddOnNotEnabledException
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

#: The latest events that are kept of a user.
KEPT = 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event, and how it ended: EventType, EventResponse, the challenges passed or failed."""

    type: str
    response: str = "Pass"
    challenges: tuple[tuple[str, str], ...] = ()


SIGNED_IN = Kind("SignIn", "Pass", (("Password", "Success"),))
SIGN_IN_FAILED = Kind("SignIn", "Fail", (("Password", "Failure"),))
SIGNED_UP = Kind("SignUp")
FORGOT = Kind("ForgotPassword")
CHANGED = Kind("PasswordChange")
RESENT = Kind("ResendCode")


def kept_by(pool: Pool) -> bool:
    """Whether a pool keeps events."""
    mode: str = (pool.settings.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode", "OFF")
    return mode != "OFF"


def check_mode(request: Mapping[str, Any]) -> None:
    """Refuse a mode that would have to judge sign-ins; raises NotBuilt."""
    if (request.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode") == "ENFORCED":
        raise NotBuilt(
            "Threat protection that acts (AdvancedSecurityMode ENFORCED) is not built in habitr-emulator.",
            why="risk is judged by what AWS knows of the world; AUDIT keeps the events without judging them",
        )


def require(pool: Pool) -> None:
    """Refuse a pool that keeps none; raises UserPoolAddOnNotEnabledException."""
    if not kept_by(pool):
        raise UserPoolAddOnNotEnabledException(why="set UserPoolAddOns.AdvancedSecurityMode to AUDIT")


async def record(ctx: Context, pool: Pool, user: User, kind: Kind) -> None:
    """Keep an event, if the pool keeps any and the user exists."""
    if not kept_by(pool) or not user.sub:
        return
    event_id = ctx.ids.uuid()
    content = {
        "EventType": kind.type,
        "CreationDate": ctx.clock.now(),
        "EventResponse": kind.response,
        "EventRisk": {"RiskDecision": "NoRisk", "CompromisedCredentialsDetected": False},
        "ChallengeResponses": [{"ChallengeName": n, "ChallengeResponse": r} for n, r in kind.challenges],
        "EventContextData": {"IpAddress": ctx.source_ip, "DeviceName": ctx.user_agent[:256]},
    }
    text = orjson.dumps(content).decode()
    await ctx.store.write(lambda tx: _insert(tx, user, event_id, text))


def _insert(tx: Transaction, user: User, event_id: str, text: str) -> None:
    who = (user.pool_id, user.username)
    if users.by_username(tx, *who) is None:
        return
    sql = (
        "SELECT coalesce(max(number), 0) AS n FROM cognito_idp_auth_events WHERE user_pool_id = ? AND username = ?"
    )
    row = tx.one(sql, who)
    number = (row["n"] if row else 0) + 1
    tx.execute("INSERT INTO cognito_idp_auth_events VALUES (?, ?, ?, ?, ?)", (*who, number, event_id, text))
    sql = "DELETE FROM cognito_idp_auth_events WHERE user_pool_id = ? AND username = ? AND number <= ?"
    tx.execute(sql, (*who, number - KEPT))


def page(ctx: Context, user: User, before: int, limit: int) -> list[Row]:
    """A page of a user's events, newest first, older than number ``before`` (0: the newest)."""
    sql = """SELECT * FROM cognito_idp_auth_events WHERE user_pool_id = ? AND username = ? AND number < ?
             ORDER BY number DESC LIMIT ?"""
    return ctx.store.all(sql, (user.pool_id, user.username, before or 1 << 62, limit))


def described(row: Row) -> dict[str, Any]:
    """AuthEventType."""
    return {"EventId": row["event_id"], **orjson.loads(row["content"])}


async def give_feedback(ctx: Context, user: User, event_id: str, value: str) -> bool:
    """Note an administrator's judgement of an event; False if there is no such event."""
    feedback = {"FeedbackValue": value, "Provider": "Admin", "FeedbackDate": ctx.clock.now()}
    key = (user.pool_id, user.username, event_id)
    where = "WHERE user_pool_id = ? AND username = ? AND event_id = ?"

    def write(tx: Transaction) -> bool:
        row = tx.one(f"SELECT content FROM cognito_idp_auth_events {where}", key)  # noqa: S608 - fixed text
        if row is None:
            return False
        text = orjson.dumps({**orjson.loads(row["content"]), "EventFeedback": feedback}).decode()
        tx.execute(f"UPDATE cognito_idp_auth_events SET content = ? {where}", (text, *key))  # noqa: S608
        return True

    return await ctx.store.write(write)
