"""From the first byte to the answer, without a socket: who asks, what is refused, and in which shape."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from habitr_emulator.gateway.admin import Control
from habitr_emulator.gateway.bodies import MAX_BODY
from habitr_emulator.gateway.pipeline import Pipeline
from habitr_emulator.kernel.trace import RequestLog
from habitr_emulator.services import registry
from habitr_emulator.services.context import Account
from habitr_emulator.services.iam.authorize import authorize
from habitr_emulator.wire import model
from habitr_emulator.wire.detect import Names
from habitr_emulator.wire.http import Headers, Request, Response

HOST = "localhost:4566"
LIST_TABLES = {"x-amz-target": "DynamoDB_20120810.ListTables", "content-type": "application/x-amz-json-1.0"}


class Running:
    """A pipeline and its log."""

    def __init__(self, account: Account, lenient: bool = False) -> None:
        async def reset(*, empty: bool = False) -> None:
            raise AssertionError("nobody asked for it")

        self.log = RequestLog()
        control = Control(account, self.log, dict, reset, str, "0")
        self.pipeline = Pipeline(control, Names(stages=frozenset({"dev"})), lenient=lenient)

    async def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Response:
        lines = [("host", HOST), *((name.replace("_", "-"), value) for name, value in headers.items())]
        answer = await self.pipeline.handle(Request(method, target, Headers(lines), body))
        answer.headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer

    async def dynamodb(self, body: bytes = b"{}", **signing: Any) -> Response:
        return await self.ask("POST", "/", body, **signed("dynamodb", "POST", "/", body, LIST_TABLES, **signing))


@pytest.fixture
def running(account: Account) -> Running:
    account.clock.resume()  # signatures are judged by the real clock, botocore signs by it
    account.authorizer = authorize
    return Running(account)


def signed(
    service: str,
    method: str,
    target: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    *,
    secret: str = "test",
    key: str = "test",
    token: str | None = None,
) -> dict[str, str]:
    request = AWSRequest(method, f"http://{HOST}{target}", data=body, headers=headers or {})
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(Credentials(key, secret, token), service, "us-east-1").add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


def text(response: Response) -> bytes:
    assert isinstance(response.body, bytes)
    return response.body


async def test_a_signed_call_is_answered_in_its_protocol(running: Running) -> None:
    answer = await running.dynamodb()
    assert (answer.status, json.loads(text(answer))) == (200, {"TableNames": []})
    assert answer.headers["content-type"] == "application/x-amz-json-1.0"
    span = running.log.find(answer.headers["x-amzn-requestid"])
    assert span is not None
    assert (span["name"], span["facts"]["status"]) == ("dynamodb ListTables", 200)


@pytest.mark.parametrize(
    ("signing", "code"),
    [
        ({"secret": "wrong"}, "InvalidSignatureException"),
        ({"key": "AKIDNOBODY"}, "UnrecognizedClientException"),
        ({"token": "forged"}, "UnrecognizedClientException"),
    ],
)
async def test_a_wrong_signature_is_refused_and_told_why(
    running: Running, signing: dict[str, Any], code: str
) -> None:
    answer = await running.dynamodb(**signing)
    assert answer.status == 400
    assert json.loads(text(answer))["__type"].endswith(code)
    why = answer.headers["x-habitr-why"]
    span = running.log.find(answer.headers["x-amzn-requestid"])
    assert span is not None
    assert span["facts"]["why"] == why
    assert why.encode() not in text(answer)


async def test_a_body_that_was_changed_after_signing_is_refused(running: Running) -> None:
    headers = signed("dynamodb", "POST", "/", b"{}", LIST_TABLES)
    answer = await running.ask("POST", "/", b'{"Limit": 1}', **headers)
    assert json.loads(text(answer))["__type"].endswith("InvalidSignatureException")


async def test_an_unsigned_call_of_a_signed_operation_is_refused(running: Running) -> None:
    answer = await running.ask("POST", "/", b"{}", **LIST_TABLES)
    assert answer.status == 400
    assert json.loads(text(answer))["__type"].endswith("MissingAuthenticationTokenException")


async def test_auth_warn_lets_a_wrong_signature_pass_as_the_administrator(account: Account) -> None:
    account.clock.resume()
    answer = await Running(account, lenient=True).dynamodb(secret="wrong")
    assert answer.status == 200


async def test_s3_is_refused_in_xml(running: Running) -> None:
    target = "/bucket/key"
    answer = await running.ask("GET", target, b"", **signed("s3", "GET", target, secret="wrong"))
    assert answer.status == 403
    assert b"<Code>SignatureDoesNotMatch</Code>" in text(answer)


async def test_a_presigned_url_is_as_good_as_a_header(running: Running) -> None:
    request = AWSRequest("GET", f"http://{HOST}/bucket/key")
    S3SigV4QueryAuth(Credentials("test", "test"), "s3", "us-east-1", expires=60).add_auth(request)
    target = request.url.removeprefix(f"http://{HOST}")
    assert b"<Code>NoSuchBucket</Code>" in text(await running.ask("GET", target))
    assert b"<Code>SignatureDoesNotMatch</Code>" in text(await running.ask("GET", target.replace("key", "kez", 1)))


async def test_an_operation_that_is_not_built_says_501_after_its_signature(running: Running) -> None:
    missing = sorted(
        name
        for name, operation in model.service("dynamodb").operations.items()
        if operation.snake not in registry.operation_files("dynamodb")
    )
    if not missing:
        pytest.skip("every operation of DynamoDB is built")
    target = {**LIST_TABLES, "x-amz-target": f"DynamoDB_20120810.{missing[0]}"}
    built = await running.ask("POST", "/", b"{}", **signed("dynamodb", "POST", "/", b"{}", target))
    assert built.status == 501


async def test_an_unknown_operation_is_the_error_of_its_service(running: Running) -> None:
    target = {**LIST_TABLES, "x-amz-target": "DynamoDB_20120810.Frobnicate"}
    proved = await running.ask("POST", "/", b"{}", **signed("dynamodb", "POST", "/", b"{}", target))
    assert json.loads(text(proved))["__type"].endswith("UnknownOperationException")
    wrong = signed("dynamodb", "POST", "/", b"{}", target, secret="wrong")
    unproved = await running.ask("POST", "/", b"{}", **wrong)
    assert json.loads(text(unproved))["__type"].endswith("InvalidSignatureException")


async def test_header_bytes_that_are_no_text_do_no_harm(running: Running) -> None:
    answer = await running.ask("POST", "/", b"{}", x_amz_target="\udcff.\udcfe")
    assert answer.status < 500 or answer.status == 501
    json.loads(text(answer))


async def test_a_defect_is_500_without_its_stack_trace(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("an inner secret")

    monkeypatch.setattr(registry.Registry, "call", fail)
    answer = await running.dynamodb()
    assert answer.status == 500
    assert json.loads(text(answer))["__type"].endswith("InternalFailure") or b"Internal" in text(answer)
    assert b"secret" not in text(answer)


async def test_a_declared_length_over_the_limit_is_refused_unread(running: Running) -> None:
    given = 0

    async def unread() -> AsyncIterator[bytes]:
        nonlocal given
        given += 1
        yield b"{}"

    lines = [("host", HOST), ("content-length", str(MAX_BODY + 1)), ("x-amz-target", LIST_TABLES["x-amz-target"])]
    answer = await running.pipeline.handle(Request("POST", "/", Headers(lines), stream=unread()))
    assert answer.status == 413
    assert b"RequestEntityTooLargeException" in text(answer)
    assert given == 0


async def test_a_stream_over_the_limit_is_refused_when_it_passes_it(running: Running) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield bytes(1_048_576)

    lines = [("host", HOST), ("x-amz-target", LIST_TABLES["x-amz-target"])]
    answer = await running.pipeline.handle(Request("POST", "/", Headers(lines), stream=endless()))
    assert answer.status == 413
    assert given == MAX_BODY // 1_048_576 + 1


async def test_every_answer_can_be_read_by_a_page(running: Running) -> None:
    preflight = await running.ask("OPTIONS", "/", origin="http://a", access_control_request_method="POST")
    assert (preflight.status, preflight.headers["access-control-allow-origin"]) == (200, "http://a")
    refused = await running.ask("POST", "/", b"{}", origin="http://a", **LIST_TABLES)
    assert refused.headers["access-control-allow-origin"] == "*"
    assert "x-habitr-why" in refused.headers["access-control-expose-headers"]


async def test_query_strings_stay_out_of_the_log(running: Running) -> None:
    await running.ask("GET", "/bucket/key?X-Amz-Signature=abcdef0123456789&AWSAccessKeyId=k")
    assert "abcdef0123456789" not in json.dumps(running.log.latest())
