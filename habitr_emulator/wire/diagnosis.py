"""Why a signature does not match, as far as can be told: other hosts, another body, another path are tried."""

import hashlib
from collections.abc import Iterator

from habitr_emulator.wire.hosts import without_port
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.signature import Signature
from habitr_emulator.wire.signing import Calculated, Reading, calculate

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "10.0.2.2", "host.docker.internal", "0.0.0.0")  # noqa: S104


def reason(signature: Signature, request: Request, key: bytes, content: str) -> str:
    """One sentence for the person: what differs between what was signed and what came."""
    absent = [name for name in signature.signed_headers if name != "host" and name not in request.headers]
    if absent:
        return f"the signature covers headers that did not come: {', '.join(absent)}"
    if "host" not in signature.signed_headers:
        return "the signature does not cover the host header"

    def fits(calculated: Calculated | None) -> bool:
        return calculated is not None and calculated.signature == signature.signature

    for host in _hosts(signature, request):
        if fits(calculate(signature, request, key, Reading(host, content))):
            return f"the signature covers host {host}, the request came to {request.host}"
    for other, text in _contents(request):
        if other != content and fits(calculate(signature, request, key, Reading(request.host, other))):
            return text
    if fits(calculate(signature, request, key, Reading(request.host, content, s3_path=not signature.s3))):
        rule = (
            "encoded twice, as for other services than S3" if signature.s3 else "encoded once, as only S3 has it"
        )
        return f"the client signed the path {rule}"
    covered = ", ".join(signature.signed_headers)
    return (
        f"the secret is not that of access key {signature.access_key[:128]}, or the request was changed after "
        f"signing (method, path, query, body, or one of the signed headers: {covered})"
    )


def _hosts(signature: Signature, request: Request) -> Iterator[str]:
    forwarded = request.headers.get("x-forwarded-host")
    if forwarded:
        yield forwarded.partition(",")[0].strip()
    port = request.host[len(without_port(request.host)) :]
    for name in _LOOPBACK:
        yield from dict.fromkeys((name + port, name))
    yield f"{signature.scope.service}.{signature.scope.region}.amazonaws.com"
    yield f"{signature.scope.service}.amazonaws.com"


def _contents(request: Request) -> Iterator[tuple[str, str]]:
    declared = request.headers.get("x-amz-content-sha256")
    if declared:
        yield declared, "the body is not the one that was signed"
    yield hashlib.sha256(b"").hexdigest(), "the signature was made over an empty body"
    yield "UNSIGNED-PAYLOAD", "the body was signed as UNSIGNED-PAYLOAD, which only S3 accepts"
