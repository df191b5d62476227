"""The proxy integration's event, and answers as HTTP."""

import json
from typing import Any

import pytest

from habitr_emulator.services.apigateway.proxy_event import Facts, event, response
from habitr_emulator.services.apigateway.routes import match
from habitr_emulator.services.apigateway.spec import RestApi, Route
from habitr_emulator.wire.http import Headers, Request

API = RestApi("abc", "api", "dev", (Route("/user/exists", "f"), Route("/user/{proxy+}", "f")))
BINARY = RestApi("abc", "api", "dev", API.routes, ("image/png",))
FACTS = Facts(
    account_id="000000000000",
    request_id="r-1",
    extended_request_id="x-1=",
    now=1_795_000_000.5,
    source_ip="127.0.0.1",
    path="/user/exists",
    resource_id="res123",
    domain_name="abc.execute-api.us-east-1.amazonaws.com",
    identity={},
)


def event_of(request: Request, api: RestApi = API, path: str = "/user/exists") -> dict[str, Any]:
    found = match(api, path)
    assert found is not None
    return event(request, api, found, FACTS)


def test_the_event_is_exactly_api_gateways() -> None:
    lines = [
        ("host", "x:1"),
        ("content-type", "application/json"),
        ("user-agent", "curl"),
        ("x-a", "1"),
        ("x-a", "2"),
    ]
    made = event_of(Request("POST", "/dev/user/exists?q=1&q=b%20c&e=", Headers(lines), b'{"n": "\xc3\xb6"}'))
    assert made == {
        "resource": "/user/exists",
        "path": "/user/exists",
        "httpMethod": "POST",
        "headers": {
            "Host": "x:1",
            "Content-Type": "application/json",
            "User-Agent": "curl",
            "X-A": "2",
            "X-Amzn-Trace-Id": "Root=1-6afd86c0-r1",
            "X-Forwarded-For": "127.0.0.1",
            "X-Forwarded-Port": "443",
            "X-Forwarded-Proto": "https",
        },
        "multiValueHeaders": {
            "Host": ["x:1"],
            "Content-Type": ["application/json"],
            "User-Agent": ["curl"],
            "X-A": ["1", "2"],
            "X-Amzn-Trace-Id": ["Root=1-6afd86c0-r1"],
            "X-Forwarded-For": ["127.0.0.1"],
            "X-Forwarded-Port": ["443"],
            "X-Forwarded-Proto": ["https"],
        },
        "queryStringParameters": {"q": "b c", "e": ""},
        "multiValueQueryStringParameters": {"q": ["1", "b c"], "e": [""]},
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": "res123",
            "resourcePath": "/user/exists",
            "httpMethod": "POST",
            "extendedRequestId": "x-1=",
            "requestTime": "18/Nov/2026:11:06:40 +0000",
            "path": "/dev/user/exists",
            "accountId": "000000000000",
            "protocol": "HTTP/1.1",
            "stage": "dev",
            "domainPrefix": "abc",
            "requestTimeEpoch": 1_795_000_000_500,
            "requestId": "r-1",
            "identity": {
                "cognitoIdentityPoolId": None,
                "accountId": None,
                "cognitoIdentityId": None,
                "caller": None,
                "sourceIp": "127.0.0.1",
                "principalOrgId": None,
                "accessKey": None,
                "cognitoAuthenticationType": None,
                "cognitoAuthenticationProvider": None,
                "userArn": None,
                "userAgent": "curl",
                "user": None,
            },
            "domainName": "abc.execute-api.us-east-1.amazonaws.com",
            "apiId": "abc",
        },
        "body": '{"n": "ö"}',
        "isBase64Encoded": False,
    }


def test_what_is_absent_is_null() -> None:
    made = event_of(Request("GET", "/dev/user/exists", Headers()))
    assert made["body"] is None
    assert made["queryStringParameters"] is None
    assert made["multiValueQueryStringParameters"] is None


def test_a_greedy_path_is_a_parameter() -> None:
    assert event_of(Request("GET", "/", Headers()), path="/user/a/b")["pathParameters"] == {"proxy": "a/b"}


def test_binary_types_travel_in_base64_both_ways() -> None:
    made = event_of(Request("POST", "/", Headers([("content-type", "image/png")]), b"\xff\x00"), BINARY)
    assert (made["body"], made["isBase64Encoded"]) == ("/wA=", True)
    payload = b'{"statusCode": 200, "body": "/wA=", "isBase64Encoded": true}'
    binary, text = response(payload, "image/png", BINARY), response(payload, "image/png", API)
    assert binary is not None
    assert text is not None
    assert binary.body == b"\xff\x00"
    assert text.body == b"/wA="


def test_an_answer_becomes_http() -> None:
    payload = {
        "statusCode": "201",
        "headers": {"X-One": 1, "X-Two": "single", "Content-Length": "99"},
        "multiValueHeaders": {"x-two": ["a", "b"], "Set-Cookie": ["a=1", "b=2"]},
        "body": "ö",
    }
    made = response(json.dumps(payload).encode(), "", API)
    assert made is not None
    assert (made.status, made.body) == (201, "ö".encode())
    assert sorted(made.headers.items(), key=str) == [
        ("Set-cookie", "b=2"),
        ("content-type", "application/json"),
        ("set-cookie", "a=1"),
        ("x-one", "1"),
        ("x-two", "a, b"),
    ]


@pytest.mark.parametrize("payload", [{}, {"statusCode": None, "headers": None, "body": None}])
def test_an_empty_answer_is_200(payload: Any) -> None:
    made = response(json.dumps(payload).encode(), "", API)
    assert made is not None
    assert (made.status, made.body) == (200, b"")


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "text",
        [],
        {"statusCode": "abc"},
        {"statusCode": 99},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "body": 1},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"a": {}}},
        {"statusCode": 200, "headers": {"a": "b\r\nset-cookie: c=1"}},
        {"statusCode": 200, "headers": {"a b": "c"}},
        {"statusCode": 200, "multiValueHeaders": {"a": "b"}},
        {"exists": True},
    ],
)
def test_a_malformed_answer_is_none(payload: Any) -> None:
    assert response(json.dumps(payload).encode(), "", API) is None


def test_no_json_is_malformed() -> None:
    assert response(b"<html>", "", API) is None


def test_lines_that_are_not_a_functions_to_send_are_renamed_or_dropped() -> None:
    sent = {
        "WWW-Authenticate": "Basic",
        "Date": "today",
        "Server": "mine",
        "TE": "x",
        "Host": "h",
        "X-Own": "kept",
    }
    made = response(json.dumps({"statusCode": 401, "headers": sent}).encode(), "", API)
    assert made is not None
    assert made.headers == {
        "content-type": "application/json",
        "x-amzn-remapped-www-authenticate": "Basic",
        "x-amzn-remapped-date": "today",
        "x-amzn-remapped-server": "mine",
        "x-own": "kept",
    }
