"""Why a signature does not match, as far as can be told.

Other methods, paths, queries, hosts and bodies are tried, in the order of the canonical request; the first that
makes the signature right is what differs.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from habitr_emulator.wire.canonical import canonical_path
from habitr_emulator.wire.hosts import without_port
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.signature import Signature
from habitr_emulator.wire.signing import Calculated, Reading, calculate

_METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS")
_MOST_PARAMETERS = 16
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

    for sent, text in _requests(request):
        if fits(calculate(signature, sent, key, Reading(request.host, content))):
            return text
    for host in _hosts(signature, request):
        if fits(calculate(signature, request, key, Reading(host, content))):
            return f"the signature covers host {host}, the request came to {request.host}"
    for other, text in _contents(request):
        if other != content and fits(calculate(signature, request, key, Reading(request.host, other))):
            return text
    for path, text in _paths(signature, request):
        if fits(calculate(signature, request, key, Reading(request.host, content, path=path))):
            return text
    covered = ", ".join(signature.signed_headers)
    return (
        f"the secret is not that of access key {signature.access_key[:128]}, or the request was changed after "
        f"signing (method, path, query, body, or one of the signed headers: {covered})"
    )


def _paths(signature: Signature, request: Request) -> Iterator[tuple[str, str]]:
    """Other canonical forms of the path."""
    other = canonical_path(request.raw_path, s3=not signature.s3)
    rule = "encoded twice, as for other services than S3" if signature.s3 else "encoded once, as only S3 has it"
    yield other, f"the client signed the path {rule}"
    yield request.raw_path, "the client signed the path as it sent it; its characters must be percent-encoded"
    yield request.path, "the client signed the path without percent-encoding"


def _requests(request: Request) -> Iterator[tuple[Request, str]]:
    """Other requests that may have been signed: another method, another path, another query."""
    for method in _METHODS:
        if method != request.method:
            yield (
                replace(request, method=method),
                f"the signature covers the method {method}, {request.method} came",
            )
    path, query = request.raw_path, request.raw_query
    for other in dict.fromkeys(
        (path.removesuffix("/connect"), path.rstrip("/") or "/", f"{path}/", re.sub("//+", "/", path))
    ):
        if other != path:
            yield (
                replace(request, target=f"{other}?{query}"),
                f"the signature covers the path {other}, {path} came",
            )
    if query:
        yield replace(request, target=path), "the signature covers no query parameters, some came"
    pieces = query.split("&")
    for number, piece in enumerate(pieces[:_MOST_PARAMETERS] if len(pieces) > 1 else ()):
        left = "&".join(pieces[:number] + pieces[number + 1 :])
        name = piece.partition("=")[0]
        yield replace(request, target=f"{path}?{left}"), f"the signature does not cover the query parameter {name}"


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
