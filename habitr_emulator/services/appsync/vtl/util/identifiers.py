"""Sortable ids for ``$util.autoUlid`` and ``autoKsuid``, from the resolver's own clock and id source.

https://github.com/ulid/spec and https://github.com/segmentio/ksuid describe the forms.
"""

import hashlib
import string

from habitr_emulator.services.appsync.spec import ResolverContext
from habitr_emulator.services.appsync.vtl.util.time import now_milliseconds

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KSUID_EPOCH = 1_400_000_000


def ulid(ctx: ResolverContext) -> str:
    """48 bits of milliseconds and 80 random ones, as 26 characters."""
    return _digits(now_milliseconds(ctx) << 80 | random_bits(ctx, 80), _CROCKFORD, 26)


def ksuid(ctx: ResolverContext) -> str:
    """32 bits of seconds and 128 random ones, as 27 characters."""
    seconds = (now_milliseconds(ctx) // 1000 - _KSUID_EPOCH) & 0xFFFFFFFF
    return _digits(seconds << 128 | random_bits(ctx, 128), _BASE62, 27)


def random_bits(ctx: ResolverContext, count: int) -> int:
    """Random bits (at most 256), drawn from a fresh id."""
    return int.from_bytes(hashlib.sha256(ctx.new_id().encode()).digest(), "big") >> (256 - count)


def _digits(number: int, alphabet: str, count: int) -> str:
    out = []
    for _ in range(count):
        number, digit = divmod(number, len(alphabet))
        out.append(alphabet[digit])
    return "".join(reversed(out))
