"""What APPSYNC_JS code asks of Python and does to the request: the same helpers that mapping templates use."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from habitr_emulator.services.appsync.spec import EarlyReturn, ResolverContext, ResolverError
from habitr_emulator.services.appsync.vtl.to_json import to_json
from habitr_emulator.services.appsync.vtl.util import EXTENSIONS, UTIL, core, log
from habitr_emulator.services.appsync.vtl.values import Namespace

_LOG_LEVELS: Final = {"log": "info", "info": "info", "warn": "info", "debug": "debug", "error": "error"}


def helper(name: str, given: Sequence[Any], ctx: ResolverContext) -> str:
    """The answer of a helper (``time.nowISO8601``) as JSON: ``{"v": value}``, or ``{"e": message}``."""
    space, _, function = name.rpartition(".")
    try:
        value = _function(UTIL.parts[space] if space else UTIL, function, ctx)(*given)
        return to_json({"v": value})
    except ResolverError:
        raise
    except Exception as error:  # whatever a wrong argument leads to is the code's error
        return to_json({"e": f"{name}: {error}"})


def _function(space: Namespace, name: str, ctx: ResolverContext) -> Callable[..., Any]:
    pure = space.pure.get(name)
    if pure is not None:
        return pure
    bound = space.bound[name]
    return lambda *given: bound(ctx, *given)


def apply(effects: Sequence[tuple[str, Sequence[Any]]], ctx: ResolverContext) -> None:
    """Do what the code wanted done beside its value; raises ResolverError."""
    for name, given in effects:
        kind, _, function = name.rpartition(".")
        if kind == "console":
            message = " ".join(part if isinstance(part, str) else to_json(part) for part in given)
            log.BOUND[_LOG_LEVELS[function]](ctx, message)
            continue
        space = {"util": UTIL, "util.http": UTIL.parts["http"], "extensions": EXTENSIONS}[kind]
        try:
            _function(space, function, ctx)(*given)
        except ResolverError:
            raise
        except (ValueError, TypeError) as error:
            raise ResolverError(f"{name}: {error}", "Code", why=f"the code failed: {error}") from error


def ended(how: str, given: Sequence[Any]) -> Exception:
    """The exception for the way in which a handler ended before its end."""
    if how == "return":
        value, skip_to = given
        return EarlyReturn(value, to_end=skip_to == "END")
    try:
        core.PURE[how](*given)
    except ResolverError as error:
        return error
    raise AssertionError(how)
