"""Reading values whose form nobody guarantees: project files were written by every Amplify CLI since 2018, and by
hand.
"""

import json
from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """An object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """A list; a single value is a list of one, nothing is an empty one."""
    if isinstance(value, list):
        return value
    return [] if value in (None, "", {}) else [value]


def texts(value: Any) -> list[str]:
    """A list of texts; ``"email, phone_number"`` are two of them."""
    found = (part.strip() for each in items(value) if isinstance(each, str) for part in each.split(","))
    return [part for part in found if part]


def text(value: Any, default: str = "") -> str:
    """A text; numbers are written out, anything else is ``default``."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return default
    return str(value) or default


def number(value: Any, default: int) -> int:
    """A whole number, also one in quotes."""
    try:
        return default if isinstance(value, bool) else int(value)
    except (TypeError, ValueError, OverflowError):
        return default


def flag(value: Any, default: bool = False) -> bool:
    """A truth value, also one in quotes."""
    if isinstance(value, str):
        return value.strip().lower() == "true"
    return value if isinstance(value, bool) else default


def embedded(value: Any) -> Any:
    """Amplify keeps some values as JSON in a text; None if it is not JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        return None
