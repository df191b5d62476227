"""S3's request bodies, verified while they stream: hash, chunk signatures, length, trailers.

    plan = plan_of(request, signature, key)            # before the body is read; raises AwsError
    async for piece in verified(request.stream, plan): # decoded bytes; raises at the latest at the end,
        ...                                            # so nothing may become visible before
    plan.trailers                                      # {"x-amz-checksum-crc32": "…"}, complete after the end

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from habitr_emulator.wire.aws_chunked import MALFORMED_TRAILER, ChunkSigner, Decoder, MalformedTrailer, incomplete
from habitr_emulator.wire.checksums import Hasher, hasher
from habitr_emulator.wire.content_hash import (
    HEX,
    SIGNED_CHUNKS,
    SIGNED_TRAILER,
    STREAMING,
    UNSIGNED_TRAILER,
    declared_hash,
    different_hash,
)
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.refusals import error_class
from habitr_emulator.wire.signature import Signature
from habitr_emulator.wire.validity import stamp

_CHECKSUM = "x-amz-checksum-"
InvalidRequest = error_class("InvalidRequest", 400)
BadDigest = error_class("BadDigest", 400)


@dataclass(slots=True)
class Plan:
    """How a body is to be read: plain with a hash to hold it to ("" for none), or chunked by ``decoder``."""

    sha256: str = ""
    decoder: Decoder | None = None
    length: int = 0
    expected: frozenset[str] = frozenset()
    trailers: dict[str, str] = field(default_factory=dict)


def plan_of(request: Request, signature: Signature | None, key: bytes) -> Plan:
    """How the body of an S3 request is to be read; raises AwsError for what S3 refuses before it reads.

    ``signature`` and ``key`` are what ``sigv4.verify`` proved, or None and empty.
    """
    declared = declared_hash(request)
    if HEX.fullmatch(declared):
        return Plan(sha256=declared)
    if declared not in STREAMING:
        return Plan()
    length = _decoded_length(request)
    signer = None
    if declared != UNSIGNED_TRAILER:
        if signature is None or not key:
            raise InvalidRequest("The value of x-amz-content-sha256 header is invalid.", why="nothing is signed")
        signer = ChunkSigner(key, stamp(signature), str(signature.scope), signature.signature)
    expected = _announced(request) if declared in (SIGNED_TRAILER, UNSIGNED_TRAILER) else frozenset()
    decoder = Decoder(signer, has_trailers=declared != SIGNED_CHUNKS)
    return Plan(decoder=decoder, length=length, expected=expected, trailers=decoder.trailers)


def _decoded_length(request: Request) -> int:
    text = request.headers.get("x-amz-decoded-content-length")
    if not text:
        missing = error_class("MissingContentLength", 411)
        why = "an aws-chunked body needs x-amz-decoded-content-length"
        raise missing("You must provide the Content-Length HTTP header.", why=why)
    if not (text.isascii() and text.isdecimal()):
        raise InvalidRequest("The value of x-amz-decoded-content-length header is invalid.")
    return int(text)


def _announced(request: Request) -> frozenset[str]:
    """The trailers that ``x-amz-trailer`` names."""
    names = frozenset(name.strip().lower() for name in request.headers.get("x-amz-trailer").split(",")) - {""}
    for name in names:
        if not name.startswith(_CHECKSUM) or hasher(name.removeprefix(_CHECKSUM)) is None:
            raise InvalidRequest("The value specified in the x-amz-trailer header is not supported")
    if len(names) > 1:
        text = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        raise InvalidRequest(text)
    return names


async def verified(stream: AsyncIterator[bytes], plan: Plan) -> AsyncIterator[bytes]:
    """The decoded body. Raises AwsError where it is not what was declared, at the latest after its last byte."""
    if plan.decoder is None:
        async for piece in _hashed(stream, plan.sha256):
            yield piece
        return
    running = {name: _hasher(name) for name in plan.expected}
    size = 0
    async for data in stream:
        for piece in plan.decoder.feed(data):
            size += len(piece)
            if size > plan.length:
                raise incomplete("the body is longer than x-amz-decoded-content-length")
            for each in running.values():
                each.update(piece)
            yield piece
    plan.decoder.finish()
    if size != plan.length:
        raise incomplete(f"the body has {size} bytes, x-amz-decoded-content-length says {plan.length}")
    _hold(plan, running)


def _hasher(name: str) -> Hasher:
    made = hasher(name.removeprefix(_CHECKSUM))
    assert made is not None  # _announced has seen to it
    return made


async def _hashed(stream: AsyncIterator[bytes], sha256: str) -> AsyncIterator[bytes]:
    if not sha256:
        async for piece in stream:
            yield piece
        return
    running = hashlib.sha256()
    async for piece in stream:
        running.update(piece)
        yield piece
    if not hmac.compare_digest(sha256, running.hexdigest()):
        raise different_hash(sha256, running.hexdigest()).error("rest-xml")


def _hold(plan: Plan, running: dict[str, Hasher]) -> None:
    """The trailers must be those announced, and their checksums those of the body."""
    if plan.trailers.keys() != plan.expected:
        announced, sent = (", ".join(sorted(names)) or "none" for names in (plan.expected, plan.trailers))
        why = f"trailers announced: {announced}; sent: {sent}"
        raise MalformedTrailer(MALFORMED_TRAILER, why=why)
    for name, each in running.items():
        computed = each.digest()
        if not hmac.compare_digest(_binary(name, plan.trailers[name], len(computed)), computed):
            algorithm = name.removeprefix(_CHECKSUM).upper()
            raise BadDigest(f"The {algorithm} you specified did not match the calculated checksum.")


def _binary(name: str, text: str, length: int) -> bytes:
    try:
        binary = base64.b64decode(text, validate=True)
    except binascii.Error:
        binary = b""
    if len(binary) != length:
        raise InvalidRequest(f"Value for {name} trailing header is invalid.")
    return binary
