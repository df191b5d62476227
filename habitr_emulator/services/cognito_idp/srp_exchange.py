"""The two steps of an SRP exchange, for passwords and for devices.

The server keeps nothing between them: the secret block that the client hands back is a sealed note to itself.
"""

import asyncio
import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.cognito_idp import srp
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException, NotAuthorizedException
from habitr_emulator.services.cognito_idp.keys import Keyring
from habitr_emulator.services.cognito_idp.sign_in import Attempt
from habitr_emulator.services.context import Context

#: What a secret block is for.
PASSWORD, DEVICE = "srp", "srp device"
_LONGEST_A = 1024
_TIMESTAMP = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}"
    r" \d\d:\d\d:\d\d [A-Z]{3,4} \d{4}"
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A client's proof, unjudged: the sealed note that it answers, and what it signed."""

    note: Mapping[str, Any]
    block: bytes
    timestamp: str
    signature: bytes

    async def proves(self, realm: str, identity: str, verifier: bytes) -> bool:
        """Whether its maker knows the secret behind ``verifier`` (g^x, big-endian).

        ``realm`` and ``identity`` are the pool's name and the user's, or a device's group key and key. Worked out
        in a thread: it takes a millisecond or more.
        """
        return await asyncio.to_thread(self._proves, realm, identity, verifier)

    def _proves(self, realm: str, identity: str, verifier: bytes) -> bool:
        u = int(self.note["h"], 16)
        if u == 0:
            return False
        v = int.from_bytes(verifier, "big")
        secret = srp.shared_secret(int(self.note["a"], 16), v, u, int(self.note["b"], 16))
        expected = srp.claim(srp.session_key(secret, u), realm, identity, self.block, self.timestamp)
        return hmac.compare_digest(expected, self.signature)


def public_value(attempt: Attempt) -> int:
    """The client's A; raises InvalidParameterException if it is no number or a multiple of N."""
    text = attempt.parameter("SRP_A")
    try:
        number = int(text, 16) if len(text) <= _LONGEST_A else 0
    except ValueError:
        number = 0
    if number <= 0 or number % srp.N == 0:
        raise InvalidParameterException(
            "SRP_A is not a valid hexadecimal number.", why="SRP_A must not be 0 mod N"
        )
    return number


async def begin(
    attempt: Attempt, purpose: str, secret: tuple[bytes, bytes], note: Mapping[str, Any]
) -> dict[str, str]:
    """SALT, SRP_B and SECRET_BLOCK for the client's SRP_A. ``secret`` is salt and verifier, ``note`` comes back in
    the Proof. Raises InvalidParameterException.
    """
    a_public, b = public_value(attempt), attempt.ctx.ids.integer(srp.SECRET_BITS)
    b_public = srp.public_value(int.from_bytes(secret[1], "big"), b)
    sealed = {
        **note,
        "c": attempt.client.id,
        "a": f"{a_public % srp.N:x}",
        "b": f"{b:x}",
        "h": f"{srp.scrambler(a_public, b_public):x}",
        "x": attempt.ctx.clock.now() + attempt.client.session_seconds,
    }
    block = await attempt.ctx.account.part(Keyring).seal(purpose, sealed)
    return {"SALT": secret[0].hex(), "SRP_B": f"{b_public:x}", "SECRET_BLOCK": b64encode(block).decode()}


async def sent(attempt: Attempt, purpose: str) -> Proof:
    """The proof in an attempt's parameters.

    Raises NotAuthorizedException if it is late or answers no block of this client, InvalidParameterException for
    a missing parameter or a timestamp in another language.
    """
    block = attempt.parameter("PASSWORD_CLAIM_SECRET_BLOCK")
    signature, timestamp = attempt.parameter("PASSWORD_CLAIM_SIGNATURE"), attempt.parameter("TIMESTAMP")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise InvalidParameterException("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
    block_bytes = _bytes(block)
    note = await attempt.ctx.account.part(Keyring).unseal(purpose, block_bytes)
    if note is None or note["c"] != attempt.client.id:
        raise NotAuthorizedException(why="the secret block was not made here, or for another client")
    if note["x"] <= attempt.ctx.clock.now():
        raise NotAuthorizedException("Invalid session for the user, session is expired.")
    return Proof(note, block_bytes, timestamp, _bytes(signature))


async def pretended(ctx: Context, name: str) -> tuple[bytes, bytes]:
    """A salt and a verifier that nobody has a password for, always the same for a name."""
    secret = await ctx.account.part(Keyring).secret("unknown users")
    stream = b"".join(hmac.digest(secret, f"{name}\0{n}".encode(), hashlib.sha256) for n in range(13))
    return stream[:16], (int.from_bytes(stream[16:400], "big") % srp.N).to_bytes(384, "big")


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise NotAuthorizedException(why="the secret block or the signature is not base64") from error
