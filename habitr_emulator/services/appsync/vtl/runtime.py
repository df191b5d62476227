"""What compiled templates call: references, methods, arithmetic and comparisons with Velocity's rules."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from habitr_emulator.services.appsync.vtl.methods import METHODS, PROPERTIES
from habitr_emulator.services.appsync.vtl.printing import MAX_TEXT, LimitExceeded, show, weigh
from habitr_emulator.services.appsync.vtl.values import Block, Budget, ContextMap, Loop, Stop, Tool

MAX_ROUNDS = 1000
MAX_RANGE = 100_000
MAX_BITS = 4096
_NUMBERS = (int, float)
_MAPS = (dict, ContextMap)


def prop(target: Any, name: str) -> Any:
    """``$target.name``: a map's value, a bean's property; null if there is none."""
    kind = target.__class__
    if kind in _MAPS:
        return target.get(name)
    if target is None:
        return None
    if kind is Tool:
        return target.part(name)
    getters = PROPERTIES.get(kind)
    if getters is not None:
        getter = getters.get(name)
        return None if getter is None else getter(target)
    if isinstance(target, Mapping):
        return target.get(name)
    return None if name.startswith("_") else getattr(target, name, None)


def call(target: Any, name: str, *arguments: Any) -> Any:
    """``$target.name(arguments)``: null if there is no such method, or none that takes these arguments."""
    if target is None:
        return None
    try:
        if target.__class__ is Tool:
            return target.call(name, arguments)
        methods = METHODS.get(target.__class__)
        if methods is not None:
            method = methods.get(name)
            return None if method is None else method(target, *arguments)
        return _foreign(target, name)(*arguments)
    except (TypeError, AttributeError):
        return None


def _foreign(target: Any, name: str) -> Callable[..., Any]:
    """A public method of an object that the caller put into the template's variables."""
    if name.startswith("_"):
        raise AttributeError(name)
    method: Callable[..., Any] = getattr(target, name)
    return method


def item(target: Any, index: Any) -> Any:
    """``$target[index]``: raises IndexError outside a list, null is a map's missing key."""
    if isinstance(target, list) and isinstance(index, int):
        return target[index]
    if isinstance(target, dict):
        return target.get(index)
    return None


def assign(target: Any, key: Any, value: Any) -> None:
    """``#set($target.key = value)`` and ``#set($target[key] = value)``."""
    if isinstance(target, dict) or (isinstance(target, list) and isinstance(key, int)):
        target[key] = value


def text(value: Any, source: str) -> str:
    """What a reference prints: its value, or its own source when that is null."""
    if isinstance(value, str):
        return value
    if value is None:
        return source
    if isinstance(value, Block):
        return value.render()
    return show(value)


def escaped(value: Any, source: str, quiet: bool, slashes: int) -> str:
    """What a reference after backslashes prints: two make one, an odd one escapes a reference that is set."""
    before = "\\" * (slashes // 2)
    if slashes % 2:
        return before + source if value is not None else f"{before}\\{source}"
    return before + text(value, "" if quiet else source)


def concat(parts: Sequence[str]) -> str:
    """The parts of a double-quoted string, together."""
    if sum(map(len, parts)) > MAX_TEXT:
        raise LimitExceeded(f"a text of more than {MAX_TEXT} characters")
    return "".join(parts)


def equal(left: Any, right: Any) -> bool:
    """``==``: null equals null only, numbers by value, one kind by value, different kinds as they print."""
    if left is None or right is None:
        return left is right
    kind = left.__class__
    if kind is right.__class__ and kind not in (list, dict):
        return bool(left == right)
    if (
        isinstance(left, _NUMBERS)
        and isinstance(right, _NUMBERS)
        and not isinstance(left, bool)
        and not isinstance(right, bool)
    ):
        return left == right
    for side in (left, right):
        if isinstance(side, list | dict):
            weigh(side)
    return bool(left == right) if kind is right.__class__ else show(left) == show(right)


def _numbers(left: Any, right: Any) -> bool:
    """Whether both are numbers (true and false are none)."""
    kinds = (left.__class__, right.__class__)
    return kinds[0] in _NUMBERS and kinds[1] in _NUMBERS


def less(left: Any, right: Any) -> bool:
    """``<``: false unless both are numbers."""
    return _numbers(left, right) and bool(left < right)


def at_most(left: Any, right: Any) -> bool:
    """``<=``: false unless both are numbers."""
    return _numbers(left, right) and bool(left <= right)


def add(left: Any, right: Any, left_source: str, right_source: str) -> Any:
    """``+``: numbers add, text concatenates (a null beside text is its own source), else null."""
    if _numbers(left, right):
        return left + right
    if isinstance(left, str) or isinstance(right, str):
        return concat((text(left, left_source), text(right, right_source)))
    return None


def subtract(left: Any, right: Any) -> Any:
    """``-`` of numbers, else null."""
    return left - right if _numbers(left, right) else None


def multiply(left: Any, right: Any) -> Any:
    """``*`` of numbers, else null. Raises LimitExceeded for integers past ``MAX_BITS``."""
    if not _numbers(left, right):
        return None
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > MAX_BITS:
        raise LimitExceeded(f"a number of more than {MAX_BITS} bits")
    return left * right


def divide(left: Any, right: Any) -> Any:
    """``/``: integers truncate toward zero; null on zero or for what is no number."""
    if not _numbers(left, right) or right == 0:
        return None
    if isinstance(left, float) or isinstance(right, float):
        return left / right
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def modulo(left: Any, right: Any) -> Any:
    """``%`` with the sign of the dividend; null on zero or for what is no number."""
    if not _numbers(left, right) or right == 0:
        return None
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def span(first: Any, last: Any) -> list[int] | None:
    """``[first..last]``, in either direction. Raises LimitExceeded past ``MAX_RANGE`` numbers."""
    if first.__class__ is not int or last.__class__ is not int:
        return None
    if abs(first - last) > MAX_RANGE:
        raise LimitExceeded(f"a range of more than {MAX_RANGE} numbers")
    return list(range(first, last + 1)) if first <= last else list(range(first, last - 1, -1))


def rounds(source: Any, budget: Budget) -> list[Any]:
    """What ``#foreach`` walks over: a copy of a list, a map's values; nothing for anything else.

    A loop ends after ``MAX_ROUNDS`` rounds. Raises LimitExceeded when the template's rounds are spent.
    """
    if isinstance(source, dict):
        found = list(source.values())
    elif isinstance(source, list | tuple | set | frozenset):
        found = list(source)
    else:
        return []
    # guess: Velocity's own loop limit leaves the rest out without an error; AppSync documents the number only
    del found[MAX_ROUNDS:]
    budget.spend(len(found))
    return found


def run_macro(function: Any, scope: dict[str, Any], budget: Budget, bindings: dict[str, Any]) -> str:
    """Render a macro with its parameters bound; what they hid is restored afterwards."""
    hidden = {name: scope.get(name) for name in bindings}
    scope.update(bindings)
    rendered = Block(function, scope, budget).render()
    scope.update(hidden)
    return rendered


RUNTIME: dict[str, Any] = {
    function.__name__: function
    for function in (
        prop,
        call,
        item,
        assign,
        text,
        escaped,
        concat,
        equal,
        less,
        at_most,
        add,
        subtract,
        multiply,
        divide,
        modulo,
        span,
        rounds,
        run_macro,
        Block,
        Loop,
        Stop,
    )
}
