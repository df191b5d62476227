"""``$util.log``: lines in the emulator's log.

https://docs.aws.amazon.com/appsync/latest/devguide/utility-helpers-in-util.html
"""

import logging
from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.spec import ResolverContext
from habitr_emulator.services.appsync.vtl.printing import show
from habitr_emulator.services.appsync.vtl.to_json import to_json

_log = logging.getLogger("habitr_emulator.appsync.vtl")
MAX_LINE = 16_384


def _line(ctx: ResolverContext, level: int, message: Any, values: tuple[Any, ...]) -> str:
    """``{}`` in the message stands for the next value."""
    text = message if isinstance(message, str) else to_json(message)
    for value in values:
        text = text.replace("{}", show(value), 1)
    if ctx.logs is not None:
        ctx.logs.append(text[:MAX_LINE])
    _log.log(level, "%s.%s: %s", ctx.info.parent_type_name, ctx.info.field_name, text[:MAX_LINE])
    return ""


BOUND: dict[str, Callable[..., Any]] = {
    "info": lambda ctx, message, *values: _line(ctx, logging.INFO, message, values),
    "debug": lambda ctx, message, *values: _line(ctx, logging.DEBUG, message, values),
    "error": lambda ctx, message, *values: _line(ctx, logging.ERROR, message, values),
}
