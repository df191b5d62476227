"""The last line of the canonical request: what the body is signed as."""

import hashlib
import hmac
import re

from habitr_emulator.wire.http import Request
from habitr_emulator.wire.refusals import Refusal
from habitr_emulator.wire.signature import Signature

UNSIGNED = "UNSIGNED-PAYLOAD"
SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
STREAMING = (SIGNED_CHUNKS, SIGNED_TRAILER, UNSIGNED_TRAILER)
HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HEADER = "x-amz-content-sha256"


def content_hash(request: Request, signature: Signature) -> str:
    """The payload hash of the canonical request; raises Refusal for what S3 does not accept there."""
    if not signature.s3:
        return hashlib.sha256(request.body).hexdigest()
    declared = declared_hash(request)
    if not declared:
        if signature.kind == "query":
            return UNSIGNED
        text = "Missing required header for this request: x-amz-content-sha256"
        raise Refusal("malformed", text, code="InvalidRequest")
    if declared not in (UNSIGNED, *STREAMING) and not HEX.fullmatch(declared):
        text = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, "
        text += f"{', '.join(STREAMING)}, or a valid sha256 value."
        shown = {"ArgumentName": _HEADER, "ArgumentValue": declared[:128]}
        raise Refusal("malformed", text, code="InvalidArgument", **shown)
    return declared


def declared_hash(request: Request) -> str:
    """``x-amz-content-sha256``, of the header or else of a presigned URL's query."""
    found = request.headers.get(_HEADER)
    if found or "mz-Content-Sha256=" not in request.raw_query:
        return found
    return dict(request.query(plus=False)).get("X-Amz-Content-Sha256", "")


def hold_body(declared: str, body: bytes) -> None:
    """Hold a body that is read already against its declared hash (a streamed one is ``wire.payload``'s)."""
    if declared in STREAMING and not body:
        text = "You did not provide the number of bytes specified by the Content-Length HTTP header"
        raise Refusal("malformed", text, code="IncompleteBody", why="the body is empty, aws-chunked was announced")
    if HEX.fullmatch(declared):
        computed = hashlib.sha256(body).hexdigest()
        if not hmac.compare_digest(computed, declared):
            raise different_hash(declared, computed)


def different_hash(declared: str, computed: str) -> Refusal:
    """The refusal of a body whose SHA-256 is not the declared one."""
    return Refusal(
        "malformed",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        code="XAmzContentSHA256Mismatch",
        why="the body is not the one whose hash was signed",
        ClientComputedContentSHA256=declared,
        S3ComputedContentSHA256=computed,
    )
