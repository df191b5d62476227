"""An attacker on the outside: tokens, signatures, pages, requests and documents made to get in or to hurt."""

import base64
import hashlib
import hmac
import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.journeys import people
from tests.journeys.conftest import PATIENCE, Running

TYPENAME = '{"query": "{ listHabits { items { id } } }"}'
POLICY = "2012-10-17"


def exchange(emulator: Running, request: bytes) -> bytes:
    """What the emulator says to ``request`` until it hangs up, or falls silent."""
    port = urlsplit(emulator.endpoint).port
    said = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        while piece := connection.recv(65_536):
            said += piece
    return said


def ask(emulator: Running, method: str, target: str, body: str = "", **headers: str) -> tuple[int, str]:
    """Status and body; ``host`` may be another one than the emulator's."""
    lines = {"host": urlsplit(emulator.endpoint).netloc, "connection": "close", "content-length": str(len(body))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    said = exchange(emulator, f"{method} {target} HTTP/1.1\r\n{head}\r\n{body}".encode())
    assert said.startswith(b"HTTP/1.1 "), said[:200]
    return int(said[9:12]), said.partition(b"\r\n\r\n")[2].decode()


def status(emulator: Running, method: str, target: str, body: str = "", **headers: str) -> int:
    return ask(emulator, method, target, body, **headers)[0]


def encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=="))


def signed(
    emulator: Running, service: str, target: str, body: str, host: str = "", **headers: str
) -> dict[str, str]:
    """The headers of a POST signed with the administrator's key."""
    endpoint = f"http://{host}" if host else emulator.endpoint
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest("POST", endpoint + target, data=body.encode(), headers=named)
    auth = S3SigV4Auth if service == "s3" else SigV4Auth
    auth(Credentials("test", "test"), service, emulator.config["region"]).add_auth(request)
    return {name.lower(): str(value) for name, value in request.headers.items()}


@pytest.fixture(scope="module")
def alice(emulator: Running) -> people.Person:
    return people.sign_in(emulator, people.sign_up(emulator, "alice"))


def forgeries(token: str, jwks: dict[str, Any]) -> Iterator[str]:
    head, claims, signature = token.split(".")
    more = encoded(decoded(claims) | {"cognito:groups": ["admin"]})
    yield f"{head}.{more}.{signature}"
    for algorithm in ("none", "None", ""):
        yield f"{encoded(decoded(head) | {'alg': algorithm})}.{more}."
    for key in jwks["keys"]:
        known = encoded(decoded(head) | {"alg": "HS256"}) + f".{more}"
        for secret in (key["n"].encode(), base64.urlsafe_b64decode(key["n"] + "=="), b""):
            mac = base64.urlsafe_b64encode(hmac.digest(secret, known.encode(), hashlib.sha256)).rstrip(b"=")
            yield f"{known}.{mac.decode()}"
    for kid in ("../../../dev/null", None, ["x"], {"x": 1}):
        yield f"{encoded(decoded(head) | {'kid': kid})}.{claims}.{signature}"
    for change in ({"token_use": "id"}, {"iss": 1}, {"exp": "never"}, {"exp": 9e15}):
        yield f"{head}.{encoded(decoded(claims) | change)}.{signature}"
    yield from (f"{token}=", f"{head}.{encoded([1])}.{signature}", "..", "a" * 60_000)


def test_no_forged_token_is_taken(emulator: Running, alice: people.Person) -> None:
    assert status(emulator, "POST", "/graphql", TYPENAME, authorization=alice.access) == 200
    jwks = emulator.get(f"/{emulator.config['user_pool_id']}/.well-known/jwks.json")
    for forged in forgeries(alice.access, jwks):
        assert status(emulator, "POST", "/graphql", TYPENAME, authorization=forged) == 401, forged


def test_no_other_key_and_no_strange_credential_is_taken(emulator: Running) -> None:
    key = emulator.config["graphql_api_key"]
    for other in (key.upper(), key[:-1], key + "0", "ÿ\udcff".encode(errors="replace").decode(), "*"):
        assert status(emulator, "POST", "/graphql", TYPENAME, x_api_key=other) == 401, other


@pytest.mark.parametrize("use", ["id", "refresh"])
def test_only_an_access_token_changes_its_user(emulator: Running, alice: people.Person, use: str) -> None:
    with pytest.raises(ClientError, match="Invalid Access Token"):
        emulator.client("cognito-idp").get_user(AccessToken=getattr(alice, use))


def test_signed_operations_have_no_back_door_by_their_name(emulator: Running) -> None:
    body = json.dumps({"UserPoolId": emulator.config["user_pool_id"]})
    service = "AWSCognitoIdentityProviderService"
    for target in (
        f"{service}.ListUsers",
        f"{service}.listUsers",
        f" {service}.ListUsers\t",
        f"{service}.SignUp.ListUsers",
    ):
        code, said = ask(
            emulator, "POST", "/", body, x_amz_target=target, content_type="application/x-amz-json-1.1"
        )
        assert code in (400, 501)
        assert "Users" not in json.loads(said)


STRANGE_PAGES = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost.evil.example"},
    {"origin": "http://[::1"},
    {"host": "evil.example:4566"},
    {"host": "127.0.0.1.nip.io"},
    {"sec_fetch_site": "cross-site"},
]


@pytest.mark.parametrize("page", STRANGE_PAGES)
def test_a_strange_page_neither_controls_the_emulator_nor_signs_with_the_known_key(
    emulator: Running, page: dict[str, str]
) -> None:
    assert status(emulator, "GET", "/_habitr/inbox", **page) == 403
    assert status(emulator, "POST", "/_habitr/clock/advance?seconds=0", **page) == 403
    head = {"x_amz_target": "DynamoDB_20120810.ListTables", "content_type": "application/x-amz-json-1.0"}
    for who, wanted in ((page, 400), ({}, 200)):
        proof = signed(emulator, "dynamodb", "/", "{}", host=who.get("host", ""), **head)
        code, said = ask(emulator, "POST", "/", "{}", **(proof | who))
        assert code == wanted
        assert ("AccessDenied" in said) is bool(who)


SMUGGLED = [
    b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    b"GET /_habitr/config HTTP/1.1\r\nHost: x\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nbbbbb",
    b"Content-Length: +4\r\n\r\nbbbb",
    b"Content-Length : 4\r\n\r\nbbbb",
    b"X-A: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    b"Host: other\r\nContent-Length: 0\r\n\r\n",
    b"X: " + b"a" * 100_000 + b"\r\n\r\n",
]


@pytest.mark.parametrize("rest", SMUGGLED)
def test_a_request_that_can_be_read_in_two_ways_is_not_read(emulator: Running, rest: bytes) -> None:
    said = exchange(emulator, b"POST /graphql HTTP/1.1\r\nHost: localhost\r\n" + rest)
    assert said.startswith(b"HTTP/1.0 400")
    assert said.count(b"HTTP/1.") - said.count(b" HTTP/1.1\\r\\n") <= 2
    assert b"access_key_id" not in said


def user_of(emulator: Running, *statements: dict[str, Any]) -> dict[str, str]:
    """Keys of a new IAM user with a policy of ``statements``."""
    iam, name = emulator.client("iam"), people.new_name("user")
    iam.create_user(UserName=name)
    document = json.dumps({"Version": POLICY, "Statement": list(statements)})
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def test_a_prefix_of_a_bucket_has_no_way_out(emulator: Running) -> None:
    bucket, admin = emulator.config["bucket"], emulator.client("s3")
    admin.put_object(Bucket=bucket, Key="secret/x", Body=b"secret")
    rule = {"Effect": "Allow", "Action": "s3:*Object", "Resource": f"arn:aws:s3:::{bucket}/mine/*"}
    s3 = emulator.client("s3", **user_of(emulator, rule))
    for source in (
        f"{bucket}/secret/x",
        f"/{bucket}/secret/x",
        f"{bucket}/mine/../secret/x",
        f"{bucket}%2Fsecret/x",
    ):
        with pytest.raises(ClientError):
            s3.copy_object(Bucket=bucket, Key="mine/copy", CopySource=source)
    for key in ("secret/x", "mine/../secret/x", "mine/%2e%2e/secret/x", "/mine/../secret/x"):
        with pytest.raises(ClientError):
            s3.get_object(Bucket=bucket, Key=key)
    upload = admin.create_multipart_upload(Bucket=bucket, Key="secret/y")["UploadId"]
    with pytest.raises(ClientError, match="NoSuchUpload"):
        s3.upload_part(Bucket=bucket, Key="mine/y", UploadId=upload, PartNumber=1, Body=b"x")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "secret/x"}, {"Key": "mine/x"}]})
    assert [item["Code"] for item in answer["Errors"]] == ["AccessDenied"]
    assert admin.get_object(Bucket=bucket, Key="secret/x")["Body"].read() == b"secret"


def test_nothing_can_be_added_to_a_presigned_url(emulator: Running) -> None:
    bucket, key = emulator.config["bucket"], people.new_name("presigned")
    path_style = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    s3 = emulator.client("s3", config=path_style)
    s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    target = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}).removeprefix(
        emulator.endpoint
    )
    assert ask(emulator, "GET", target) == (200, "x")
    for more in (
        "&acl",
        "&uploads",
        "&response-content-type=text/html",
        "&X-Amz-Expires=604800",
        "&x-amz-acl=private",
    ):
        assert status(emulator, "GET", target + more) == 403, more
    assert status(emulator, "PUT", target, "y") == 403
    assert status(emulator, "GET", target, x_amz_security_token="t") == 403
    where = {"Bucket": bucket, "Key": key, "ResponseContentType": "a\r\nSet-Cookie: x=1"}
    split = s3.generate_presigned_url("get_object", Params=where).removeprefix(emulator.endpoint)
    assert status(emulator, "GET", split) == 400


def test_a_policy_made_to_be_slow_is_not(emulator: Running) -> None:
    rule = {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::" + "*a" * 60 + "b"}
    s3 = emulator.client("s3", **user_of(emulator, rule))
    began = time.monotonic()
    with pytest.raises(ClientError, match="not authorized"):
        s3.get_object(Bucket=emulator.config["bucket"], Key="a" * 1000)
    assert time.monotonic() - began < PATIENCE / 3


def test_documents_made_to_hurt_neither_fail_nor_hang_the_emulator(emulator: Running) -> None:
    below = "author {{ habits {{ items {{ ...F{1} }} }} }}"
    spread = f"fragment F{{0}} on Habit {{{{ a: {below} b: {below} }}}}"
    growing = " ".join(spread.format(number, number + 1) for number in range(30))
    hurting = [
        f"{{ listHabits {{ items {{ ...F0 }} }} }} {growing} fragment F30 on Habit {{ id }}",
        "{ " + "listHabits { items { id } } " * 1500 + "}",
        "{ " + " ".join(f"q{number}" for number in range(3000)) + " }",
        "{ a " * 5000,
        f"{{ listHabits(limit: {'9' * 100_000}) {{ items {{ id }} }} }}",
        "{ listHabits { items { ...A } } } fragment A on Habit { ...B } fragment B on Habit { ...A }",
    ]
    deep: dict[str, Any] = {"id": {"eq": "x"}}
    for _ in range(300):
        deep = {"and": [deep]}
    asked = [json.dumps({"query": text}) for text in hurting]
    filtered = "query($f: ModelHabitFilterInput) { listHabits(filter: $f) { items { id } } }"
    asked.append(json.dumps({"query": filtered, "variables": {"f": deep}}))
    for body in asked:
        code, said = ask(emulator, "POST", "/graphql", body, x_api_key=emulator.config["graphql_api_key"])
        assert code == 200
        assert json.loads(said)["errors"]
    assert emulator.get("/_habitr/health")["status"] == "running"


def test_codes_cannot_be_guessed_however_many_guess_at_once(emulator: Running) -> None:
    idp, name, client = emulator.client("cognito-idp"), people.new_name("guess"), emulator.config["app_client_id"]
    email = [{"Name": "email", "Value": f"{name}@example.com"}]
    idp.sign_up(ClientId=client, Username=name, Password=people.PASSWORD, UserAttributes=email)
    right = int(people.code_for(emulator, name))

    def confirm(code: int) -> str:
        try:
            idp.confirm_sign_up(ClientId=client, Username=name, ConfirmationCode=f"{code % 10**6:06d}")
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "confirmed"

    with ThreadPoolExecutor(16) as pool:
        said = Counter(pool.map(confirm, range(right + 1, right + 41)))
    assert said == {"CodeMismatchException": 15, "LimitExceededException": 25}
    assert confirm(right) == "LimitExceededException"


def test_a_name_is_given_once_however_many_ask_at_once(emulator: Running) -> None:
    idp, name, client = emulator.client("cognito-idp"), people.new_name("once"), emulator.config["app_client_id"]
    email = [{"Name": "email", "Value": f"{name}@example.com"}]

    def sign_up(_: int) -> str:
        try:
            idp.sign_up(ClientId=client, Username=name, Password=people.PASSWORD, UserAttributes=email)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "made"

    with ThreadPoolExecutor(12) as pool:
        assert Counter(pool.map(sign_up, range(24))) == {"made": 1, "UsernameExistsException": 23}


@pytest.mark.parametrize("number", ["0", "-1", "zz", "1" * 5000])
def test_a_public_value_that_gives_the_secret_away_is_refused(emulator: Running, number: str) -> None:
    asked = {"USERNAME": "somebody", "SRP_A": number}
    with pytest.raises(ClientError, match="SRP_A"):
        emulator.client("cognito-idp").initiate_auth(
            ClientId=emulator.config["app_client_id"], AuthFlow="USER_SRP_AUTH", AuthParameters=asked
        )


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&e;</Key></Object></Delete>',
        "<Delete>" + "<Object>" * 20_000,
        "<?xml version='1.0' encoding='rot13'?><Delete/>",
        "",
    ],
)
def test_xml_made_to_hurt_is_malformed(emulator: Running, body: str) -> None:
    target = f"/{emulator.config['bucket']}?delete"
    md5 = base64.b64encode(hashlib.md5(body.encode()).digest()).decode()
    headers = signed(emulator, "s3", target, body) | {"Content-MD5": md5}
    code, said = ask(emulator, "POST", target, body, **headers)
    assert (code, "<Code>MalformedXML</Code>" in said) == (400, True)
