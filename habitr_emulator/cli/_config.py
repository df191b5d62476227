"""The configuration of a running emulator."""

import json
from typing import Any

from habitr_emulator.amplify.variables import variables

__all__ = ["DEFAULT_ENDPOINT", "fetch", "variables"]

DEFAULT_ENDPOINT = "http://localhost:4566"


def fetch(endpoint: str) -> dict[str, Any] | None:
    """The configuration of a running emulator, or None."""
    if not endpoint.startswith(("http://", "https://")):
        return None
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(f"{endpoint}/_habitr/config", timeout=5) as answer:  # noqa: S310 - checked above
            config: dict[str, Any] = json.load(answer)
            return config
    except (urllib.error.URLError, OSError, ValueError):
        return None
