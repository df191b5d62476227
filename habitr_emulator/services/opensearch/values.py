"""What OpenSearch's dynamic mapping makes of a JSON value: keywords, dates, numbers, booleans, text.

https://opensearch.org/docs/latest/field-types/
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

KEYWORD = ".keyword"
#: Longer strings are not in the keyword field (``ignore_above`` of the dynamic mapping).
_LONGEST_KEYWORD = 256
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?Z?\Z")
_WORD = re.compile(r"\w+")

Source = Mapping[str, Any]


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def raw(source: Source, field: str) -> list[Any]:
    """The values of a field, without nulls; ``field`` may name the keyword field."""
    name = field.removesuffix(KEYWORD)
    value: Any = source
    for part in name.split(".") if name not in source else (name,):
        value = value.get(part) if isinstance(value, Mapping) else None
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if item is not None]


def values(source: Source, field: str) -> list[Any]:
    """The values by which a field is compared and sorted: dates as milliseconds, everything else as it is."""
    found = raw(source, field)
    if field.endswith(KEYWORD):
        return [item for item in found if isinstance(item, str) and len(item) <= _LONGEST_KEYWORD]
    return [comparable(item) for item in found]


def comparable(value: Any) -> Any:
    """A date's milliseconds since 1970, or the value."""
    if not isinstance(value, str) or not _DATE.match(value):
        return value
    try:
        moment = datetime.fromisoformat(value.removesuffix("Z") if len(value) == 11 else value)
    except ValueError:
        return value
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def like(value: Any, sample: Any) -> Any:
    """``value`` in the type of ``sample``, so that ``"5"`` finds the number 5; None if it cannot be."""
    value = comparable(value)
    if isinstance(sample, bool) or isinstance(value, bool):
        text = str(value).lower()
        return text == "true" if text in ("true", "false") and isinstance(sample, bool) else None
    if isinstance(sample, int | float):
        try:
            return float(value)
        except (TypeError, ValueError):
            return None
    return str(value)
