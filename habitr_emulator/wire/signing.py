"""The arithmetic of Signature Version 4: signing key, string to sign, and the signature a request should have."""

import hashlib
import hmac
from functools import lru_cache
from typing import NamedTuple

from habitr_emulator.wire.canonical import canonical_headers, canonical_path, canonical_query
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.signature import ALGORITHM, Signature
from habitr_emulator.wire.validity import stamp


class Reading(NamedTuple):
    """One way to read a request: as if it had come to ``host`` with the payload hash ``content``.

    ``plus_is_blank`` is for a bare ``+`` in the query; ``path`` is taken for the canonical path, if it is given.
    """

    host: str
    content: str
    plus_is_blank: bool = False
    path: str = ""


class Calculated(NamedTuple):
    """A signature, and the texts that it came of (both are shown to a client whose own differs)."""

    signature: str
    canonical: str
    to_sign: str


@lru_cache(maxsize=512)
def signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    """The key of a credential scope."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def key_of(signature: Signature, secret: str) -> bytes:
    """The signing key that a signature claims to be made with."""
    scope = signature.scope
    return signing_key(secret, scope.day, scope.region, scope.service)


def string_to_sign(signature: Signature, canonical: str) -> str:
    """The text that is signed: algorithm, time, scope, hash of the canonical request."""
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{ALGORITHM}\n{stamp(signature)}\n{signature.scope}\n{digest}"


def sign(key: bytes, text: str) -> str:
    """The signature of a text, in hex."""
    return hmac.digest(key, text.encode("utf-8", "surrogateescape"), "sha256").hex()


def calculate(signature: Signature, request: Request, key: bytes, reading: Reading) -> Calculated | None:
    """The signature that ``request`` should have, read in one way; None if a signed header is missing."""
    headers = canonical_headers(request.headers, signature.signed_headers, reading.host)
    if headers is None:
        return None
    path = reading.path or canonical_path(request.raw_path, s3=signature.s3)
    left_out = "X-Amz-Signature" if signature.kind == "query" else None
    query = canonical_query(request.raw_query, without=left_out, plus_is_blank=reading.plus_is_blank)
    names = ";".join(signature.signed_headers)
    canonical = f"{request.method}\n{path}\n{query}\n{headers}\n{names}\n{reading.content}"
    to_sign = string_to_sign(signature, canonical)
    return Calculated(sign(key, to_sign), canonical, to_sign)
