"""Signatures of botocore's signers are accepted as they come, and refused with anything changed."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from botocore.auth import HmacV1QueryAuth, S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from habitr_emulator.wire.http import Headers, Request
from habitr_emulator.wire.refusals import Refusal
from habitr_emulator.wire.sigv4 import (
    Signature,
    check,
    presented,
    presented_form,
    verify,
    verify_form,
)

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEYS = Credentials("AKIAEXAMPLE", SECRET)
HOST = "localhost:4566"
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
S3_URL = "http://localhost:4566/bucket/key"


def sent(request: AWSRequest) -> Request:
    """What a server gets of a request that botocore has signed."""
    prepared = request.prepare()
    lines = [
        (name.lower(), value.decode() if isinstance(value, bytes) else value)
        for name, value in prepared.headers.items()
    ]
    if not any(name == "host" for name, _ in lines):
        lines.append(("host", HOST))
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
    return Request(request.method, prepared.url.removeprefix("http://localhost:4566"), Headers(lines), body)


def signed(method: str, url: str, *, service: str = "dynamodb", body: bytes = b"", **headers: str) -> Request:
    request = AWSRequest(method, url, {name.replace("_", "-"): value for name, value in headers.items()}, body)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(KEYS, service, "us-east-1").add_auth(request)
    return sent(request)


def proved(request: Request, *, s3: bool = False, secret: str = SECRET) -> Signature:
    signature = presented(request, s3=s3)
    assert signature is not None
    verify(signature, request, secret)
    return signature


def refused(request: Request, *, s3: bool = False, secret: str = SECRET) -> Refusal:
    with pytest.raises(Refusal) as caught:
        proved(request, s3=s3, secret=secret)
    return caught.value


@settings(max_examples=60, deadline=None)
@given(key=TEXT, query=st.lists(st.tuples(TEXT, TEXT), max_size=4), value=TEXT, body=st.binary(max_size=20))
def test_what_botocore_signs_for_s3_is_accepted(
    key: str, query: list[tuple[str, str]], value: str, body: bytes
) -> None:
    parameters = "&".join(f"{quote(name, safe='')}={quote(each, safe='')}" for name, each in query)
    url = f"{S3_URL}{quote(key, safe='/~')}?{parameters}"
    request = signed("PUT", url, service="s3", body=body, x_amz_meta_a=value.encode("ascii", "ignore").decode())
    assert proved(request, s3=True).access_key == "AKIAEXAMPLE"


@settings(max_examples=60, deadline=None)
@given(segments=st.lists(TEXT, max_size=4), query=st.lists(st.tuples(TEXT, TEXT), max_size=4), body=st.binary())
def test_what_botocore_signs_for_other_services_is_accepted(
    segments: list[str], query: list[tuple[str, str]], body: bytes
) -> None:
    path = "/".join(quote(segment, safe="") for segment in segments)
    parameters = "&".join(f"{quote(name, safe='')}={quote(each, safe='')}" for name, each in query)
    request = signed("POST", f"http://{HOST}/{path}?{parameters}", service="lambda", body=body)
    assert proved(request).scope.service == "lambda"


def changed(request: Request, **fields: object) -> Request:
    made = Request(request.method, request.target, request.headers, request.body)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def with_header(request: Request, name: str, value: str) -> Request:
    lines = [(each, value if each == name else old) for each, old in request.headers]
    return changed(request, headers=Headers(lines))


def without_header(request: Request, name: str) -> Request:
    return changed(request, headers=Headers([line for line in request.headers if line[0] != name]))


@pytest.mark.parametrize(
    "change",
    [
        lambda r: changed(r, method="DELETE"),
        lambda r: changed(r, target=r.target.replace("key", "keY")),
        lambda r: changed(r, target=r.target + "&zz=1"),
        lambda r: changed(r, target=r.target.replace("a=1", "a=2")),
        lambda r: with_header(r, "host", "other:4566"),
        lambda r: with_header(r, "x-amz-date", r.headers.get("x-amz-date")[:-3] + "99Z"),
        lambda r: without_header(r, "x-amz-meta-a"),
        lambda r: with_header(r, "x-amz-meta-a", "2"),
        lambda r: with_header(r, "x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        lambda r: with_header(r, "authorization", r.headers.get("authorization")[:-32]),
        lambda r: with_header(
            r, "authorization", r.headers.get("authorization").replace("us-east-1", "us-east-2")
        ),
    ],
)
def test_a_change_after_signing_is_refused(change: Callable[[Request], Request]) -> None:
    request = signed("PUT", S3_URL + "?a=1", service="s3", body=b"hello", x_amz_meta_a="1")
    proved(request, s3=True)
    assert refused(change(request), s3=True).kind == "signature_mismatch"


def test_another_secret_is_refused_with_both_texts_that_were_hashed() -> None:
    request = signed("POST", f"http://{HOST}/", body=b"{}", x_amz_target="DynamoDB_20120810.PutItem")
    refusal = refused(request, secret="other")
    assert "The Canonical String for this request should have been\n'POST\n/\n" in refusal.message
    assert "the secret is not that of access key AKIAEXAMPLE" in refusal.why
    assert refusal.error("json").code == "InvalidSignatureException"
    assert refusal.error("json").status == 400
    assert refusal.error("rest-json").status == 403


def test_s3_shows_the_texts_as_elements() -> None:
    error = refused(signed("GET", S3_URL, service="s3"), s3=True, secret="other").error("rest-xml")
    assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
    assert error.fields["CanonicalRequest"].startswith("GET\n/bucket/key\n\nhost:localhost:4566\n")
    assert error.fields["StringToSignBytes"].startswith("41 57 53 34")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            lambda r: with_header(r, "host", "10.0.2.2:4566"),
            "covers host localhost:4566, the request came to 10.0.2.2:4566",
        ),
        (lambda r: changed(r, body=b"{}!"), "the body is not the one that was signed"),
        (lambda r: without_header(r, "x-amz-target"), "covers headers that did not come: x-amz-target"),
    ],
)
def test_the_person_is_told_what_differs(change: Callable[[Request], Request], why: str) -> None:
    body_hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    more = {"x_amz_target": "A.B", "x_amz_content_sha256": body_hash}
    request = signed("POST", f"http://{HOST}/", body=b"{}", **more)
    assert why in refused(change(request)).why


def test_the_date_may_be_a_date_header() -> None:
    request = signed("GET", f"http://{HOST}/", Date="now")
    assert "x-amz-date" not in request.headers
    assert proved(request).timestamp == request.headers.get("date")


def test_a_host_signed_without_its_port_is_accepted() -> None:
    request = signed("GET", S3_URL.replace(":4566", ""), service="s3", host="localhost")
    request.target = "/bucket/key"
    assert proved(with_header(request, "host", HOST), s3=True)


def test_an_unsigned_amz_header_is_refused_by_s3_and_named() -> None:
    request = signed("PUT", S3_URL, service="s3")
    more = Headers([*request.headers.lines, ("x-amz-acl", "public-read"), ("x-amzn-trace-id", "1")])
    error = refused(changed(request, headers=more), s3=True).error("rest-xml")
    assert (error.code, error.fields["HeadersNotSigned"]) == ("AccessDenied", "x-amz-acl")


def test_a_body_that_is_not_the_signed_one_is_refused() -> None:
    request = signed("PUT", S3_URL, service="s3", body=b"hello")
    error = refused(changed(request, body=b"hellO"), s3=True).error("rest-xml")
    assert (error.code, error.status) == ("XAmzContentSHA256Mismatch", 400)


NOW = 1_795_000_000.0


def made_at(
    at: float, *, service: str = "s3", region: str = "us-east-1", kind: str = "header", expires: str = ""
) -> Signature:
    stamp = f"{datetime.fromtimestamp(at, UTC):%Y%m%dT%H%M%SZ}"
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 Credential=AK/{scope},SignedHeaders=host,Signature=ab"
    signature = presented(
        Request("GET", "/", Headers([("authorization", authorization), ("x-amz-date", stamp)])), s3=service == "s3"
    )
    assert signature is not None
    if kind == "header":
        return signature
    return Signature("query", "AK", "ab", service == "s3", stamp, signature.scope, ("host",), expires=expires)


def outcome(signature: Signature, *, service: str = "s3", region: str = "us-east-1") -> str:
    request = Request("GET", "/", Headers([("host", HOST)]))
    try:
        check(signature, request, now=NOW, service=service, region=region)
    except Refusal as refusal:
        error = refusal.error("rest-xml" if service == "s3" else "json")
        return f"{error.status} {error.code}"
    return "ok"


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, "ok"), (899, "ok"), (-899, "ok"), (901, "403 RequestTimeTooSkewed"), (-901, "403 RequestTimeTooSkewed")],
)
def test_a_request_lives_a_quarter_of_an_hour(age: float, expected: str) -> None:
    assert outcome(made_at(NOW - age)) == expected


@pytest.mark.parametrize(
    ("age", "expires", "expected"),
    [
        (3599, "3600", "ok"),
        (3601, "3600", "403 AccessDenied"),
        (-899, "60", "ok"),
        (-901, "60", "403 AccessDenied"),
        (0, "604801", "400 AuthorizationQueryParametersError"),
        (0, "-1", "400 AuthorizationQueryParametersError"),
        (0, "soon", "400 AuthorizationQueryParametersError"),
    ],
)
def test_a_presigned_url_lives_as_long_as_it_says(age: float, expires: str, expected: str) -> None:
    assert outcome(made_at(NOW - age, kind="query", expires=expires)) == expected


def test_a_scope_of_another_service_or_region_is_refused() -> None:
    assert outcome(made_at(NOW, service="dynamodb"), service="lambda") == "400 InvalidSignatureException"
    assert outcome(made_at(NOW), region="eu-west-1") == "ok", "us-east-1 is what clients say who were told nothing"
    assert outcome(made_at(NOW, region="eu-west-3")) == "400 AuthorizationHeaderMalformed"
    presigned = made_at(NOW, region="eu-west-3", kind="query", expires="9")
    assert outcome(presigned) == "400 AuthorizationQueryParametersError"
    elsewhere = made_at(NOW, region="eu-west-3", service="dynamodb")
    assert outcome(elsewhere, service="dynamodb") == "ok", "other services play every region"


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("AWS4-HMAC-SHA256 Credential=a/b/c/d/e,SignedHeaders=host", "AuthorizationHeaderMalformed"),
        ("AWS4-HMAC-SHA256 Credential=a/b/c,SignedHeaders=host,Signature=a", "AuthorizationHeaderMalformed"),
        ("AWS4-ECDSA-P256-SHA256 Credential=a/b/c/d,SignedHeaders=h,Signature=a", "AuthorizationHeaderMalformed"),
        ("Basic abc", "InvalidArgument"),
        ("AWS nothing", "InvalidArgument"),
    ],
)
def test_a_malformed_authorization_is_refused(authorization: str, expected: str) -> None:
    request = Request("GET", "/b", Headers([("authorization", authorization)]))
    assert refused(request, s3=True).error("rest-xml").code == expected


def test_two_mechanisms_at_once_are_refused_by_s3() -> None:
    request = signed("GET", S3_URL + "?X-Amz-Algorithm=AWS4-HMAC-SHA256", service="s3")
    assert refused(request, s3=True).error("rest-xml").code == "InvalidArgument"


def test_a_token_of_a_user_pool_is_no_signature() -> None:
    assert presented(Request("POST", "/graphql", Headers([("authorization", "Bearer a.b.c")])), s3=False) is None


def test_presigned_urls_are_accepted_and_refused_when_changed() -> None:
    request = AWSRequest("GET", S3_URL + "?x-id=GetObject&response-content-type=a%2Fb")
    S3SigV4QueryAuth(KEYS, "s3", "us-east-1", expires=60).add_auth(request)
    assert proved(sent(request), s3=True).expires == "60"
    assert refused(changed(sent(request), target=sent(request).target.replace("a%2Fb", "a")), s3=True)
    request = AWSRequest("GET", f"http://{HOST}/dev/x")
    SigV4QueryAuth(KEYS, "execute-api", "us-east-1", expires=60).add_auth(request)
    assert proved(sent(request)).scope.service == "execute-api"


def test_the_old_signature_of_presigned_s3_urls_is_accepted() -> None:
    request = AWSRequest("GET", S3_URL + "?versionId=v%2B1&other=1")
    HmacV1QueryAuth(KEYS, expires=60).add_auth(request)
    arrived = sent(request)
    assert proved(arrived, s3=True).kind == "v2-query"
    assert (
        refused(changed(arrived, target=arrived.target.replace("v%2B1", "v2")), s3=True).kind
        == "signature_mismatch"
    )


def test_a_browser_form_is_proved_by_its_policy() -> None:
    scope = "20260101/us-east-1/s3/aws4_request"
    fields = {
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"AK/{scope}",
        "x-amz-date": "20260101T000000Z",
        "x-amz-signature": "6a3ef0c1ffa8c2cb4b7ea9ba13c77a5a8fd0d4a43fbe9c2cfc4d1cbae5ebf9b0",
        "policy": "cG9saWN5",
    }
    signature = presented_form(fields)
    assert signature is not None
    with pytest.raises(Refusal):
        verify_form(signature, "cG9saWN5", SECRET)
    from habitr_emulator.wire.signing import key_of, sign

    fields["x-amz-signature"] = sign(key_of(signature, SECRET), "cG9saWN5")
    right = presented_form(fields)
    assert right is not None
    verify_form(right, "cG9saWN5", SECRET)
    assert presented_form({"key": "a"}) is None
    for name in ("policy", "x-amz-date", "x-amz-credential", "x-amz-algorithm"):
        with pytest.raises(Refusal, match=f"must contain a field named '{name}'"):
            presented_form({each: value for each, value in fields.items() if each != name})


def test_headers_signed_for_a_websocket_are_proved() -> None:
    signed_headers = signed("POST", f"http://{HOST}/graphql/connect", service="appsync", body=b"{}").headers
    assert proved(Request("POST", "/graphql/connect", signed_headers, b"{}")).scope.service == "appsync"
    assert refused(Request("POST", "/graphql", signed_headers, b"{}")).kind == "signature_mismatch"


@pytest.mark.parametrize(
    ("came", "why"),
    [
        ({"method": "PUT"}, "the signature covers the method GET, PUT came"),
        ({"target": "/bucket/key/?a=1&b=2"}, "the signature covers the path /bucket/key, /bucket/key/ came"),
        ({"target": "/bucket/key?a=1&b=2&x-id=GetObject"}, "does not cover the query parameter x-id"),
        (
            {"target": "/bucket/key?a=1&b=3"},
            "the secret is not that of access key AKIAEXAMPLE, or the request was",
        ),
    ],
)
def test_a_refusal_names_the_first_part_that_differs(came: dict[str, str], why: str) -> None:
    request = signed("GET", f"{S3_URL}?a=1&b=2", service="s3")
    assert why in refused(changed(request, **came), s3=True).why


def test_a_path_that_was_signed_unencoded_is_named() -> None:
    request = signed("GET", S3_URL, service="s3")
    colon = changed(request, target="/bucket/a:b")
    signature = presented(colon, s3=True)
    assert signature is not None
    from dataclasses import replace

    from habitr_emulator.wire.diagnosis import reason
    from habitr_emulator.wire.signing import Reading, calculate, key_of

    key, content = key_of(signature, SECRET), request.headers.get("x-amz-content-sha256")
    made = calculate(signature, colon, key, Reading(colon.host, content, path="/bucket/a:b"))
    assert made is not None
    wrong = replace(signature, signature=made.signature)
    assert "must be percent-encoded" in reason(wrong, colon, key, content)
