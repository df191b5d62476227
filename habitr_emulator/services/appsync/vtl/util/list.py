"""``$util.list``.

https://docs.aws.amazon.com/appsync/latest/devguide/list-helpers-in-utils-list.html
"""

from collections.abc import Callable, Iterable
from typing import Any

MAX_SORTED = 1000


def _holds(values: Iterable[Any]) -> Callable[[Any], bool]:
    held = [*values]
    try:
        quick = frozenset((type(value), value) for value in held)
    except TypeError:
        return lambda value: value in held
    return lambda value: (
        (type(value), value) in quick
        if not isinstance(value, dict | set) and type(value) is not type(held)
        else value in held
    )


def copy_and_retain_all(values: Any, kept: Any) -> Any:
    """What of ``values`` is in ``kept``, in order."""
    holds = _holds(kept)
    return [value for value in values if holds(value)]


def copy_and_remove_all(values: Any, gone: Any) -> Any:
    """What of ``values`` is not in ``gone``, in order."""
    holds = _holds(gone)
    return [value for value in values if not holds(value)]


def sort_list(values: Any, descending: bool, field: str) -> Any:
    """Objects sorted by a field, or scalars (``field`` is then any text); at most 1000, of one kind.

    Raises ValueError for more, or for values that have no order among them.
    """
    if len(values) > MAX_SORTED:
        raise ValueError(f"sortList sorts at most {MAX_SORTED} objects")
    try:
        return sorted(values, key=lambda value: _key(value, field), reverse=descending)
    except TypeError as error:
        raise ValueError("sortList needs values of one kind") from error


def _key(value: Any, field: str) -> tuple[bool, Any]:
    found = value.get(field) if isinstance(value, dict) else value
    return (found is not None, "" if found is None else found) if found is not None else (False, 0)


PURE: dict[str, Callable[..., Any]] = {
    "copyAndRetainAll": copy_and_retain_all,
    "copyAndRemoveAll": copy_and_remove_all,
    "sortList": sort_list,
}
