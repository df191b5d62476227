"""What a client has to know of a running backend: ``status -o json`` and ``GET /_habitr/config``."""

from collections.abc import Mapping
from typing import Any

from habitr_emulator import __version__
from habitr_emulator.amplify.backend import Backend

_KEYS = (
    "user_pool_id",
    "app_client_id",
    "web_client_id",
    "script_client_id",
    "short_lived_client_id",
    "identity_pool_id",
    "graphql_api_id",
    "graphql_api_key",
    "bucket",
    "rest_api_name",
    "function_name",
    "pinpoint_app_id",
    "hosted_ui_domain",
)


def client_config(backend: Backend, endpoint: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """Every name that clients are promised. ``endpoint`` is the emulator's own URL, ``keys`` are administrator
    keys (access key id -> secret), the first of which is told. The gateway adds ``ca_pem``.
    """
    found: dict[str, Any] = {
        "endpoint": endpoint,
        "region": backend.region,
        "project": backend.name,
        "version": __version__,
        "tables": dict(backend.table_names),
    }
    if backend.api_sources:
        found["graphql_url"] = f"{endpoint}/graphql"
    if "rest_stage" in backend.config:
        found["rest_url"] = f"{endpoint}/{backend.config['rest_stage']}"
    found |= {key: backend.config[key] for key in _KEYS if key in backend.config}
    for access_key_id, secret in keys.items():
        found |= {"access_key_id": access_key_id, "secret_access_key": secret}
        break
    return found
