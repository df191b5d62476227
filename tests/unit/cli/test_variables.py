"""The variables that exec and status give."""

from pathlib import Path

from habitr_emulator.cli._config import fetch, variables

CONFIG = {
    "endpoint": "http://localhost:1",
    "access_key_id": "k",
    "secret_access_key": "s",
    "region": "eu-west-1",
    "user_pool_id": "p",
    "bucket": "",
    "ca_pem": "x",
}


def test_variables_carry_what_the_project_has() -> None:
    assert variables(CONFIG, Path("/ca.pem")) == {
        "AWS_ENDPOINT_URL": "http://localhost:1",
        "AWS_ACCESS_KEY_ID": "k",
        "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CA_BUNDLE": "/ca.pem",
        "NODE_EXTRA_CA_CERTS": "/ca.pem",
        "HABITR_ENDPOINT": "http://localhost:1",
        "HABITR_REGION": "eu-west-1",
        "HABITR_USER_POOL_ID": "p",
    }


def test_nobody_there_is_none() -> None:
    assert fetch("file:///etc/passwd") is None
    assert fetch("http://127.0.0.1:1") is None
