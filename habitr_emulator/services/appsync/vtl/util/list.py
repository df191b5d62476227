"""``$util.list``.

https://docs.aws.amazon.com/appsync/latest/devguide/list-helpers-in-utils-list.html
"""

from collections.abc import Callable
from typing import Any

MAX_SORTED = 1000


def copy_and_retain_all(values: Any, kept: Any) -> Any:
    """What of ``values`` is in ``kept``, in order."""
    return [value for value in values if value in kept]


def copy_and_remove_all(values: Any, gone: Any) -> Any:
    """What of ``values`` is not in ``gone``, in order."""
    return [value for value in values if value not in gone]


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
    """Nulls first."""
    found = value.get(field) if isinstance(value, dict) else value
    return found is not None, 0 if found is None else found


PURE: dict[str, Callable[..., Any]] = {
    "copyAndRetainAll": copy_and_retain_all,
    "copyAndRemoveAll": copy_and_remove_all,
    "sortList": sort_list,
}
