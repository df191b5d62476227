"""Credentials of an identity pool at work: S3, STS, upload forms, GraphQL and its WebSocket, all signed."""

import asyncio
import base64
import http.client
import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.journeys.conftest import ROOT, Running, missing, start, stop
from tests.journeys.people import Person, boto_keys, fetch, person

NOTE = """
type Note @model @auth(rules: [
  { allow: private, provider: iam }
  { allow: public, provider: iam, operations: [read] }
]) {
  id: ID!
  text: String
}
"""
SIGN_IN_NODE = """
import { SignatureV4 } from "@smithy/signature-v4";
import crypto from "@aws-crypto/sha256-js";
const url = new URL(process.env.URL), keys = JSON.parse(process.env.KEYS);
const signer = new SignatureV4({ service: "s3", region: "us-east-1", sha256: crypto.Sha256, uriEscapePath: false,
  credentials: { accessKeyId: keys.aws_access_key_id, secretAccessKey: keys.aws_secret_access_key,
    sessionToken: keys.aws_session_token } });
async function send(method, pathname, body) {
  const request = { method, protocol: url.protocol, hostname: url.hostname, path: pathname, query: {},
    headers: { host: url.host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }, body };
  const { headers } = await signer.sign(request);
  return fetch(url.origin + pathname, { method, headers, body });
}
const put = await send("PUT", url.pathname, "node was here");
const got = await send("GET", url.pathname);
const elsewhere = await send("GET", url.pathname.replace("private/us-east-1%3A", "private/us-east-1%3A0"));
console.log(put.status, got.status, await got.text(), elsewhere.status);
"""
CREATE = 'mutation { createNote(input: { text: "hello" }) { id text } }'
LIST = "{ listNotes { items { id text } } }"
PATIENCE = 10


@pytest.fixture(scope="module")
def ann(emulator: Running) -> dict[str, Any]:
    return person(emulator, "ann").credentials()


@pytest.fixture(scope="module")
def ben(emulator: Running) -> dict[str, Any]:
    return person(emulator, "ben").credentials()


def keys(credentials: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in credentials.items() if name.startswith("aws_")}


def refused(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    """Error code and the reason that the emulator gives."""
    with pytest.raises(ClientError) as caught:
        call(**request)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPHeaders"].get("x-habitr-why", "")


def test_each_user_has_a_folder_of_its_own(emulator: Running, ann: dict[str, Any], ben: dict[str, Any]) -> None:
    bucket = emulator.config["bucket"]
    mine, theirs = (emulator.client("s3", **keys(each)) for each in (ann, ben))
    key = f"private/{ann['identity_id']}/diary"
    mine.put_object(Bucket=bucket, Key=key, Body=b"dear diary")
    assert mine.get_object(Bucket=bucket, Key=key)["Body"].read() == b"dear diary"
    code, why = refused(theirs.get_object, Bucket=bucket, Key=key)
    assert code == "AccessDenied"
    assert why.startswith(
        f"no policy allows it: s3:GetObject on arn:aws:s3:::{bucket}/{key}, asked by arn:aws:sts::"
    )
    code, why = refused(theirs.list_objects_v2, Bucket=bucket, Prefix=f"private/{ann['identity_id']}/")
    assert code == "AccessDenied"
    assert "condition does not hold: stringlike on s3:prefix, which is private/" in why


def test_sts_says_who_signed(emulator: Running, ann: dict[str, Any]) -> None:
    answer = emulator.client("sts", **keys(ann)).get_caller_identity()
    assert answer["Arn"].endswith("/CognitoIdentityCredentials")
    assert answer["UserId"].startswith("AROA")


def test_a_guest_has_no_rights_here(emulator: Running) -> None:
    """Habitr's pool has no guests; an administrator's pool of its own may."""
    api, sts = emulator.client("cognito-identity"), emulator.client("iam")
    pool = api.create_identity_pool(
        IdentityPoolName="guests", AllowUnauthenticatedIdentities=True, AllowClassicFlow=False
    )["IdentityPoolId"]
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": pool}},
            }
        ],
    }
    role = sts.create_role(RoleName="journey-guests", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    sts.attach_role_policy(RoleName="journey-guests", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    api.set_identity_pool_roles(IdentityPoolId=pool, Roles={"unauthenticated": role})
    identity = api.get_id(IdentityPoolId=pool)["IdentityId"]
    found = api.get_credentials_for_identity(IdentityId=identity)["Credentials"]
    guest = boto_keys(found)
    emulator.client("s3", **guest).list_buckets()
    code, why = refused(emulator.client("iam", **guest).list_users)
    assert code == "AccessDenied"
    assert "no session policy allows it: iam:ListUsers" in why


def test_an_iam_user_may_what_its_group_may(emulator: Running) -> None:
    iam = emulator.client("iam")
    iam.create_group(GroupName="readers")
    iam.attach_group_policy(GroupName="readers", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    iam.create_user(UserName="reader")
    iam.add_user_to_group(GroupName="readers", UserName="reader")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    own = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    session = emulator.client("sts", **own).get_session_token(DurationSeconds=900)["Credentials"]
    temporary = {
        "aws_access_key_id": session["AccessKeyId"],
        "aws_secret_access_key": session["SecretAccessKey"],
        "aws_session_token": session["SessionToken"],
    }
    for each in (own, temporary):
        s3 = emulator.client("s3", **each)
        s3.list_objects_v2(Bucket=emulator.config["bucket"])
        assert refused(s3.put_object, Bucket=emulator.config["bucket"], Key="x", Body=b"")[0] == "AccessDenied"
    iam.remove_user_from_group(GroupName="readers", UserName="reader")
    code, _ = refused(emulator.client("s3", **temporary).list_objects_v2, Bucket=emulator.config["bucket"])
    assert code == "AccessDenied"
    decided = iam.simulate_principal_policy(
        PolicySourceArn=iam.get_group(GroupName="readers")["Group"]["Arn"],
        ActionNames=["s3:GetObject", "s3:PutObject"],
    )["EvaluationResults"]
    assert [(each["EvalDecision"], len(each["MatchedStatements"])) for each in decided] == [
        ("allowed", 1),
        ("implicitDeny", 0),
    ]


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_browser_uploads_by_a_form(emulator: Running, ann: dict[str, Any], version: str) -> None:
    bucket, folder = emulator.config["bucket"], f"protected/{ann['identity_id']}/"
    s3 = emulator.client("s3", **keys(ann), config=Config(signature_version=version))
    form = s3.generate_presigned_post(
        bucket,
        folder + "${filename}",
        Fields={"success_action_status": "201"},
        Conditions=[{"success_action_status": "201"}, ["content-length-range", 1, 100]],
    )
    status, body = send_form(emulator, form, b"a picture")
    assert status == 201
    assert f"<Key>{folder}me.jpg</Key>".encode() in body
    assert s3.get_object(Bucket=bucket, Key=folder + "me.jpg")["Body"].read() == b"a picture"
    assert b"<Code>EntityTooLarge</Code>" in send_form(emulator, form, b"x" * 101)[1]
    assert b"Policy Condition failed" in send_form(emulator, form, b"x", key="public/x")[1]
    changed = form["fields"]["policy"][:-4] + "AAAA"
    assert b"<Code>SignatureDoesNotMatch</Code>" in send_form(emulator, form, b"x", policy=changed)[1]


def test_a_form_is_bound_by_its_signers_policies(
    emulator: Running, ann: dict[str, Any], ben: dict[str, Any]
) -> None:
    bucket, s3 = emulator.config["bucket"], emulator.client("s3", **keys(ben))
    form = s3.generate_presigned_post(bucket, f"protected/{ann['identity_id']}/x")
    status, body = send_form(emulator, form, b"mine now")
    assert (status, b"<Code>AccessDenied</Code>" in body) == (403, True)


def send_form(emulator: Running, form: dict[str, Any], file: bytes, **changed: str) -> tuple[int, bytes]:
    fields = form["fields"] | changed
    lines = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields]
    head = "".join(lines) + '--b\r\nContent-Disposition: form-data; name="file"; filename="me.jpg"\r\n\r\n'
    path = urlsplit(form["url"]).path
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(emulator.endpoint).port, timeout=PATIENCE)
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    connection.request("POST", path, head.encode() + file + b"\r\n--b--\r\n", headers)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


# --- a GraphQL API that takes signatures ---


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Habitr with AWS_IAM as one more auth mode and a model for signed callers."""
    folder = tmp_path_factory.mktemp("signing")
    project = folder / "habitr"
    shutil.copytree(ROOT / "fixtures" / "habitr", project)
    api = project / "amplify" / "backend" / "api" / "habitr"
    described = json.loads((api / "cli-inputs.json").read_text())
    described["serviceConfiguration"]["additionalAuthTypes"].append({"mode": "AWS_IAM"})
    (api / "cli-inputs.json").write_text(json.dumps(described))
    schema = api / "schema.graphql"
    schema.write_text(schema.read_text() + NOTE)
    running = start(folder, "--memory", "--port", "0", "--project", str(project))
    yield running
    assert stop(running) == 0


def signed(running: Running, credentials: dict[str, Any], path: str, body: str) -> dict[str, str]:
    """The headers of a POST that botocore has signed for AppSync."""
    headers = {
        "accept": "application/json, text/javascript",
        "content-encoding": "amz-1.0",
        "content-type": "application/json; charset=UTF-8",
        "host": urlsplit(running.endpoint).netloc,
    }
    request = AWSRequest("POST", running.endpoint + path, headers, body.encode())
    used = Credentials(
        credentials["aws_access_key_id"],
        credentials["aws_secret_access_key"],
        credentials.get("aws_session_token"),
    )
    SigV4Auth(used, "appsync", running.config["region"]).add_auth(request)
    return dict(request.headers.items())


def ask(running: Running, credentials: dict[str, Any], query: str) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"query": query})
    headers = signed(running, credentials, "/graphql", body)
    return fetch(urllib.request.Request(running.endpoint + "/graphql", body.encode(), headers))


@pytest.fixture(scope="module")
def signer(signing: Running) -> Person:
    return person(signing, "signer")


def test_graphql_takes_a_signature(signing: Running, signer: Person) -> None:
    own = signer.credentials()
    status, answer = ask(signing, own, CREATE)
    assert (status, answer.get("errors")) == (200, None)
    note = answer["data"]["createNote"]
    assert note in ask(signing, own, LIST)[1]["data"]["listNotes"]["items"]


@pytest.mark.parametrize(
    ("changed", "status", "kind"),
    [
        ({"aws_secret_access_key": "wrong"}, 403, "InvalidSignatureException"),
        ({"aws_access_key_id": "ASIAAAAAAAAAAAAAAAAA"}, 403, "UnrecognizedClientException"),
        ({"aws_session_token": "x"}, 403, "UnrecognizedClientException"),
    ],
)
def test_graphql_refuses_a_wrong_signature(
    signing: Running, signer: Person, changed: dict[str, str], status: int, kind: str
) -> None:
    given, answer = ask(signing, signer.credentials() | changed, LIST)
    assert (given, answer["errors"][0]["errorType"]) == (status, kind)


def test_what_no_policy_of_the_role_allows_is_refused(signing: Running, signer: Person) -> None:
    """A signed member may use Note, and nothing of the models that are for tokens and keys."""
    status, answer = ask(signing, signer.credentials(), "{ listHabits { items { id } } }")
    assert (status, answer["errors"][0]["errorType"]) == (403, "AccessDeniedException")


async def connect(session: aiohttp.ClientSession, running: Running, blob: dict[str, str]) -> Any:
    encoded = quote(base64.b64encode(json.dumps(blob).encode()).decode(), safe="")
    url = f"ws{running.endpoint.removeprefix('http')}/graphql/realtime?header={encoded}&payload=e30="
    return await session.ws_connect(url, protocols=("graphql-ws",))


async def said(socket: Any) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        while True:
            frame: dict[str, Any] = await socket.receive_json()
            if frame["type"] != "ka":
                return frame


async def subscribed(socket: Any, running: Running, credentials: dict[str, Any], query: str) -> dict[str, Any]:
    data = json.dumps({"query": query, "variables": {}})
    extensions = {"authorization": signed(running, credentials, "/graphql", data)}
    begin = {"id": "1", "type": "start", "payload": {"data": data, "extensions": extensions}}
    await socket.send_json(begin)
    return await said(socket)


async def test_a_websocket_is_signed_too(signing: Running, signer: Person) -> None:
    own = await asyncio.to_thread(signer.credentials)
    async with aiohttp.ClientSession() as session:
        socket = await connect(session, signing, signed(signing, own, "/graphql/connect", "{}"))
        await socket.send_json({"type": "connection_init"})
        assert (await said(socket))["type"] == "connection_ack"
        answer = await subscribed(socket, signing, own, "subscription { onCreateNote { id text } }")
        assert answer["type"] == "start_ack", answer
        note = (await asyncio.to_thread(ask, signing, own, CREATE))[1]["data"]["createNote"]
        assert (await said(socket))["payload"]["data"] == {"onCreateNote": note}
        wrong = own | {"aws_secret_access_key": "wrong"}
        assert (await subscribed(socket, signing, wrong, "subscription { onCreateNote { id } }"))[
            "type"
        ] == "error"
        await socket.close()


@pytest.mark.parametrize("change", ["secret", "body", "path"])
async def test_a_websocket_with_a_wrong_signature_stays_closed(
    signing: Running, signer: Person, change: str
) -> None:
    own = await asyncio.to_thread(signer.credentials)
    if change == "secret":
        own |= {"aws_secret_access_key": "wrong"}
    path, body = ("/graphql" if change == "path" else "/graphql/connect"), ("{ }" if change == "body" else "{}")
    async with aiohttp.ClientSession() as session:
        socket = await connect(session, signing, signed(signing, own, path, body))
        await socket.send_json({"type": "connection_init"})
        frame = await said(socket)
        assert frame["type"] == "connection_error", frame
        await socket.close()


def test_node_uses_the_same_credentials(emulator: Running, node: Path, ann: dict[str, Any]) -> None:
    """The signer of the AWS SDK for JavaScript, by itself, and node's fetch."""
    if not (node / "node_modules" / "@smithy" / "signature-v4").is_dir():
        missing("@smithy/signature-v4")
    url = f"{emulator.endpoint}/{emulator.config['bucket']}/private/{quote(ann['identity_id'])}/from-node"
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", SIGN_IN_NODE],
        cwd=node,
        env={**os.environ, "URL": url, "KEYS": json.dumps(keys(ann))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout == "200 200 node was here 403\n", done.stdout + done.stderr
