"""Running checksums of bodies, by the names that S3 gives them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Protocol

CRC_MODELS = {"crc32c": "CRC32C", "crc64nvme": "CRC64-NVME", "crc32": "CRC32"}


class Hasher(Protocol):
    """A running hash."""

    def update(self, data: bytes, /) -> None:
        """Take more of the body."""

    def digest(self) -> bytes:
        """The hash so far."""


class Running:
    """A CRC made by a function of (data, CRC so far)."""

    def __init__(self, function: Callable[[bytes, int], int], width: int) -> None:
        self._function, self._width = function, width
        self._state = 0

    def update(self, data: bytes) -> None:
        """Take more of the body."""
        self._state = self._function(data, self._state)

    def digest(self) -> bytes:
        """The CRC so far, big-endian."""
        return self._state.to_bytes(self._width, "big")


@cache
def _model(name: str) -> Any:
    from anycrc import Model

    return Model(CRC_MODELS[name])


def combine(name: str, first: bytes, second: bytes, length: int) -> bytes:
    """The CRC of two messages on end, from their CRCs and the second one's length in bytes."""
    whole = _model(name).combine(int.from_bytes(first, "big"), int.from_bytes(second, "big"), length)
    return int(whole).to_bytes(len(first), "big")


_HASHERS: Mapping[str, Callable[[], Hasher]] = {
    "crc32": lambda: Running(zlib.crc32, 4),
    "crc32c": lambda: Running(_model("crc32c").calc, 4),
    "crc64nvme": lambda: Running(_model("crc64nvme").calc, 8),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
}


def hasher(algorithm: str) -> Hasher | None:
    """A new hash of a lower-case algorithm name; None if it is not built (the XXHASH family)."""
    make = _HASHERS.get(algorithm)
    return make() if make else None
