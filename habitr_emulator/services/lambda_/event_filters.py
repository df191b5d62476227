"""Filters of event source mappings: does a record match a pattern?

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

import json
import operator
from collections.abc import Callable, Mapping
from typing import Any

from habitr_emulator.services.lambda_.errors import InvalidParameterValueException

_NUMERIC: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_RULES = frozenset({"prefix", "suffix", "anything-but", "numeric", "exists", "equals-ignore-case"})
_MISSING: Any = object()


def parse(pattern: str) -> dict[str, Any]:
    """The pattern of a text. Raises InvalidParameterValueException."""
    try:
        parsed = json.loads(pattern)
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict) or not _is_pattern(parsed):
        raise InvalidParameterValueException("Invalid filter pattern definition.")
    return parsed


def _is_pattern(pattern: dict[str, Any]) -> bool:
    for name, wanted in pattern.items():
        if name == "$or":
            good = isinstance(wanted, list) and all(
                isinstance(each, dict) and _is_pattern(each) for each in wanted
            )
        elif isinstance(wanted, dict):
            good = _is_pattern(wanted)
        else:
            good = isinstance(wanted, list) and bool(wanted) and all(map(_is_rule, wanted))
        if not good:
            return False
    return True


def _is_rule(rule: Any) -> bool:
    if not isinstance(rule, dict):
        return not isinstance(rule, list)
    if len(rule) != 1 or not rule.keys() <= _RULES:
        return False
    ((kind, operand),) = rule.items()
    if kind == "numeric":
        pairs = isinstance(operand, list) and len(operand) % 2 == 0
        return pairs and all(sign in _NUMERIC for sign in operand[::2]) and all(map(_is_number, operand[1::2]))
    if kind in ("prefix", "suffix", "equals-ignore-case"):
        return isinstance(operand, str)
    return isinstance(operand, bool) if kind == "exists" else kind == "anything-but"


def matches(pattern: Mapping[str, Any], record: Any) -> bool:
    """Whether every member of ``pattern`` fits ``record``."""
    if not isinstance(record, Mapping):
        record = {}
    for name, wanted in pattern.items():
        if name == "$or":
            if not any(matches(each, record) for each in wanted):
                return False
        elif isinstance(wanted, dict):
            if not matches(wanted, record.get(name)):
                return False
        elif not _fits(wanted, record.get(name, _MISSING)):
            return False
    return True


def _fits(wanted: list[Any], value: Any) -> bool:
    """Whether any rule holds for the value, or for an element of it if it is a list."""
    values = value if isinstance(value, list) else [value]
    return any(_holds(rule, each) for rule in wanted for each in values)


def _holds(rule: Any, value: Any) -> bool:
    if not isinstance(rule, dict):
        return _same(rule, value)
    ((kind, operand),) = rule.items()
    if kind == "exists":
        return bool(operand) == (value is not _MISSING)
    if value is _MISSING:
        return False
    if kind == "anything-but":
        rules = operand if isinstance(operand, list) else [operand]
        return not any(_holds(each, value) for each in rules)
    if kind == "numeric":
        pairs = zip(operand[::2], operand[1::2], strict=True)
        return _is_number(value) and all(_NUMERIC[sign](value, bound) for sign, bound in pairs)
    return isinstance(value, str) and _text_holds(kind, operand, value)


def _text_holds(kind: str, operand: str, value: str) -> bool:
    if kind == "prefix":
        return value.startswith(operand)
    return value.endswith(operand) if kind == "suffix" else value.casefold() == operand.casefold()


def _same(wanted: Any, value: Any) -> bool:
    return value is not _MISSING and isinstance(wanted, bool) == isinstance(value, bool) and bool(wanted == value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
