"""What ``config`` writes, read by the clients that it is for."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import boto3
import pytest

from habitr_emulator.amplify.client_formats import FORMATS, TARGETS
from tests.journeys.conftest import PATIENCE, ROOT, Running
from tests.journeys.people import PASSWORD, person


def config(emulator: Running, form: str, *flags: str) -> str:
    """The output of ``habitr-emulator config``."""
    done = subprocess.run(
        [sys.executable, "-m", "habitr_emulator", "config", form, "--endpoint", emulator.endpoint, *flags],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def configured(emulator: Running, node: Path, file: Path, export: str, **variables: str) -> Any:
    """What aws-amplify does with a file and nothing else."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HABITR_", "AWS_"))}
    me = person(emulator)
    done = subprocess.run(
        ["node", "client-config.mjs", str(file), export],
        cwd=node,
        env=clean
        | {"HABITR_USER": me.username, "HABITR_PASSWORD": PASSWORD, "NODE_EXTRA_CA_CERTS": str(emulator.ca_file)}
        | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * 2,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["user"] == {"username": me.username}
    return answer


@pytest.mark.node
@pytest.mark.parametrize(("form", "name"), [("outputs", "amplify_outputs.json"), ("js", "aws-exports.mjs")])
def test_aws_amplify_signs_in_queries_and_uploads_with_the_file_and_its_production_hosts(
    emulator: Running, node: Path, tmp_path: Path, form: str, name: str
) -> None:
    config(emulator, form, "--hosts", "aws", "--write", str(tmp_path / name))
    answer = configured(emulator, node, tmp_path / name, "default", HABITR_PROXY=emulator.endpoint)
    endpoint = answer["configured"]["API"]["GraphQL"]["endpoint"]
    assert endpoint.endswith(".appsync-api.us-east-1.amazonaws.com/graphql")
    assert answer["stored"] == "kept"


@pytest.mark.node
def test_aws_amplify_needs_no_proxy_with_the_local_export(emulator: Running, node: Path, tmp_path: Path) -> None:
    file = tmp_path / "aws-exports.mjs"
    file.write_text(config(emulator, "js"))
    answer = configured(emulator, node, file, "local")
    assert answer["configured"]["Auth"]["Cognito"]["userPoolEndpoint"] == emulator.endpoint
    assert answer["identityId"].startswith("us-east-1:")


def test_boto3_takes_the_profile(emulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config"
    config(emulator, "profile", "--write", str(file))
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    session = boto3.Session(profile_name="habitr")
    assert session.client("sts").get_caller_identity()["Account"] == "000000000000"
    assert emulator.config["bucket"] in {each["Name"] for each in session.client("s3").list_buckets()["Buckets"]}
    parsed = ConfigParser()
    parsed.read(file)
    assert "CERTIFICATE" in Path(parsed["profile habitr"]["ca_bundle"]).read_text()


def test_dotenv_names_what_status_names(emulator: Running) -> None:
    lines = dict(line.split("=", 1) for line in config(emulator, "env").splitlines())
    assert lines["AWS_ENDPOINT_URL"] == lines["HABITR_ENDPOINT"] == emulator.endpoint
    for name in ("user_pool_id", "app_client_id", "graphql_url", "graphql_api_key", "bucket", "rest_url"):
        assert lines[f"HABITR_{name.upper()}"] == emulator.config[name]


@pytest.mark.parametrize("form", FORMATS)
def test_an_android_emulator_reaches_the_machine_by_its_own_address(emulator: Running, form: str) -> None:
    text = config(emulator, form, "--target", "android")
    assert emulator.endpoint.replace("localhost", "10.0.2.2") in text
    assert f"{emulator.endpoint}/" not in text


def test_flutters_configuration_has_every_category(emulator: Running) -> None:
    found = json.loads(config(emulator, "amplify", "--target", "ios"))
    pool = found["auth"]["plugins"]["awsCognitoAuthPlugin"]["CognitoUserPool"]["Default"]
    assert pool["Endpoint"] == emulator.endpoint
    assert pool["AppClientId"] == emulator.config["app_client_id"]
    apis = found["api"]["plugins"]["awsAPIPlugin"]
    assert {api["endpointType"] for api in apis.values()} == {"GraphQL", "REST"}
    assert found["storage"]["plugins"]["awsS3StoragePlugin"]["bucket"] == emulator.config["bucket"]
    dart = config(emulator, "dart", "--target", "ios")
    assert json.loads(dart.split("'''")[1]) == found
    assert emulator.config["ca_pem"] in dart


@pytest.mark.parametrize(("form", "target"), list(zip(FORMATS, TARGETS * 2, strict=False)))
def test_the_http_twin_says_the_same(emulator: Running, form: str, target: str) -> None:
    asked = f"{emulator.endpoint}/_habitr/config?format={form}&target={target}"
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        assert answer.read().decode() == config(emulator, form, "--target", target)


@pytest.mark.parametrize("query", ["format=ini", "format=js&target=fridge", "format=js&hosts=mars"])
def test_an_unknown_word_is_refused_with_the_known_ones(emulator: Running, query: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{emulator.endpoint}/_habitr/config?{query}", timeout=PATIENCE)
    with refused.value as answer:
        assert answer.status == 400
        assert "is one of" in json.load(answer)["message"]


def test_config_without_an_emulator_ends_with_1(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "habitr_emulator", "config", "js", "--endpoint", "http://127.0.0.1:9"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert "no emulator answers" in done.stderr
