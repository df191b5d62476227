"""``$util.math``.

https://docs.aws.amazon.com/appsync/latest/devguide/math-helpers-in-utils-math.html
"""

import math
from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.spec import ResolverContext
from habitr_emulator.services.appsync.vtl.util.identifiers import random_bits


def round_number(value: float) -> int:
    """The nearest integer; halves go up, as ``Math.round`` does."""
    return math.floor(value + 0.5)


def random_double(ctx: ResolverContext) -> float:
    """A number in [0, 1)."""
    return random_bits(ctx, 53) / (1 << 53)


def random_within_range(ctx: ResolverContext, start: int, end: int) -> int:
    """An integer from ``start`` up to and without ``end``."""
    # guess: the documentation only says "within the specified range"; Java's own ranges leave the end out
    return start + random_bits(ctx, 128) % max(1, end - start)


PURE: dict[str, Callable[..., Any]] = {
    "roundNum": round_number,
    "minVal": lambda left, right: min(left, right),
    "maxVal": lambda left, right: max(left, right),
}
BOUND: dict[str, Callable[..., Any]] = {"randomDouble": random_double, "randomWithinRange": random_within_range}
