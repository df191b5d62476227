"""PASSWORD_VERIFIER: the client's proof of the password in the SRP flow."""

import hmac
import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.cognito_idp import passwords, srp, users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, NotAuthorizedException
from habitr_emulator.services.cognito_idp.flows.custom_auth import decide
from habitr_emulator.services.cognito_idp.flows.user_srp_auth import SECRET_BLOCK
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.sign_in import Answer, Attempt, after_password, before_password
from habitr_emulator.services.cognito_idp.users import User

_TIMESTAMP = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}"
    r" \d\d:\d\d:\d\d [A-Z]{3,4} \d{4}"
)


async def password_verifier(attempt: Attempt) -> Answer:
    """Check the proof and go on.

    Raises NotAuthorizedException for a wrong or late proof, InvalidParameterException for a missing parameter or
    a timestamp in another language, and what comes after the password raises.
    """
    username, block = attempt.parameter("USERNAME"), attempt.parameter("PASSWORD_CLAIM_SECRET_BLOCK")
    signature, timestamp = attempt.parameter("PASSWORD_CLAIM_SIGNATURE"), attempt.parameter("TIMESTAMP")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise InvalidParameterException("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
    attempt.check_secret_hash(username)
    block_bytes, proof = _bytes(block), _bytes(signature)
    note = await _opened(attempt, block_bytes)
    user = users.by_username(attempt.ctx.store, attempt.pool.id, note["u"])
    named = users.find(attempt.ctx.store, attempt.pool, username)
    if user is None or named is None or named.sub != user.sub:
        raise NotAuthorizedException(why="the user is unknown, or is not the one that the secret block is for")
    await before_password(attempt, user)
    if not _proved(attempt, user, note, (block_bytes, timestamp, proof)):
        raise await passwords.failed(attempt.ctx, attempt.pool, user)
    if note["m"]:
        past = [("SRP_A", True), ("PASSWORD_VERIFIER", True)]
        entries = [{"challengeName": n, "challengeResult": ok, "challengeMetadata": None} for n, ok in past]
        return await decide(attempt, user, entries)
    return await after_password(attempt, user)


async def _opened(attempt: Attempt, block: bytes) -> dict[str, Any]:
    note = await attempt.ctx.account.part(Keyring).unseal(SECRET_BLOCK, block)
    if note is None or note["c"] != attempt.client.id:
        raise NotAuthorizedException(why="the secret block was not made here, or for another client")
    if note["x"] <= attempt.ctx.clock.now():
        raise NotAuthorizedException("Invalid session for the user, session is expired.")
    return note


def _proved(attempt: Attempt, user: User, note: Mapping[str, Any], sent: tuple[bytes, str, bytes]) -> bool:
    block, timestamp, proof = sent
    if user.verifier is None:
        return False
    u = int(note["h"], 16)
    if u == 0:
        return False
    secret = srp.shared_secret(int(note["a"], 16), int.from_bytes(user.verifier, "big"), u, int(note["b"], 16))
    key = srp.session_key(secret, u)
    expected = srp.claim(key, attempt.pool.name, user.username, block, timestamp)
    return hmac.compare_digest(expected, proof)


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise NotAuthorizedException(why="the secret block or the signature is not base64") from error
