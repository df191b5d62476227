"""Digests of bodies that are read whole: Content-MD5 and x-amz-checksum-*, which some operations must have.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import binascii
import hashlib
import hmac

from habitr_emulator.wire.checksums import hasher
from habitr_emulator.wire.http import Request
from habitr_emulator.wire.model import Operation
from habitr_emulator.wire.refusals import error_class

_PREFIX = "x-amz-checksum-"
_NO_VALUES = ("x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type")
_MD5_BYTES = 16


def check(operation: Operation, request: Request) -> None:
    """Hold the body against the request's digests; raises InvalidDigest, BadDigest, InvalidRequest (one is
    missing that the operation must have, or there are several). A checksum that is a member of the operation's
    input is not the body's (CompleteMultipartUpload).
    """
    if operation.http_method not in ("PUT", "POST"):
        return
    headers = request.headers
    members = operation.input.header_members if operation.input else {}
    named = [
        name
        for name in headers.first
        if name.startswith(_PREFIX) and name not in _NO_VALUES and name not in members
    ]
    md5 = headers.first.get("content-md5")
    if md5 is None and not named:
        if operation.traits.get("httpChecksum", {}).get("requestChecksumRequired"):
            text = "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"
            raise error_class("InvalidRequest", 400)(text)
        return
    if md5 is not None:
        _check_md5(md5, request.body)
    if len(named) > 1:
        text = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        raise error_class("InvalidRequest", 400)(text)
    for name in named:
        _check_checksum(name, headers.get(name), request.body)


def _check_md5(text: str, body: bytes) -> None:
    binary = _decoded(text)
    if len(binary) != _MD5_BYTES:
        fields = {"Content-MD5": text}
        raise error_class("InvalidDigest", 400)("The Content-MD5 you specified was invalid.", **fields)
    if not hmac.compare_digest(binary, hashlib.md5(body, usedforsecurity=False).digest()):
        raise error_class("BadDigest", 400)("The Content-MD5 you specified did not match what we received.")


def _check_checksum(name: str, text: str, body: bytes) -> None:
    algorithm = name.removeprefix(_PREFIX)
    running = hasher(algorithm)
    if running is None:
        return
    running.update(body)
    computed = running.digest()
    binary = _decoded(text)
    if len(binary) != len(computed):
        raise error_class("InvalidRequest", 400)(f"Value for {name} header is invalid.")
    if not hmac.compare_digest(binary, computed):
        text = f"The {algorithm.upper()} you specified did not match the calculated checksum."
        raise error_class("BadDigest", 400)(text)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
