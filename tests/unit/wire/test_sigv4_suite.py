"""AWS's published Signature Version 4 test suite, in header and query form."""

import json
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.wire.canonical import canonical_path
from habitr_emulator.wire.http import Headers, Request
from habitr_emulator.wire.signature import Scope
from habitr_emulator.wire.signing import Calculated, Reading, calculate, key_of
from habitr_emulator.wire.sigv4 import Signature, presented, verify

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "data" / "aws_sigv4_suite.json").read_text())
NAMES = [case["name"] for case in CASES]


def raw_request(text: str) -> Request:
    """The request of a case: lines up to a blank one, folded header lines, body."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.rstrip("\n").split("\n")
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t"):
            name, value = headers.pop()
            headers.append((name, f"{value} {line.strip()}"))
        else:
            name, _, value = line.partition(":")
            headers.append((name.lower(), value.strip()))
    method, rest = first.split(" ", 1)
    return Request(method, rest.rsplit(" ", 1)[0], Headers(headers), body.encode())


def signed_names(canonical: str) -> tuple[str, ...]:
    return tuple(canonical.split("\n")[-2].split(";"))


def added(case: dict[str, Any], canonical: str) -> list[tuple[str, str]]:
    """The headers that the signer adds, as the canonical request shows them."""
    lines = [line.partition(":") for line in canonical.split("\n")[3:-3]]
    return [(name, value) for name, _, value in lines if name.startswith("x-amz-")]


def signature_of(case: dict[str, Any], form: str) -> tuple[Signature, Request]:
    request, canonical = raw_request(case["request"]), case[form]["canonical"]
    scope = Scope("20150830", "us-east-1", "service", "aws4_request")
    signature = Signature(
        "header" if form == "header" else "query",
        "AKIDEXAMPLE",
        case[form]["signature"],
        timestamp="20150830T123600Z",
        scope=scope,
        signed_headers=signed_names(canonical),
    )
    request.headers = Headers([*request.headers.lines, *added(case, canonical)])
    if form == "query":
        path = request.target.partition("?")[0]
        request.target = f"{path}?{canonical.split(chr(10))[2]}"
    return signature, request


@pytest.mark.parametrize("form", ["header", "query"])
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_published_canonical_request_string_to_sign_and_signature_are_reached(
    case: dict[str, Any], form: str
) -> None:
    signature, request = signature_of(case, form)
    key = key_of(signature, case["context"]["credentials"]["secret_access_key"])
    content = case[form]["canonical"].rsplit("\n", 1)[1]
    path = canonical_path(request.raw_path, s3=not case["context"]["normalize"])
    reading = Reading(request.headers.get("host"), content, path=path)
    calculated = calculate(signature, request, key, reading)
    published = Calculated(case[form]["signature"], case[form]["canonical"], case[form]["string_to_sign"])
    assert calculated == published


def test_a_published_request_is_verified_from_its_authorization_header() -> None:
    case = next(each for each in CASES if each["name"] == "post-x-www-form-urlencoded-parameters")
    _, request = signature_of(case, "header")
    names = ";".join(signed_names(case["header"]["canonical"]))
    request.headers = Headers(
        [
            *request.headers.lines,
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                f"SignedHeaders={names}, Signature={case['header']['signature']}",
            ),
        ]
    )
    signature = presented(request, s3=False)
    assert signature is not None
    assert verify(signature, request, case["context"]["credentials"]["secret_access_key"])
