"""The second factor by SMS or mail: a six-digit code, bound to the session that waits for it."""

import hashlib
import hmac
from typing import TYPE_CHECKING

from habitr_emulator.kernel import inbox
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.messages import Destination, compose
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

if TYPE_CHECKING:
    from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt

_ATTRIBUTE = {"SMS_MFA": "phone_number", "EMAIL_OTP": "email"}


async def ask(attempt: "Attempt", user: User, factor: str, source: str) -> "Answer":
    """Send a code and answer with the challenge; the session keeps the code's digest."""
    ctx, attribute = attempt.ctx, _ATTRIBUTE[factor]
    destination = Destination(attribute, user.attributes[attribute])
    code = ctx.ids.digits(6)
    message = await compose(attempt.occasion(user), "CustomMessage_Authentication", destination, code)
    await ctx.store.write(lambda tx: inbox.deliver(tx, message))
    ctx.account.bus.publish("inbox.delivered")
    parameters = {
        "CODE_DELIVERY_DELIVERY_MEDIUM": destination.medium,
        "CODE_DELIVERY_DESTINATION": destination.masked,
        "USER_ID_FOR_SRP": user.username,
    }
    kept = {"source": source, "code": await _digest(ctx, user, code)}
    return await attempt.challenge(user, factor, parameters, kept)


async def right(ctx: Context, user: User, kept: str, given: str) -> bool:
    """Whether ``given`` is the code whose digest the session keeps."""
    return hmac.compare_digest(kept, await _digest(ctx, user, given))


async def _digest(ctx: Context, user: User, code: str) -> str:
    secret = await ctx.account.part(Keyring).secret("mfa codes")
    return hmac.digest(secret, f"{user.sub}\0{code}".encode(), hashlib.sha256).hex()
