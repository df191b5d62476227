"""A running backend as environment variables, for programs that are started with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
