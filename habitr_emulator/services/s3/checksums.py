"""Checksums of bodies: the algorithms, what a request declares, and what multipart uploads make of their parts'.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import binascii
import hashlib
import hmac
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3.errors import BadDigest, InvalidDigest, InvalidRequest
from habitr_emulator.wire.crc import Crc, combine

CRC32C, CRC64NVME, CRC32 = 0x82F63B78, 0x9A6C9329AC4BC9B5, 0xEDB88320
_POLYNOMIALS = {"CRC32": CRC32, "CRC32C": CRC32C, "CRC64NVME": CRC64NVME}
_NAMES = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128")
_MD5_BYTES = 16


class Hasher(Protocol):
    """A running hash."""

    def update(self, data: bytes, /) -> None:
        """Take more of the body."""

    def digest(self) -> bytes:
        """The hash so far."""


class _Crc32:
    def __init__(self) -> None:
        self._state = 0

    def update(self, data: bytes) -> None:
        self._state = zlib.crc32(data, self._state)

    def digest(self) -> bytes:
        return self._state.to_bytes(4, "big")


_HASHERS: Mapping[str, Callable[[], Hasher]] = {
    "CRC32": _Crc32,
    "CRC32C": lambda: Crc(CRC32C, 4),
    "CRC64NVME": lambda: Crc(CRC64NVME, 8),
    "SHA1": lambda: hashlib.sha1(usedforsecurity=False),
    "SHA256": hashlib.sha256,
    "SHA512": hashlib.sha512,
    "MD5": lambda: hashlib.md5(usedforsecurity=False),
}


def hasher(algorithm: str) -> Hasher:
    """A new hash; raises NotBuilt for the XXHASH family."""
    if algorithm not in _HASHERS:
        raise NotBuilt(
            f"Checksums by {algorithm} are not built in habitr-emulator.", why=f"not built: {algorithm}"
        )
    return _HASHERS[algorithm]()


@dataclass(frozen=True, slots=True)
class Declared:
    """What a request says of its body: an ``algorithm`` (empty: none), the base64 ``value`` to hold it to (empty:
    only compute it), and the binary ``md5`` of Content-MD5.
    """

    algorithm: str = ""
    value: str = ""
    md5: bytes = b""


def declared(request: Mapping[str, Any], ctx: Context) -> Declared:
    """What ``request`` declares; raises InvalidRequest, InvalidDigest, NotBuilt."""
    given = {name: request[f"Checksum{name}"] for name in _NAMES if request.get(f"Checksum{name}")}
    if len(given) > 1:
        raise InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
    md5 = _content_md5(request.get("ContentMD5"))
    for name, value in given.items():
        header = f"x-amz-checksum-{name.lower()}"
        if ctx.headers and header not in ctx.headers:
            # in a presigned URL SDKs put the checksum of an empty body there; S3 does not hold bodies to it
            continue
        _check_length(name, header, value)
        return Declared(name, value, md5)
    trailer = ctx.headers.get("x-amz-trailer", "").strip().lower().removeprefix("x-amz-checksum-").upper()
    named = "" if given else request.get("ChecksumAlgorithm", "")
    return Declared(trailer if trailer in _NAMES else named, "", md5)


def _check_length(name: str, header: str, value: str) -> None:
    try:
        binary = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        binary = b""
    if len(binary) != len(hasher(name).digest()):
        raise InvalidRequest(f"Value for {header} header is invalid.")


def _content_md5(text: str | None) -> bytes:
    if text is None:
        return b""
    try:
        binary = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        binary = b""
    if len(binary) != _MD5_BYTES:
        raise InvalidDigest(**{"Content-MD5": text})
    return binary


class Digests:
    """The hashes of one body while it comes: MD5 for the ETag, and the declared checksum."""

    def __init__(self, what: Declared) -> None:
        self._what = what
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._checksum = hasher(what.algorithm) if what.algorithm else None

    def update(self, data: bytes) -> None:
        """Take more of the body."""
        self._md5.update(data)
        if self._checksum is not None:
            self._checksum.update(data)

    def etag(self) -> str:
        """The MD5 in hex."""
        return self._md5.hexdigest()

    def checksum(self) -> str:
        """The checksum in base64, empty if none was declared."""
        return "" if self._checksum is None else base64.b64encode(self._checksum.digest()).decode()

    def verify(self) -> None:
        """Raise BadDigest unless the body is what was declared."""
        if self._what.md5 and not hmac.compare_digest(self._what.md5, self._md5.digest()):
            raise BadDigest
        if self._what.value and not hmac.compare_digest(self._what.value.encode(), self.checksum().encode()):
            raise BadDigest(f"The {self._what.algorithm} you specified did not match the calculated checksum.")


def default_type(algorithm: str) -> str:
    """How a multipart upload's checksum is made unless the client says."""
    return "FULL_OBJECT" if algorithm == "CRC64NVME" else "COMPOSITE"


def check_type(algorithm: str, kind: str) -> None:
    """Raise InvalidRequest for a checksum type that an algorithm does not have."""
    if (kind == "FULL_OBJECT" and algorithm not in _POLYNOMIALS) or (kind, algorithm) == (
        "COMPOSITE",
        "CRC64NVME",
    ):
        raise InvalidRequest(f"The {kind} checksum type cannot be used with the {algorithm} checksum algorithm.")


def of_parts(algorithm: str, kind: str, parts: Sequence[tuple[str, int]]) -> str:
    """The checksum of an upload from its parts' checksums (base64) and sizes, in order."""
    binary = [(base64.b64decode(value), size) for value, size in parts]
    if kind == "COMPOSITE":
        whole = hasher(algorithm)
        whole.update(b"".join(value for value, _ in binary))
        return f"{base64.b64encode(whole.digest()).decode()}-{len(parts)}"
    total = binary[0][0]
    for value, size in binary[1:]:
        total = combine(_POLYNOMIALS[algorithm], total, value, size)
    return base64.b64encode(total).decode()
