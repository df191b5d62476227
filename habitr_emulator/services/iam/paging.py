"""IAM's lists come in pages: MaxItems, Marker, IsTruncated."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from habitr_emulator.services.iam.errors import InvalidInput

DEFAULT_ITEMS = 100


def page(member: str, items: Sequence[Any], request: dict[str, Any]) -> dict[str, Any]:
    """The page of ``items`` that ``request`` asks for, under the name ``member``; raises InvalidInput.

    The marker is the number of items already seen.
    """
    start, size = _start(request.get("Marker")), request.get("MaxItems", DEFAULT_ITEMS)
    shown: dict[str, Any] = {member: list(items[start : start + size]), "IsTruncated": start + size < len(items)}
    if shown["IsTruncated"]:
        shown["Marker"] = base64.urlsafe_b64encode(str(start + size).encode()).decode()
    return shown


def _start(marker: str | None) -> int:
    if marker is None:
        return 0
    try:
        return max(0, int(base64.urlsafe_b64decode(marker.encode())))
    except (binascii.Error, ValueError):
        raise InvalidInput(f"Invalid Marker: {marker}") from None
