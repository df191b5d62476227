"""Whatever arrives, the answer is the service's own, below 500, shows no stack trace, and nothing stops."""

import http.client
import json
import select
import socket
import ssl
import struct
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.journeys.conftest import Running
from tests.journeys.people import CREATE_HABIT, api_key, graphql

PATIENCE = 15
COGNITO = "AWSCognitoIdentityProviderService"
TRACES = ("Traceback", 'File "', "habitr_emulator/", "orjson", "sqlite", "KeyError", "TypeError")
Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture(autouse=True)
def alive(emulator: Running) -> Iterator[None]:
    """After each test the emulator still answers, and does its work."""
    yield
    assert emulator.get("/_habitr/health")["status"] == "running"
    _, made = graphql(emulator, CREATE_HABIT, {"tagline": "alive", "category": "Productivity"}, api_key(emulator))
    assert made["data"]["createHabit"]["id"]


def port_of(emulator: Running) -> int:
    return urlsplit(emulator.endpoint).port or 0


def ask(
    emulator: Running, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> Answer:
    """One request on a connection of its own; headers in lower case."""
    connection = http.client.HTTPConnection("127.0.0.1", port_of(emulator), timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def raw(emulator: Running, sent: bytes) -> bytes:
    """What comes back for bytes, until the emulator closes or has nothing more to say."""
    said = b""
    with socket.create_connection(("127.0.0.1", port_of(emulator)), timeout=PATIENCE) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                said += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
    return said


def signed(emulator: Running, service: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
    keys = Credentials(emulator.config["access_key_id"], emulator.config["secret_access_key"])
    request = AWSRequest("POST", emulator.endpoint + "/", data=body, headers=headers)
    SigV4Auth(keys, service, emulator.config["region"]).add_auth(request)
    return {**dict(request.headers), "Host": urlsplit(emulator.endpoint).netloc}


def clean(answer: Answer) -> Answer:
    status, _, body = answer
    assert status < 500 or status == 501, body
    assert not [trace for trace in TRACES if trace.encode() in body], body
    return answer


BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe",
    b'{"a": NaN}',
    b"{}",
    b'{"ClientId": 7, "Username": [], "Password": {}}',
    b'{"ClientId": "\\ud800", "Username": "x", "Password": "y"}',
    b'{"ClientId": "' + b"x" * 100_000 + b'"}',
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b"\x00" * 100,
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize(
    "operation", ["SignUp", "InitiateAuth", "RespondToAuthChallenge", "ForgotPassword", "GetUser"]
)
def test_bodies_that_no_cognito_client_sends(emulator: Running, operation: str, body: bytes) -> None:
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"{COGNITO}.{operation}"}
    status, told, text = clean(ask(emulator, "POST", "/", body, headers))
    assert status == 400
    assert told["content-type"].startswith("application/x-amz-json-1.1")
    assert json.loads(text)["__type"]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("operation", ["PutItem", "Query", "TransactWriteItems"])
def test_bodies_that_no_dynamodb_client_sends(emulator: Running, operation: str, body: bytes) -> None:
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"DynamoDB_20120810.{operation}"}
    status, _, text = clean(ask(emulator, "POST", "/", body, signed(emulator, "dynamodb", body, headers)))
    assert status == 400
    kind = json.loads(text)["__type"]
    assert "#SerializationException" in kind or "ValidationException" in kind, kind


GRAPHQL = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"7",
    b"\xff",
    b"{}",
    b'{"query": null}',
    b'{"query": 7}',
    b'{"query": ""}',
    b'{"query": "{"}',
    b'{"query": "\\u0000"}',
    b'{"query": "{ nope }"}',
    b'{"query": "subscription { onCreateHabit { id } }"}',
    b'{"query": "{ listHabits { items { id } } }", "variables": 7}',
    b'{"query": "{ listHabits { items { id } } }", "variables": []}',
    b'{"query": "query A { listHabits { nextToken } } query B { listHabits { nextToken } }"}',
    b'{"query": "query A { listHabits { nextToken } }", "operationName": "B"}',
    b'{"query": "query($n: Int!) { listHabits(limit: $n) { nextToken } }", "variables": {"n": "x"}}',
    b'{"query": "{ listHabits(limit: -1) { nextToken } }"}',
    b'{"query": "{ listHabits(limit: 99999999999999999999) { nextToken } }"}',
    b'{"query": "{ listHabits(nextToken: \\"garbage\\") { nextToken } }"}',
    b'{"query": "{ getHabit(id: \\"\\") { id } }"}',
    b'{"query": "' + b"{ a " * 20_000 + b'"}',
    b'{"query": "{ ' + b"listHabits { nextToken } " * 5_000 + b'}"}',
    b'{"query": "fragment A on Habit { ...A } { listHabits { items { ...A } } }"}',
    b'{"query": "mutation { createHabit(input: {tagline: \\"\\\\ud800\\", category: Health}) { id } }"}',
]


@pytest.mark.parametrize("body", GRAPHQL, ids=range(len(GRAPHQL)))
def test_graphql_garbage(emulator: Running, body: bytes) -> None:
    headers = {"content-type": "application/json", **api_key(emulator)}
    status, told, text = clean(ask(emulator, "POST", "/graphql", body, headers))
    assert status in (200, 400)
    assert told["content-type"].startswith("application/json")
    answer = json.loads(text)
    assert set(answer) <= {"data", "errors"}
    assert "errors" in answer or answer["data"]


AUTHORIZATIONS = [
    "",
    " ",
    "Bearer",
    "Bearer ",
    "Bearer a.b.c",
    "a.b.c",
    "." * 10_000,
    "eyJhbGciOiJub25lIn0.e30.",
    "eyJ" * 3_000,
    "Basic dXNlcjpwYXNz",
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 Credential=",
    "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=, Signature=",
    "AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00",
    "AWS4-HMAC-SHA256 Credential=test/99999999/us-east-1/s3/aws4_request, SignedHeaders=host;x, Signature=zz",
    "AWS4-ECDSA-P256-SHA256 Credential=x",
    "AWS test:garbage",
    "AWS :",
    "\xe9\xff",
]


@pytest.mark.parametrize("authorization", AUTHORIZATIONS, ids=range(len(AUTHORIZATIONS)))
@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/graphql", {"content-type": "application/json"}),
        ("GET", "/bucket/key", {}),
        ("POST", "/", {"x-amz-target": "DynamoDB_20120810.ListTables"}),
        ("POST", "/", {"x-amz-target": f"{COGNITO}.ListUsers"}),
        ("POST", "/dev/user/exists", {}),
        ("GET", "/2015-03-31/functions/x", {}),
    ],
    ids=["graphql", "s3", "dynamodb", "cognito", "rest", "lambda"],
)
def test_garbage_in_the_authorization_header(
    emulator: Running, method: str, path: str, headers: dict[str, str], authorization: str
) -> None:
    body = b'{"query": "{ listHabits { nextToken } }"}' if method == "POST" else None
    status, _, _ = ask(emulator, method, path, body, headers | {"authorization": authorization})
    assert status < 502 or path.startswith("/dev")  # a REST function may fail as API Gateway says: 502
    assert status not in (200, 500) or path.startswith("/dev")


@pytest.mark.parametrize(
    "target", ["DynamoDB_20120810.Nope", "Nope.Nope", f"{COGNITO}.", ".", "x" * 5_000, "\xff"]
)
def test_an_unknown_target_is_the_error_of_its_service(emulator: Running, target: str) -> None:
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": target}
    status, _, body = clean(ask(emulator, "POST", "/", b"{}", headers))
    assert status in (400, 404, 501)
    assert "__type" in json.loads(body)


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole(emulator: Running, declared: bool) -> None:
    length = "Content-Length: 99999999999" if declared else "Transfer-Encoding: chunked"
    head = f"POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: {COGNITO}.SignUp\r\n{length}\r\n\r\n"
    block = b"100000\r\n" + b"x" * 1_048_576 + b"\r\n"
    with socket.create_connection(("127.0.0.1", port_of(emulator)), timeout=PATIENCE) as connection:
        connection.sendall(head.encode())
        for _ in range(30):
            if select.select([connection], [], [], 0)[0]:
                break
            connection.sendall(block)
        said = connection.recv(65_536)
    assert said.startswith(b"HTTP/1.1 413"), said[:200]
    assert b"RequestEntityTooLargeException" in said


def test_a_large_body_that_was_sent_whole_gets_its_answer(emulator: Running) -> None:
    status, _, body = clean(ask(emulator, "POST", "/graphql", b"x" * (21 * 1_048_576), api_key(emulator)))
    assert status == 413, body[:200]


BROKEN = [
    b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x00\x01\x02\x03\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: ten\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    b"GET /%zz%00%ff HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http://other.example/ HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X%d: y\r\n" % i for i in range(2_000)) + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: " + b"\xff" * 20 + b"\r\n\r\n",
    b"GET /graphql/realtime HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET /graphql/realtime?header=e30= HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: x\r\nAccess-Control-Request-Method: " + b"Q" * 9_000 + b"\r\n\r\n",
]


@pytest.mark.parametrize("sent", BROKEN, ids=range(len(BROKEN)))
def test_broken_http(emulator: Running, sent: bytes) -> None:
    said = raw(emulator, sent)
    assert said == b"" or said.startswith(b"HTTP/1.")
    if said:
        assert int(said.split()[1]) < 500 or said.split()[1] == b"501", said[:500]
    assert not [trace for trace in TRACES if trace.encode() in said], said


def test_plain_http_after_a_tls_handshake_byte(emulator: Running) -> None:
    assert raw(emulator, b"\x16\x03\x01" + b"GET / HTTP/1.1\r\n\r\n" * 20)[:1] in (b"", b"\x15")
    untrusting = ssl.create_default_context()
    connection = socket.create_connection(("127.0.0.1", port_of(emulator)), timeout=PATIENCE)
    with connection, pytest.raises(ssl.SSLError):
        untrusting.wrap_socket(connection, server_hostname="localhost")


def test_an_upload_that_breaks_off_leaves_nothing(emulator: Running) -> None:
    bucket, key = emulator.config["bucket"], "broken/off"
    url = emulator.client("s3").generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": key})
    target = url.removeprefix(emulator.endpoint)
    for linger in (None, struct.pack("ii", 1, 0)):
        with socket.create_connection(("127.0.0.1", port_of(emulator)), timeout=PATIENCE) as connection:
            if linger:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            host = urlsplit(emulator.endpoint).netloc
            connection.sendall(
                f"PUT {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000000\r\n\r\n".encode()
            )
            connection.sendall(b"x" * 70_000)
    status, _, _ = ask(emulator, "GET", f"/{bucket}/{key}")
    assert status in (403, 404)
    shown = emulator.client("s3").list_objects_v2(Bucket=bucket, Prefix=key)
    assert shown["KeyCount"] == 0


def test_a_slow_client_holds_nobody_up(emulator: Running) -> None:
    slow = [socket.create_connection(("127.0.0.1", port_of(emulator)), timeout=PATIENCE) for _ in range(100)]
    try:
        for number, connection in enumerate(slow):
            connection.sendall(
                b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"[: number or None]
            )
        _, made = graphql(emulator, CREATE_HABIT, {"tagline": "quick", "category": "Health"}, api_key(emulator))
        assert made["data"]
    finally:
        for connection in slow:
            connection.close()


def test_a_connection_survives_a_refusal(emulator: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(emulator), timeout=PATIENCE)
    connection.connect()
    first = connection.sock
    for path, body in (("/graphql", b"{"), ("/nobucket/nokey", None), ("/_habitr/nope", None), ("/ping", None)):
        connection.request("POST" if body else "GET", path, body, {"x-api-key": "wrong"})
        answer = connection.getresponse()
        answer.read()
        assert connection.sock is first
    assert answer.status == 200
    connection.close()


def test_garbage_on_every_path_and_method(emulator: Running) -> None:
    paths = [
        "/",
        "/graphql",
        "/oauth2/token",
        "/login",
        "/dev/user/exists",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/a?uploads",
        "/a/b?uploadId=x&partNumber=y",
        "/us-east-1_x/.well-known/jwks.json",
        "/restapis/x/y/_user_request_/z",
        "/v1/apps/x/events",
    ]
    for path in paths:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"):
            body = b"\xff{garbage" if method in ("POST", "PUT", "PATCH") else None
            status, _, text = ask(emulator, method, path, body)
            assert status < 500 or status == 501 or (status == 502 and path.startswith("/dev")), (
                method,
                path,
                text,
            )
            assert not [trace for trace in TRACES if trace.encode() in text], (method, path, text)
