"""Pages of the control plane's lists."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, Final

from habitr_emulator.services.appsync.errors import BadRequestException

DEFAULT_SIZE: Final = 25


def page(name: str, items: Sequence[Any], request: dict[str, Any]) -> dict[str, Any]:
    """The page of ``items`` that ``maxResults`` and ``nextToken`` ask for, as ``{name: [...], "nextToken": …}``.

    Raises BadRequestException for a token that is none.
    """
    start = _offset(request.get("nextToken"))
    size = request.get("maxResults") or DEFAULT_SIZE
    answer: dict[str, Any] = {name: list(items[start : start + size])}
    if start + size < len(items):
        answer["nextToken"] = base64.urlsafe_b64encode(str(start + size).encode()).decode()
    return answer


def _offset(token: str | None) -> int:
    if not token:
        return 0
    try:
        offset = int(base64.urlsafe_b64decode(token))
    except (binascii.Error, ValueError):
        offset = -1
    if offset < 0:
        raise BadRequestException("Invalid pagination token given.", why="nextToken is not one that a list gave")
    return offset
