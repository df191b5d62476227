"""Time-based one-time passwords of authenticator apps (RFC 6238: SHA-1, six digits, 30 seconds); pure."""

import hashlib
import hmac
from base64 import b32decode, b32encode

STEP_SECONDS = 30
#: Steps before and after the present one that are taken, for clocks that are a little off.
WINDOW = 1


def secret_text(secret: bytes) -> str:
    """A secret as an app is told it: base32 without padding."""
    return b32encode(secret).decode().rstrip("=")


def code(secret: str, step: int) -> str:
    """The code of a time step (seconds since 1970 divided by 30)."""
    key = b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def matching_step(secret: str, given: str, now: float) -> int | None:
    """The time step around ``now`` whose code was given, or None."""
    present = int(now // STEP_SECONDS)
    for step in range(present - WINDOW, present + WINDOW + 1):
        if hmac.compare_digest(code(secret, step).encode(), given.encode()):
            return step
    return None
