"""Server-side encryption: which key an object is kept with, and who must bring the key to read it.

SSE-S3 and SSE-KMS are told and kept; nobody can see a difference but by the headers. A customer's key (SSE-C) is
not kept, only a salted digest of it, by which later requests are judged.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import buckets
from habitr_emulator.services.s3.errors import (
    AccessDenied,
    InvalidArgument,
    InvalidEncryptionAlgorithmError,
    InvalidRequest,
)

SSE_S3 = "AES256"
_KMS = ("aws:kms", "aws:kms:dsse")
_KEY_BYTES = 32
_WITH_KEY = "Requests specifying Server Side Encryption with Customer provided keys must provide"
#: The members of outputs that tell of an object's encryption.
MEMBERS = (
    "ServerSideEncryption", "SSEKMSKeyId", "SSEKMSEncryptionContext", "BucketKeyEnabled", "SSECustomerAlgorithm",
    "SSECustomerKeyMD5",
)  # fmt: skip
_WITHOUT_KMS = (
    "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"
)
DEFAULT_RULE: dict[str, Any] = {
    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": SSE_S3},
    "BucketKeyEnabled": False,
}


def properties(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """What an object's answers will tell of its encryption; raises InvalidArgument and its kind."""
    key = _key_of(request, "SSECustomer")
    wanted = request.get("ServerSideEncryption")
    if key is not None:
        if wanted is not None:
            raise InvalidArgument(
                "Server Side Encryption with Customer provided key is incompatible with the encryption method "
                "specified",
                ArgumentName="x-amz-server-side-encryption",
                ArgumentValue=wanted,
            )
        return {"SSECustomerAlgorithm": SSE_S3, "SSECustomerKeyMD5": request["SSECustomerKeyMD5"]}
    if wanted is None:
        return _default(ctx, request)
    return _named(ctx, wanted, request.get("SSEKMSKeyId"), request)


def _default(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """What the bucket says for requests that do not."""
    if request.get("SSEKMSKeyId") is not None:
        raise InvalidArgument(
            _WITHOUT_KMS,
            ArgumentName="x-amz-server-side-encryption",
            ArgumentValue="null",
        )
    document = buckets.setting(ctx.account, request["Bucket"], "encryption")
    rule = document["Rules"][0] if document else DEFAULT_RULE
    default = rule.get("ApplyServerSideEncryptionByDefault") or {"SSEAlgorithm": SSE_S3}
    named = {"BucketKeyEnabled": rule.get("BucketKeyEnabled"), **request}
    return _named(ctx, default["SSEAlgorithm"], default.get("KMSMasterKeyID"), named)


def _named(ctx: Context, algorithm: str, key_id: str | None, request: Mapping[str, Any]) -> dict[str, Any]:
    if algorithm == SSE_S3:
        if key_id is not None:
            raise InvalidArgument(
                _WITHOUT_KMS,
                ArgumentName="x-amz-server-side-encryption",
                ArgumentValue=algorithm,
            )
        return {"ServerSideEncryption": SSE_S3}
    if algorithm not in _KMS:
        raise InvalidEncryptionAlgorithmError(ArgumentName="x-amz-server-side-encryption", ArgumentValue=algorithm)
    told = {"ServerSideEncryption": algorithm, "SSEKMSKeyId": key_arn(ctx, key_id)}
    kept = {name: request[name] for name in ("SSEKMSEncryptionContext", "BucketKeyEnabled") if request.get(name)}
    return told | kept


def key_arn(ctx: Context, key_id: str | None) -> str:
    """The ARN of a KMS key that a request names by its id, alias or ARN; without one, that of ``aws/s3``."""
    if key_id and key_id.startswith("arn:"):
        return key_id
    named = key_id or "alias/aws/s3"
    return ctx.account.arn("kms", named if named.startswith("alias/") else f"key/{named}")


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an object's properties that every answer about it tells."""
    return {name: kept[name] for name in MEMBERS if name in kept}


def customer_key(ctx: Context, request: Mapping[str, Any]) -> str | None:
    """What is kept of the request's customer key; raises InvalidArgument."""
    key = _key_of(request, "SSECustomer")
    if key is None:
        return None
    salt = ctx.ids.bytes(16)
    return f"{salt.hex()}:{_digest(salt, key)}"


def _digest(salt: bytes, key: bytes) -> str:
    return hmac.new(salt, key, hashlib.sha256).hexdigest()


def check_reader(kept: str | None, request: Mapping[str, Any], prefix: str = "SSECustomer") -> None:
    """Hold the request's customer key against the object's; ``prefix`` is ``CopySourceSSECustomer`` of a copy.

    Raises InvalidRequest if one of them has none, AccessDenied if they differ.
    """
    key = _key_of(request, prefix)
    if kept is None and key is None:
        return
    if kept is None or key is None:
        raise InvalidRequest(
            "The encryption parameters are not applicable to this object."
            if kept is None
            else "The object was stored using a form of Server Side Encryption. The correct parameters must be "
            "provided to retrieve the object."
        )
    if not _same(kept, key):
        raise AccessDenied(why="the object was written with another customer key")


def check_part(kept: str | None, request: Mapping[str, Any]) -> None:
    """Hold a part's customer key against its upload's; raises InvalidRequest."""
    key = _key_of(request, "SSECustomer")
    if kept is None and key is not None:
        raise InvalidRequest(
            "The multipart upload initiate did not request encryption. Please resend the request without the "
            "encryption parameters."
        )
    if kept is not None and key is None:
        raise InvalidRequest(
            "The multipart upload initiate requested encryption. Subsequent part requests must include the "
            "appropriate encryption parameters."
        )
    if kept is not None and key is not None and not _same(kept, key):
        raise InvalidRequest("The provided encryption parameters did not match the ones used originally.")


def _same(kept: str, key: bytes) -> bool:
    salt, _, digest = kept.partition(":")
    return hmac.compare_digest(digest, _digest(bytes.fromhex(salt), key))


def _key_of(request: Mapping[str, Any], prefix: str) -> bytes | None:
    """The customer key of a request's three headers; raises InvalidArgument unless all fit each other."""
    algorithm, key, md5 = (request.get(f"{prefix}{name}") for name in ("Algorithm", "Key", "KeyMD5"))
    if algorithm is None and key is None and md5 is None:
        return None
    if algorithm is None:
        raise InvalidArgument(f"{_WITH_KEY} a valid encryption algorithm.")
    if algorithm != SSE_S3:
        raise InvalidEncryptionAlgorithmError(
            ArgumentName="x-amz-server-side-encryption-customer-algorithm", ArgumentValue=algorithm
        )
    if key is None:
        raise InvalidArgument(f"{_WITH_KEY} an appropriate secret key.")
    if md5 is None:
        raise InvalidArgument(f"{_WITH_KEY} the client calculated MD5 of the secret key.")
    binary = _decoded(key)
    if len(binary) != _KEY_BYTES:
        raise InvalidArgument("The secret key was invalid for the specified algorithm.")
    if not hmac.compare_digest(_decoded(md5), hashlib.md5(binary, usedforsecurity=False).digest()):
        raise InvalidArgument("The calculated MD5 hash of the key did not match the hash that was provided.")
    return binary


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
