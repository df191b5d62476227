"""Codes by SMS or mail while signing in: six digits as second factor, eight as first.

A code is bound to the Session that waits for it, which keeps its digest.
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import attributes, messages, mfa, passwords, sessions, usernames, users
from habitr_emulator.services.cognito_idp.errors import CodeMismatchException, NotAuthorizedException
from habitr_emulator.services.cognito_idp.flows.custom_auth import passed
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.messages import Destination, compose
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.sessions import Session
from habitr_emulator.services.cognito_idp.sign_in import after_password
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

if TYPE_CHECKING:
    from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt

#: The attribute with the address that a factor's code goes to.
ATTRIBUTE = {"SMS_MFA": "phone_number", "SMS_OTP": "phone_number", "EMAIL_OTP": "email"}
_DIGITS, _FIRST_DIGITS = 6, 8


async def ask(attempt: "Attempt", user: User, factor: str, kept: Mapping[str, Any]) -> "Answer":
    """Send a code and answer with the challenge. ``kept`` goes into its Session: ``first`` marks a first factor.

    For a user who does not exist nothing is sent, and no answer is right.
    """
    ctx, first = attempt.ctx, bool(kept.get("first"))
    code = ctx.ids.digits(_FIRST_DIGITS if first else _DIGITS)
    shown = await messages.pretended(ctx, user.username, ATTRIBUTE[factor])
    if user.sub:
        destination = Destination(ATTRIBUTE[factor], user.attributes[ATTRIBUTE[factor]])
        message = await compose(attempt.occasion(user), "CustomMessage_Authentication", destination, code)
        await ctx.store.write(message.store)
        message.told()
        shown = destination.details()
    parameters = {
        "CODE_DELIVERY_DELIVERY_MEDIUM": shown["DeliveryMedium"],
        "CODE_DELIVERY_DESTINATION": shown["Destination"],
        "USER_ID_FOR_SRP": user.username,
    }
    digest = await _digest(ctx, user, code)
    answer = await attempt.challenge(user, factor, parameters, {**kept, "code": digest})
    return answer | ({"AvailableChallenges": [factor]} if first else {})


async def answered(attempt: "Attempt", factor: str) -> "Answer":
    """Take the code of a factor and go on; after a wrong one the session may be tried again.

    Raises CodeMismatchException, NotAuthorizedException.
    """
    session, user = await attempt.opened(factor)
    given = attempt.parameter(f"{factor}_CODE")
    digest = await _digest(attempt.ctx, user, given)
    if not user.sub:
        await passwords.failed(attempt.ctx, attempt.pool, user)
        raise CodeMismatchException("Invalid code or auth state for the user.")
    user = await _redeem(attempt, session, user, hmac.compare_digest(session.content["code"], digest))
    if session.content.get("first"):
        return await after_password(attempt, user)
    return await passed(attempt, user, factor, session.content["source"])


async def _redeem(attempt: "Attempt", session: Session, user: User, right: bool) -> User:
    """Judge and count in one transaction, so that parallel guesses cannot pass the limit."""
    now = attempt.ctx.clock.now()

    def write(tx: Transaction) -> User | AwsError:
        fresh = users.again(tx, user)
        if fresh.locked_until > now:
            return NotAuthorizedException("Password attempts exceeded")
        if right:
            sessions.spend(tx, session, now)
            if session.content.get("setup"):
                _set_up(tx, attempt.pool, fresh, session.content["setup"])
            return fresh
        passwords.count(fresh, now)
        users.save(tx, attempt.pool, fresh)
        return CodeMismatchException("Invalid code or auth state for the user.")

    outcome = await attempt.ctx.store.write(write)
    if isinstance(outcome, AwsError):
        raise outcome
    return outcome


def _set_up(tx: Transaction, pool: Pool, user: User, email: str) -> None:
    """The code has proved a new address in the middle of a sign-in that insists on a second factor."""
    attributes.check_free(tx, pool, {"email": email}, user.username)
    user.attributes.update(email=email, email_verified="true")
    usernames.take_aliases(tx, pool, user, force=False)
    mfa.prefer(pool, user, {"EmailMfaSettings": {"Enabled": True, "PreferredMfa": True}})
    users.save(tx, pool, user)


async def _digest(ctx: Context, user: User, code: str) -> str:
    secret = await ctx.account.part(Keyring).secret("mfa codes")
    return hmac.digest(secret, f"{user.sub}\0{code}".encode(), hashlib.sha256).hex()
