"""``$util.map``.

https://docs.aws.amazon.com/appsync/latest/devguide/map-helpers-in-utils-map.html
"""

from collections.abc import Callable
from typing import Any


def copy_and_retain_all_keys(value: dict[str, Any], keys: Any) -> dict[str, Any]:
    """A shallow copy with these keys only."""
    kept = {*keys}
    return {key: item for key, item in value.items() if key in kept}


def copy_and_remove_all_keys(value: dict[str, Any], keys: Any) -> dict[str, Any]:
    """A shallow copy without these keys."""
    gone = {*keys}
    return {key: item for key, item in value.items() if key not in gone}


PURE: dict[str, Callable[..., Any]] = {
    "copyAndRetainAllKeys": copy_and_retain_all_keys,
    "copyAndRemoveAllKeys": copy_and_remove_all_keys,
}
