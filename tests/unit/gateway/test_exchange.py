"""What the request log shows of a request: enough to ask it again, and no secret."""

import json

import pytest

from habitr_emulator.gateway.curl import curl
from habitr_emulator.gateway.exchange import KEPT_BODY, REDACTED, exchange, secret, shown
from habitr_emulator.gateway.har import har
from habitr_emulator.kernel.trace import Kept, Span
from habitr_emulator.wire.http import FileRange, Headers, Request, Response

SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKID/20270101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=ab"
)
SECRETS = """
    Password PASSWORD ProposedPassword AccessToken RefreshToken idToken SECRET_BLOCK SecretHash SRP_A SALT Session
    ConfirmationCode UserCode SMS_MFA_CODE code X-Amz-Signature x-amz-security-token PASSWORD_CLAIM_SIGNATURE
    SecretAccessKey ClientSecret code_verifier SAMLResponse
"""
HARMLESS = """
    NextToken nextToken PaginationToken ContinuationToken TokenType ExpiresIn Username errorCode statusCode Key
"""


@pytest.mark.parametrize("name", SECRETS.split())
def test_a_secret_is_known_by_its_name(name: str) -> None:
    assert secret(name)


@pytest.mark.parametrize("name", HARMLESS.split())
def test_what_is_no_secret_is_shown(name: str) -> None:
    assert not secret(name)


def test_bodies_are_redacted_by_their_kind() -> None:
    body = {"AuthParameters": {"USERNAME": "maya", "PASSWORD": "p1"}, "Items": [{"Token": "t1"}], "Answer": "42"}
    assert json.loads(shown(json.dumps(body).encode(), "application/x-amz-json-1.1")) == {
        "AuthParameters": {"USERNAME": "maya", "PASSWORD": REDACTED},
        "Items": [{"Token": REDACTED}],
        "Answer": REDACTED,
    }
    form = shown(b"grant_type=authorization_code&code=abc&client_secret=s", "application/x-www-form-urlencoded")
    assert form == f"grant_type=authorization_code&code={REDACTED}&client_secret={REDACTED}"
    assert shown(b"<a><SecretAccessKey>s</SecretAccessKey></a>", "text/xml") == (
        f"<a><SecretAccessKey>{REDACTED}</SecretAccessKey></a>"
    )
    assert shown(b"\x00\xff", "image/png") == "(2 bytes)"
    cut = b'{"Password": "secret", "more": "' + b"x" * 100
    assert "secret" not in shown(cut, "application/x-amz-json-1.0")


def asked(body: bytes = b'{"Limit": 1}', authorization: str = SIGNED) -> Request:
    lines = [("host", "localhost:4566"), ("x-amz-target", "DynamoDB_20120810.ListTables"), ("x-amz-date", "d")]
    lines += [("content-type", "application/x-amz-json-1.0"), ("authorization", authorization)]
    return Request("POST", "/?X-Amz-Security-Token=tok&a=b", Headers(lines), body)


def test_a_signed_request_becomes_a_curl_that_signs_anew() -> None:
    text = curl(exchange(asked(), Response(200, {}, b"{}"), 0.0), "us-east-1")
    assert "--aws-sigv4 aws:amz:us-east-1:dynamodb" in text
    assert '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"' in text
    assert "-H 'x-amz-target: DynamoDB_20120810.ListTables'" in text
    assert "--data-raw '{\"Limit\": 1}'" in text
    assert "Signature=ab" not in text
    assert "tok" not in text
    assert "x-amz-date" not in text
    by_token = curl(exchange(asked(authorization="eyJ.x.y"), Response(), 0.0), "r")
    assert '-H "authorization: $TOKEN"' in by_token
    assert by_token.startswith("# TOKEN=$(habitr-emulator token NAME)")


def test_the_archive_has_what_browsers_read() -> None:
    span = Span("dynamodb ListTables")
    answer = Response(200, {"Content-Type": "application/json"}, b'{"AccessToken": "t"}')
    archive = har([Kept("r1", span, exchange(asked(), answer, 1.0)), Kept("r2", span)], "1")
    (entry,) = archive["log"]["entries"]
    assert archive["log"]["version"] == "1.2"
    assert entry["startedDateTime"] == "1970-01-01T00:00:01.000Z"
    assert entry["request"]["url"] == f"http://localhost:4566/?X-Amz-Security-Token={REDACTED}&a=b"
    assert {"name": "authorization", "value": REDACTED} in entry["request"]["headers"]
    assert json.loads(entry["response"]["content"]["text"]) == {"AccessToken": REDACTED}
    assert entry["comment"] == "r1"


def test_what_is_kept_is_bounded(tmp_path: object) -> None:
    large = exchange(asked(b"x" * 100_000), Response(200, {}, b"y" * 100_000), 0.0)
    assert (len(large.body), len(large.response.body)) == (KEPT_BODY, KEPT_BODY)  # type: ignore[arg-type]
    assert large.request.body == b""
    streamed = exchange(asked(), Response(200, {}, (FileRange(tmp_path, 0, 1),)), 0.0)  # type: ignore[arg-type]
    assert streamed.response_body() == ""
