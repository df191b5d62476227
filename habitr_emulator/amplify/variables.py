"""A running backend as environment variables, for programs that are started with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

_AWS: Final = {
    "AWS_ENDPOINT_URL": "endpoint",
    "AWS_ACCESS_KEY_ID": "access_key_id",
    "AWS_SECRET_ACCESS_KEY": "secret_access_key",
    "AWS_DEFAULT_REGION": "region",
    "AWS_CA_BUNDLE": "ca_file",
    "NODE_EXTRA_CA_CERTS": "ca_file",
}
#: What has a variable of AWS's or none: HABITR_PROJECT, for one, would be a setting.
_LEFT_OUT: Final = ("access_key_id", "secret_access_key", "ca_file", "ca_pem", "version", "project", "rest_stage")


def variables(config: Mapping[str, Any], ca_file: Path | None = None) -> dict[str, str]:
    """What ``exec`` and a test's ``environment`` export, and ``status -o env`` and the format ``env`` print: each
    text of the configuration that is not empty. ``ca_file`` is added to it, unless it is there.
    """
    whole = config if ca_file is None else {**config, "ca_file": str(ca_file)}
    texts = {name: value for name, value in whole.items() if isinstance(value, str) and value}
    aws = {variable: texts[name] for variable, name in _AWS.items() if name in texts}
    return aws | {f"HABITR_{name.upper()}": value for name, value in texts.items() if name not in _LEFT_OUT}
