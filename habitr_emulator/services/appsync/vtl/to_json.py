"""``$util.toJson`` and ``$util.parseJson``: JSON as AppSync's Java runtime prints and reads it."""

import json
from typing import Any

import orjson

from habitr_emulator.services.appsync.vtl.printing import MAX_NODES, LimitExceeded, double, show
from habitr_emulator.services.appsync.vtl.values import ContextMap

# values of which orjson's text might differ from Java's, or that hold others
_LOOK_AT = frozenset({dict, list, float, ContextMap})


def to_json(value: Any) -> str:
    """The value as compact JSON; numbers print as Java prints them (``1.0E10``).

    Raises LimitExceeded for a value of more than ``MAX_NODES`` parts.
    """
    if _plain(value):
        try:
            return orjson.dumps(value).decode()
        except (orjson.JSONEncodeError, RecursionError):
            pass  # integers beyond 64 bits, keys that are not text, lone surrogates: the careful way
    return _encode(value)


def _plain(value: Any) -> bool:
    """Whether orjson prints the value exactly as Java would."""
    if value.__class__ not in _LOOK_AT:
        return True
    waiting: list[Any] = [value]
    seen = 0
    while waiting:
        one = waiting.pop()
        kind = one.__class__
        if kind is float:
            if one and not 1e-3 <= abs(one) < 1e7:
                return False
            continue
        if kind is ContextMap:
            one.settle()
        inside = one if kind is list else one.values()
        seen += len(inside)
        if seen > MAX_NODES:
            raise LimitExceeded(f"a value of more than {MAX_NODES} parts")
        waiting += [part for part in inside if part.__class__ in _LOOK_AT]
    return True


def _encode(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, float):
        text = double(value)
        return text if text[-1].isdigit() else f'"{text}"'
    if isinstance(value, dict):
        return (
            "{"
            + ",".join([f"{json.dumps(show(k), ensure_ascii=False)}:{_encode(v)}" for k, v in value.items()])
            + "}"
        )
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ",".join([_encode(item) for item in value]) + "]"
    return json.dumps(show(value), ensure_ascii=False)


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text; integers of any size keep their digits. Raises ValueError."""
    value = orjson.loads(text)
    return _parse_exactly(text) if _has_large_float(value) else value


def _has_large_float(value: Any) -> bool:
    """Whether there is a float of 1e18 or more: orjson makes floats of integers beyond 64 bits."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if one.__class__ is float:
            if abs(one) >= 1e18:
                return True
            continue
        inside = one.values() if one.__class__ is dict else one if one.__class__ is list else ()
        waiting += [part for part in inside if part.__class__ in _LOOK_AT]
    return False


def _parse_exactly(text: str | bytes) -> Any:
    return json.loads(text)
