"""The only source of ids, secrets and randomness; seeded in tests."""

import hashlib
import random
import secrets
import string
import uuid

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE36 = string.digits + string.ascii_lowercase
_NO_VERSION = ~(0xF000 << 64 | 0xC000 << 48)
_VERSION_4 = 0x4000 << 64 | 0x8000 << 48


class Ids:
    """Random ids and secrets. With a ``seed`` every run gives the same sequence (tests only)."""

    def __init__(self, seed: int | None = None) -> None:
        self._random: random.Random = random.Random(seed) if seed is not None else secrets.SystemRandom()  # noqa: S311

    def uuid(self) -> str:
        """A version 4 UUID in lower case."""
        number = self._random.getrandbits(128) & _NO_VERSION | _VERSION_4
        digits = f"{number:032x}"  # uuid.UUID says the same in three times the time
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def bytes(self, count: int) -> bytes:
        """Unpredictable bytes."""
        return self._random.getrandbits(count * 8).to_bytes(count, "big")

    def digits(self, count: int) -> str:
        """A code as Cognito sends it; leading zeros are kept."""
        return self.text(count, string.digits)

    def base36(self, count: int) -> str:
        """Lower-case letters and digits (app client ids and secrets)."""
        return self.text(count, _BASE36)

    def base62(self, count: int) -> str:
        """Letters and digits."""
        return self.text(count, _BASE62)

    def text(self, count: int, alphabet: str) -> str:
        """``count`` characters of ``alphabet``."""
        return "".join(self._random.choices(alphabet, k=count))

    def integer(self, bits: int) -> int:
        """An unsigned integer of up to ``bits`` bits (SRP's secret exponents)."""
        return self._random.getrandbits(bits)

    def random(self) -> float:
        """A float in [0, 1) (``$util.math.randomDouble``)."""
        return self._random.random()

    def request_id(self) -> str:
        """What ``x-amzn-requestid`` carries."""
        return self.uuid()


def derived(kind: str, *parts: str) -> int:
    """A number that depends on the names alone, so that a project has the same ids on every machine."""
    return int.from_bytes(hashlib.sha256("\0".join((kind, *parts)).encode()).digest(), "big")


def derived_text(count: int, alphabet: str, kind: str, *parts: str) -> str:
    """``count`` characters of ``alphabet``, derived from the names."""
    number, out = derived(kind, *parts), []
    for _ in range(count):
        number, digit = divmod(number, len(alphabet))
        out.append(alphabet[digit])
    return "".join(out)


def derived_base62(count: int, kind: str, *parts: str) -> str:
    """Letters and digits, derived (the tail of a user pool id)."""
    return derived_text(count, _BASE62, kind, *parts)


def derived_base36(count: int, kind: str, *parts: str) -> str:
    """Lower-case letters and digits, derived (app client ids, API ids)."""
    return derived_text(count, _BASE36, kind, *parts)


def derived_uuid(kind: str, *parts: str) -> str:
    """A UUID, derived (identity pool ids)."""
    return str(uuid.UUID(int=derived(kind, *parts) >> 128, version=4))
