"""Signature Version 2 of S3, which boto3 still makes for presigned URLs.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
"""

import hmac
from base64 import b64encode

from habitr_emulator.wire.canonical import folded
from habitr_emulator.wire.hosts import meaning_of
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.refusals import Refusal
from habitr_emulator.wire.signature import Signature

#: The query parameters that are part of the signed resource.
_SIGNED = frozenset(
    (
        "accelerate", "acl", "analytics", "cors", "delete", "encryption", "inventory", "lifecycle", "location",
        "logging", "metrics", "notification", "object-lock", "ownershipControls", "partNumber", "policy",
        "policyStatus", "publicAccessBlock", "replication", "requestPayment", "restore", "select", "select-type",
        "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website",
        "response-cache-control", "response-content-disposition", "response-content-encoding",
        "response-content-language", "response-content-type", "response-expires", "legal-hold", "retention",
    )
)  # fmt: skip


def sign(secret: str, text: str) -> str:
    """The base64 signature of a text."""
    return b64encode(hmac.digest(secret.encode(), text.encode("utf-8", "surrogateescape"), "sha1")).decode()


def verify(signature: Signature, request: Request, secret: str) -> None:
    """Prove that ``request`` was signed with ``secret``; raises Refusal."""
    text = string_to_sign(signature, request)
    given = signature.signature.encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(sign(secret, text).encode(), given):
        raise Refusal(
            "signature_mismatch",
            why="SigV2: the secret is another one, or method, path, type, expiry or an x-amz- header was changed",
            AWSAccessKeyId=signature.access_key,
            StringToSign=text,
            SignatureProvided=signature.signature,
            StringToSignBytes=text.encode("utf-8", "surrogateescape").hex(" "),
        )


def string_to_sign(signature: Signature, request: Request) -> str:
    """Method, Content-MD5, Content-Type, date or expiry, x-amz- headers, resource."""
    amz: dict[str, list[str]] = {}
    for name, value in request.headers:
        if name.startswith("x-amz-"):
            amz.setdefault(name, []).append(folded(value))
    if signature.expires:  # a presigned URL carries headers that its maker signed in its query
        carried = ((name.lower(), value) for name, value in request.query(plus=True))
        amz = {name: [folded(value)] for name, value in carried if name.startswith("x-amz-")} | amz
    headers = request.headers
    date = signature.expires or ("" if "x-amz-date" in amz else headers.get("date"))
    lines = [request.method, headers.get("content-md5"), headers.get("content-type"), date]
    lines += [f"{name}:{','.join(values)}" for name, values in sorted(amz.items())]
    return "\n".join([*lines, _resource(request)])


def _resource(request: Request) -> str:
    """The path with its bucket, also where that is in the Host, and the sub-resources."""
    host = meaning_of(request.host)
    path = f"/{host.part}{request.raw_path}" if host.name == "s3" and host.part else request.raw_path
    signed = sorted(piece for piece in _query(request) if piece.partition("=")[0] in _SIGNED)
    return f"{path}?{'&'.join(signed)}" if signed else path


def _query(request: Request) -> list[str]:
    """Decoded pieces of the query, without ``=`` where there was none."""
    pairs = request.query(plus=True)
    raw = [piece for piece in request.raw_query.split("&") if piece]
    return [f"{name}={value}" if "=" in piece else name for (name, value), piece in zip(pairs, raw, strict=True)]
