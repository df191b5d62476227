"""What a browser keeps: that it is signed in, and a secret that proves that a form came from our page.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from habitr_emulator.services.cognito_idp import users
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import ErrorPage
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.cognito_idp.users import User

SECONDS = 3600
FIELD = "_csrf"
_SESSION = "cognito"
_PROOF = "XSRF-TOKEN"
_PURPOSE = "hosted session"
_SIGNED_IN = ("CONFIRMED", "EXTERNAL_PROVIDER")


@dataclass(frozen=True, slots=True)
class Session:
    """A browser's sign-in: who, and when (seconds)."""

    user: User
    auth_time: int


async def session(visit: Visit, pool: Pool) -> Session | None:
    """The browser's sign-in to a pool, if it has a valid one. It outlives global sign-out, as on AWS."""
    content = await unsealed(visit, _PURPOSE, visit.cookie(_SESSION))
    if content is None or content["pool"] != pool.id or float(content["until"]) <= visit.ctx.clock.now():
        return None
    user = users.by_username(visit.ctx.store, pool.id, content["username"])
    if user is None or user.sub != content["sub"] or not user.enabled or user.status not in _SIGNED_IN:
        return None
    return Session(user, int(content["auth_time"]))


async def signed_in(visit: Visit, pool: Pool, user: User) -> dict[str, str]:
    """The header that signs the browser in for an hour."""
    now = visit.ctx.clock.now()
    content = {
        "pool": pool.id,
        "username": user.username,
        "sub": user.sub,
        "auth_time": str(int(now)),
        "until": str(now + SECONDS),
    }
    return visit.set_cookie(_SESSION, await sealed(visit, _PURPOSE, content), SECONDS)


def signed_out(visit: Visit) -> dict[str, str]:
    """The header that signs the browser out."""
    return visit.set_cookie(_SESSION, "", 0)


async def proof(visit: Visit) -> tuple[str, dict[str, str]]:
    """The value for a form's hidden field, and the header that gives the browser its secret, if it has none."""
    secret, header = visit.cookie(_PROOF), {}
    if not secret:
        secret = visit.ctx.ids.base62(43)
        header = visit.set_cookie(_PROOF, secret)
    return await _proved(visit, secret), header


async def check_form(visit: Visit) -> None:
    """Refuse a form that did not come from our page in this browser; raises ErrorPage."""
    secret, given = visit.cookie(_PROOF), visit.form.get(FIELD, "")
    right = await _proved(visit, secret)
    if not secret or not hmac.compare_digest(right.encode(), given.encode()):
        why = "the form's _csrf does not belong to the browser's XSRF-TOKEN cookie; open the page again"
        raise ErrorPage("csrf_mismatch", visit.query.get("client_id", ""), why=why)


async def sealed(visit: Visit, purpose: str, content: dict[str, str]) -> str:
    """``content`` as text that only ``unsealed`` with the same purpose can read."""
    blob = await visit.ctx.account.part(Keyring).seal(purpose, content)
    return urlsafe_b64encode(blob).decode().rstrip("=")


async def unsealed(visit: Visit, purpose: str, text: str) -> dict[str, str] | None:
    """What ``sealed`` took, or None if it did not make this text."""
    try:
        blob = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        return None
    return await visit.ctx.account.part(Keyring).unseal(purpose, blob)


async def _proved(visit: Visit, secret: str) -> str:
    key = await visit.ctx.account.part(Keyring).secret("hosted forms")
    return hmac.digest(key, secret.encode(), hashlib.sha256).hex()
