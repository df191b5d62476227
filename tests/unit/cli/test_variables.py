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


def test_every_format_exports_every_name_that_clients_are_promised() -> None:
    more = {**CONFIG, "web_client_id": "w", "hosted_ui_domain": "d", "project": "x", "tables": {}, "version": "1"}
    exported = variables(more, Path("/ca.pem"))
    assert (exported["HABITR_WEB_CLIENT_ID"], exported["HABITR_HOSTED_UI_DOMAIN"]) == ("w", "d")
    assert not {"HABITR_PROJECT", "HABITR_TABLES", "HABITR_VERSION", "HABITR_CA_PEM"} & set(exported)
    assert variables({**more, "ca_file": "/ca.pem"}) == exported


def test_nobody_there_is_none() -> None:
    assert fetch("file:///etc/passwd") is None
    assert fetch("http://127.0.0.1:1") is None
