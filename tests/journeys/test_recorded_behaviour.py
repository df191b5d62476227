"""Recorded requests and answers of Amplify's own generated resolvers, replayed over HTTP and WebSocket.

The records are not part of this repository; where they lie beside it, each becomes a project, is run and replayed.
"""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import ROOT, Running
from tests.journeys.people import PASSWORD

ORACLE = ROOT.parent / "shared" / "oracle"
HABITR = ROOT / "fixtures" / "habitr"
MODES = {
    "userPools": {"mode": "AMAZON_COGNITO_USER_POOLS", "cognitoUserPoolId": "authhabitr"},
    "apiKey": {"mode": "API_KEY"},
}
# Steps whose record has graphql-js's wording of a missing argument; AppSync has its own.
NOT_APPSYNC = {"auth-v1": 1}


def make_project(folder: Path, behaviour: Path) -> Path:
    """The Habitr project with the schema, modes, flags and custom resolvers of a recorded behaviour."""
    shutil.copytree(HABITR, folder)
    case = json.loads((behaviour / "case.json").read_text())
    amplify, api = folder / "amplify", folder / "amplify" / "backend" / "api" / "habitr"
    shutil.copy(behaviour / "schema.graphql", api / "schema.graphql")
    flags = json.loads((ORACLE / "flags" / f"{case['flags']}.json").read_text())
    flags["features"]["graphqltransformer"] |= case.get("overrides", {})
    (amplify / "cli.json").write_text(json.dumps(flags))
    inputs = json.loads((api / "cli-inputs.json").read_text())
    default, *others = (MODES[mode] for mode in case["modes"])
    inputs["serviceConfiguration"] |= {"defaultAuthType": default, "additionalAuthTypes": others}
    (api / "cli-inputs.json").write_text(json.dumps(inputs))
    _set_modes(amplify / "backend" / "backend-config.json", case["modes"])
    for name in ("resolvers", "pipelineFunctions", "stacks"):
        shutil.rmtree(api / name)
    if (behaviour / "resolvers.json").exists():
        (api / "stacks").mkdir()
        resolvers = json.loads((behaviour / "resolvers.json").read_text())
        (api / "stacks" / "CustomResources.json").write_text(json.dumps({"Resources": stack(resolvers)}))
    return folder


def _set_modes(path: Path, modes: list[str]) -> None:
    kinds = {
        "userPools": {
            "authenticationType": "AMAZON_COGNITO_USER_POOLS",
            "userPoolConfig": {"userPoolId": "authhabitr"},
        },
        "apiKey": {"authenticationType": "API_KEY", "apiKeyConfig": {"apiKeyExpirationDays": 365}},
    }
    config = json.loads(path.read_text())
    config["api"]["habitr"]["output"]["authConfig"] = {
        "defaultAuthentication": kinds[modes[0]],
        "additionalAuthenticationProviders": [kinds[mode] for mode in modes[1:]],
    }
    path.write_text(json.dumps(config))


def stack(resolvers: dict[str, Any]) -> dict[str, Any]:
    """Recorded pipeline resolvers as a custom stack."""
    made: dict[str, Any] = {}
    for field, resolver in resolvers.items():
        type_name, field_name = field.split(".")
        for function in resolver["functions"]:
            made[function["name"]] = {
                "Type": "AWS::AppSync::FunctionConfiguration",
                "Properties": {
                    "Name": function["name"],
                    "DataSourceName": function["dataSource"],
                    "FunctionVersion": "2018-05-29",
                    "RequestMappingTemplate": function["request"],
                    "ResponseMappingTemplate": function["response"],
                },
            }
        ids = [{"Fn::GetAtt": [function["name"], "FunctionId"]} for function in resolver["functions"]]
        made[f"{type_name}{field_name}"] = {
            "Type": "AWS::AppSync::Resolver",
            "Properties": {
                "TypeName": type_name,
                "FieldName": field_name,
                "Kind": "PIPELINE",
                "RequestMappingTemplate": resolver["request"],
                "ResponseMappingTemplate": resolver["response"],
                "PipelineConfig": {"Functions": ids},
            },
        }
    return made


def tokens(emulator: Running, personas: dict[str, Any]) -> dict[str, str]:
    """An Authorization header for each persona that has a user."""
    idp, pool = emulator.client("cognito-idp"), emulator.config["user_pool_id"]
    found = {}
    for name, persona in personas.items():
        if persona["mode"] != "userPools":
            continue
        username = persona["username"]
        email = persona.get("email", f"{username}@example.org")
        idp.admin_create_user(
            UserPoolId=pool,
            Username=username,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": email}],
        )
        idp.admin_set_user_password(UserPoolId=pool, Username=username, Password=PASSWORD, Permanent=True)
        for group in persona.get("groups", []):
            with contextlib.suppress(idp.exceptions.GroupExistsException):
                idp.create_group(UserPoolId=pool, GroupName=group)
            idp.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)
        result = idp.initiate_auth(
            ClientId=emulator.config["script_client_id"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD},
        )["AuthenticationResult"]
        found[name] = result["IdToken" if persona.get("token") == "id" else "AccessToken"]
    return found


@pytest.mark.parametrize(
    "name",
    [
        *("habitr-v2", "habitr-v2-sub", "auth-v2", "auth-v2-sub", "crud-v2", "relations-v2"),
        *("habitr-v1", "auth-v1", "crud-v1"),
    ],
)
def test_a_recorded_behaviour_replays_equal(
    name: str, start_emulator: Callable[..., Running], tmp_path: Path, node: Path
) -> None:
    behaviour = ORACLE / "behaviour" / name
    if not behaviour.is_dir():
        pytest.skip("the records do not lie beside this repository")
    project = make_project(tmp_path / "project", behaviour)
    emulator = start_emulator("--memory", "--port", "0", "--project", str(project))
    personas = json.loads((behaviour / "requests.json").read_text())["personas"]
    token_file = tmp_path / "tokens.json"
    token_file.write_text(json.dumps(tokens(emulator, personas)))
    script = tmp_path / "oracle" / "bin"
    script.mkdir(parents=True)
    shutil.copy(ORACLE / "bin" / "replay.js", script)
    (tmp_path / "oracle" / "node_modules").symlink_to(node / "node_modules")
    url = emulator.config["graphql_url"]
    done = subprocess.run(
        [
            *("node", str(script / "replay.js"), str(behaviour), "--url", url),
            *("--realtime", url.replace("http://", "ws://"), "--api-key", emulator.config["graphql_api_key"]),
            *("--tokens", str(token_file)),
        ],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    last = done.stdout.strip().rpartition("\n")[2]
    assert f", {NOT_APPSYNC.get(name, 0)} different, " in last, done.stdout + done.stderr
