"""An emulator's configuration as environment variables and as a table."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DEFAULT_ENDPOINT = "http://localhost:4566"
_PLAIN = (
    "endpoint",
    "region",
    "user_pool_id",
    "app_client_id",
    "script_client_id",
    "identity_pool_id",
    "graphql_url",
    "graphql_api_key",
    "bucket",
    "rest_url",
    "pinpoint_app_id",
)


def variables(config: Mapping[str, Any], ca_file: Path) -> dict[str, str]:
    """What ``exec`` exports and ``status -o env`` prints."""
    aws = {
        "AWS_ENDPOINT_URL": config["endpoint"],
        "AWS_ACCESS_KEY_ID": config["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": config["secret_access_key"],
        "AWS_DEFAULT_REGION": config["region"],
        "AWS_CA_BUNDLE": str(ca_file),
        "NODE_EXTRA_CA_CERTS": str(ca_file),
    }
    return aws | {f"HABITR_{name.upper()}": str(config[name]) for name in _PLAIN if config.get(name)}


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
