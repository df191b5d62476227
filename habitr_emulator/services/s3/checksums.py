"""Checksums of bodies: the algorithms, what a request declares, and what multipart uploads make of their parts'.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3.errors import BadDigest, InvalidDigest, InvalidRequest
from habitr_emulator.wire import checksums as wire
from habitr_emulator.wire.checksums import Hasher

#: What S3 computes and keeps of a body for which the client named no algorithm.
DEFAULT = "CRC64NVME"
_LINEAR = ("CRC32", "CRC32C", "CRC64NVME")
_NAMES = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256", "SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128")
_MD5_BYTES = 16


def hasher(algorithm: str) -> Hasher:
    """A new hash; raises NotBuilt for the XXHASH family."""
    made = wire.hasher(algorithm.lower())
    if made is None:
        raise NotBuilt(
            f"Checksums by {algorithm} are not built in habitr-emulator.", why=f"not built: {algorithm}"
        )
    return made


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
    """The hashes of one body while it comes: MD5 for the ETag, the declared checksum, and the one to keep, by
    ``algorithm`` (the declared one, else S3's default).
    """

    def __init__(self, what: Declared, algorithm: str = "") -> None:
        self._what = what
        self.algorithm = algorithm or what.algorithm or DEFAULT
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._kept = hasher(self.algorithm)
        self._declared = self._kept if what.algorithm in ("", self.algorithm) else hasher(what.algorithm)

    def update(self, data: bytes) -> None:
        """Take more of the body."""
        self._md5.update(data)
        self._kept.update(data)
        if self._declared is not self._kept:
            self._declared.update(data)

    def etag(self) -> str:
        """The MD5 in hex."""
        return self._md5.hexdigest()

    def checksum(self) -> str:
        """The checksum to keep, in base64."""
        return _base64(self._kept)

    def declared(self) -> dict[str, str]:
        """``Checksum<algorithm>`` by the algorithm that the client named, if it did."""
        return {f"Checksum{self._what.algorithm}": _base64(self._declared)} if self._what.algorithm else {}

    def kept(self) -> dict[str, str]:
        """The checksum of a body that is an object by itself: Algorithm, Value, Type."""
        return {"Algorithm": self.algorithm, "Value": self.checksum(), "Type": "FULL_OBJECT"}

    def verify(self) -> None:
        """Raise BadDigest unless the body is what was declared."""
        if self._what.md5 and not hmac.compare_digest(self._what.md5, self._md5.digest()):
            raise BadDigest
        if self._what.value and not hmac.compare_digest(
            self._what.value.encode(), _base64(self._declared).encode()
        ):
            raise BadDigest(f"The {self._what.algorithm} you specified did not match the calculated checksum.")


def _base64(hashed: Hasher) -> str:
    return base64.b64encode(hashed.digest()).decode()


def default_type(algorithm: str) -> str:
    """How a multipart upload's checksum is made unless the client says."""
    return "FULL_OBJECT" if algorithm == "CRC64NVME" else "COMPOSITE"


def check_type(algorithm: str, kind: str) -> None:
    """Raise InvalidRequest for a checksum type that an algorithm does not have."""
    if (kind == "FULL_OBJECT" and algorithm not in _LINEAR) or (kind, algorithm) == (
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
        total = wire.combine(algorithm.lower(), total, value, size)
    return base64.b64encode(total).decode()
