"""Running checksums of bodies, by the names that S3 gives them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

import hashlib
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from habitr_emulator.wire.crc import Crc

CRC32, CRC32C, CRC64NVME = 0xEDB88320, 0x82F63B78, 0x9A6C9329AC4BC9B5


class Hasher(Protocol):
    """A running hash."""

    def update(self, data: bytes, /) -> None:
        """Take more of the body."""

    def digest(self) -> bytes:
        """The hash so far."""


class Running:
    """A CRC made by a function of (data, CRC so far), as zlib and awscrt have it."""

    def __init__(self, function: Callable[[bytes, int], int], width: int) -> None:
        self._function, self._width = function, width
        self._state = 0

    def update(self, data: bytes) -> None:
        """Take more of the body."""
        self._state = self._function(data, self._state)

    def digest(self) -> bytes:
        """The CRC so far, big-endian."""
        return self._state.to_bytes(self._width, "big")


def _fast(name: str, polynomial: int, width: int) -> Hasher:
    """Awscrt's CRC in C, or our own where it is not installed."""
    try:
        from awscrt import checksums
    except ImportError:
        return Crc(polynomial, width)
    return Running(getattr(checksums, name), width)


_HASHERS: Mapping[str, Callable[[], Hasher]] = {
    "crc32": lambda: Running(zlib.crc32, 4),
    "crc32c": lambda: _fast("crc32c", CRC32C, 4),
    "crc64nvme": lambda: _fast("crc64nvme", CRC64NVME, 8),
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
}


def hasher(algorithm: str) -> Hasher | None:
    """A new hash of a lower-case algorithm name; None if it is not built (the XXHASH family)."""
    make = _HASHERS.get(algorithm)
    return make() if make else None
