"""Lists page by page: ``Marker`` and ``MaxItems``.

https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.services.lambda_.errors import InvalidParameterValueException

PAGE = 50


def page(name: str, items: Sequence[Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """The page that a request asks for; ``Marker`` is the place of its first item."""
    marker = str(request.get("Marker") or "0")
    if not marker.isdecimal():
        raise InvalidParameterValueException("Invalid marker", why=f"no page ended with this marker: {marker}")
    start = int(marker[:9])
    end = start + min(request.get("MaxItems") or PAGE, PAGE)
    answer = {name: list(items[start:end])}
    return {**answer, "NextMarker": str(end)} if end < len(items) else answer
