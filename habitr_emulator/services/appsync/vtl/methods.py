"""The methods and properties of Java's lists, maps, numbers and booleans that templates call."""

from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.vtl import strings
from habitr_emulator.services.appsync.vtl.printing import MAX_NODES, LimitExceeded, show
from habitr_emulator.services.appsync.vtl.values import ContextMap, Entry, Loop

Methods = dict[str, Callable[..., Any]]


def _get(items: list[Any], index: int) -> Any:
    if index < 0:
        raise IndexError(f"index {index}, size {len(items)}")
    return items[index]


def _add(items: list[Any], *arguments: Any) -> bool | None:
    """``add(value)`` and ``add(index, value)``."""
    if len(items) >= MAX_NODES:
        raise LimitExceeded(f"a list of more than {MAX_NODES} items")
    if len(arguments) == 1:
        items.append(arguments[0])
        return True
    index, value = arguments
    if not 0 <= index <= len(items):
        raise IndexError(f"index {index}, size {len(items)}")
    items.insert(index, value)
    return None


def _add_all(items: list[Any], more: list[Any]) -> bool:
    if len(items) + len(more) > MAX_NODES:
        raise LimitExceeded(f"a list of more than {MAX_NODES} items")
    items.extend(more)
    return bool(more)


def _remove(items: list[Any], which: Any) -> Any:
    """``remove(index)`` gives the item, ``remove(value)`` whether it was there."""
    if isinstance(which, int) and not isinstance(which, bool):
        _get(items, which)
        return items.pop(which)
    if which not in items:
        return False
    items.remove(which)
    return True


def _keep(items: list[Any], keep: Callable[[Any], bool]) -> bool:
    kept = [value for value in items if keep(value)]
    changed = len(kept) != len(items)
    items[:] = kept
    return changed


def _set(items: list[Any], index: int, value: Any) -> Any:
    old = _get(items, index)
    items[index] = value
    return old


def _last_index(items: list[Any], value: Any) -> int:
    return next((at for at in range(len(items) - 1, -1, -1) if items[at] == value), -1)


def _sub_list(items: list[Any], start: int, end: int) -> list[Any]:
    if not 0 <= start <= end <= len(items):
        raise IndexError(f"from {start}, to {end}, size {len(items)}")
    return items[start:end]


def _put(owner: dict[Any, Any], key: Any, value: Any) -> Any:
    old = owner.get(key)
    owner[key] = value
    return old


def _put_if_absent(owner: dict[Any, Any], key: Any, value: Any) -> Any:
    old = owner.get(key)
    if old is None:
        owner[key] = value
    return old


def _put_all(owner: dict[Any, Any], more: dict[Any, Any]) -> None:
    for key, value in more.items():
        owner[key] = value


def _or_default(owner: dict[Any, Any], key: Any, default: Any) -> Any:
    return owner.get(key, default)


def _next(loop: Loop) -> bool:
    return loop.index + 1 < loop.size


def _entry_value(entry: Entry) -> Any:
    return entry.map.get(entry.key)


def _parse_int(_: Any, text: str) -> int:
    return int(text.strip()) if text.strip().lstrip("+-").isdigit() else _not_a_number(text)


def _parse_double(_: Any, text: str) -> float:
    return float(text)


def _not_a_number(text: str) -> int:
    raise ValueError(f'For input string: "{text}"')


def _compare(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


_LIST: Methods = {
    "size": len,
    "isEmpty": lambda items: not items,
    "get": _get,
    "add": _add,
    "addAll": _add_all,
    "remove": _remove,
    "contains": lambda items, value: value in items,
    "containsAll": lambda items, values: all(value in items for value in values),
    "indexOf": lambda items, value: items.index(value) if value in items else -1,
    "lastIndexOf": _last_index,
    "subList": _sub_list,
    "set": _set,
    "clear": lambda items: items.clear(),
    "removeAll": lambda items, gone: _keep(items, lambda value: value not in gone),
    "retainAll": lambda items, kept: _keep(items, lambda value: value in kept),
    "iterator": list,
    "toArray": list,
    "toString": show,
    "equals": lambda items, other: items == other,
}
_MAP: Methods = {
    "size": len,
    "isEmpty": lambda owner: not owner,
    "get": lambda owner, key: owner.get(key),
    "put": _put,
    "putAll": _put_all,
    "putIfAbsent": _put_if_absent,
    "containsKey": lambda owner, key: key in owner,
    "containsValue": lambda owner, value: value in owner.values(),
    "keySet": list,
    "values": lambda owner: list(owner.values()),
    "entrySet": lambda owner: [Entry(key, owner) for key in owner],
    "remove": lambda owner, key: owner.pop(key, None),
    "getOrDefault": _or_default,
    "clear": lambda owner: owner.clear(),
    "toString": show,
    "equals": lambda owner, other: owner == other,
}
_NUMBER: Methods = {
    "intValue": int,
    "longValue": int,
    "doubleValue": float,
    "floatValue": float,
    "toString": lambda number, *other: show(other[0] if other else number),
    "compareTo": _compare,
    "equals": lambda number, other: type(number) is type(other) and number == other,
    "parseInt": _parse_int,
    "parseLong": _parse_int,
    "parseDouble": _parse_double,
    "parseFloat": _parse_double,
    "valueOf": lambda number, text: _parse_int(number, text) if isinstance(number, int) else float(text),
    "hashCode": hash,
}
_BOOLEAN: Methods = {
    "toString": show,
    "booleanValue": bool,
    "equals": lambda value, other: value is other,
    "parseBoolean": lambda _, text: text.lower() == "true",
}
_LOOP: Methods = {
    "hasNext": _next,
    "getIndex": lambda loop: loop.index,
    "getCount": lambda loop: loop.index + 1,
    "isFirst": lambda loop: loop.index == 0,
    "isLast": lambda loop: not _next(loop),
}
_ENTRY: Methods = {"getKey": lambda entry: entry.key, "getValue": _entry_value, "toString": str}

METHODS: dict[type, Methods] = {
    str: strings.METHODS,
    list: _LIST,
    dict: _MAP,
    ContextMap: _MAP,
    int: _NUMBER,
    float: _NUMBER,
    bool: _BOOLEAN,
    Loop: _LOOP,
    Entry: _ENTRY,
}
_EMPTY: Methods = {"empty": lambda value: not value}

#: Bean properties: ``$list.empty`` calls ``isEmpty``.
PROPERTIES: dict[type, Methods] = {
    str: {**_EMPTY, "blank": lambda text: not text.strip()},
    list: _EMPTY,
    int: {},
    float: {},
    bool: {},
    Loop: {
        "index": lambda loop: loop.index,
        "count": lambda loop: loop.index + 1,
        "hasNext": _next,
        "first": lambda loop: loop.index == 0,
        "last": lambda loop: not _next(loop),
        "parent": lambda loop: loop.parent,
    },
    Entry: {"key": lambda entry: entry.key, "value": _entry_value},
}
