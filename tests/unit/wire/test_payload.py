"""S3's body modes: plain with a hash, signed chunks, signed and unsigned trailers."""

import base64
import hashlib
import hmac
import zlib
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.checksums import hasher
from habitr_emulator.wire.http import Headers, Request
from habitr_emulator.wire.payload import Plan, plan_of, verified
from habitr_emulator.wire.signature import Scope, Signature
from habitr_emulator.wire.signing import signing_key

SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER = (
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
)
STAMP, SCOPE = "20130524T000000Z", Scope("20130524", "us-east-1", "s3", "aws4_request")
KEY = signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1", "s3")
EMPTY = hashlib.sha256(b"").hexdigest()
SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
TRAILER_SEED = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"


def crc32(body: bytes) -> str:
    return base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()


def chain(previous: str, what: str, last: str) -> str:
    text = f"AWS4-HMAC-SHA256-{what}\n{STAMP}\n{SCOPE}\n{previous}\n{last}"
    return hmac.digest(KEY, text.encode(), "sha256").hex()


def framed(body: bytes, size: int, mode: str, trailer: tuple[str, str] | None = None, seed: str = SEED) -> bytes:
    """``body`` in aws-chunked, as a client sends it."""
    out, signature = b"", seed
    for start in (*range(0, len(body), size), len(body)):
        piece = body[start : start + size]
        out += b"%x" % len(piece)
        if mode != UNSIGNED_TRAILER:
            signature = chain(signature, "PAYLOAD", f"{EMPTY}\n{hashlib.sha256(piece).hexdigest()}")
            out += b";chunk-signature=" + signature.encode()
        out += b"\r\n" + piece + (b"\r\n" if piece else b"")
    if trailer:
        out += f"{trailer[0]}:{trailer[1]}\r\n".encode()
        if mode == SIGNED_TRAILER:
            lines = hashlib.sha256(f"{trailer[0]}:{trailer[1]}\n".encode()).hexdigest()
            out += b"x-amz-trailer-signature:" + chain(signature, "TRAILER", lines).encode() + b"\r\n"
    return out + b"\r\n"


def planned(mode: str, length: int, trailer: str = "", seed: str = SEED) -> Plan:
    lines = [("x-amz-content-sha256", mode), ("x-amz-decoded-content-length", str(length))]
    if trailer:
        lines.append(("x-amz-trailer", trailer))
    signature = Signature("header", "AK", seed, True, STAMP, SCOPE)
    return plan_of(Request("PUT", "/b/k", Headers(lines)), signature, KEY)


async def received(wire: bytes, plan: Plan, size: int = 1000) -> bytes:
    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(wire), size):
            yield wire[start : start + size]

    return b"".join([piece async for piece in verified(stream(), plan)])


async def code_of(wire: bytes, plan: Plan) -> str:
    try:
        await received(wire, plan)
    except AwsError as error:
        return error.code
    return "ok"


async def test_the_published_chunks_are_accepted() -> None:
    body = b"a" * 66560
    wire = framed(body, 65536, SIGNED)
    published = [b"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"]
    published += [b"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"]
    published += [b"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"]
    assert all(signature in wire for signature in published)
    assert await received(wire, planned(SIGNED, 66560)) == body


async def test_the_published_signed_trailer_is_accepted_and_kept() -> None:
    body = b"a" * 66560
    trailer = ("x-amz-checksum-crc32c", "sOO8/Q==")
    wire = framed(body, 65536, SIGNED_TRAILER, trailer, TRAILER_SEED)
    assert b"d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435" in wire
    plan = planned(SIGNED_TRAILER, 66560, trailer[0], TRAILER_SEED)
    assert await received(wire, plan) == body
    assert plan.trailers == dict([trailer])


@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=300), network=st.integers(1, 50), mode=st.sampled_from([SIGNED, UNSIGNED_TRAILER]))
async def test_a_body_arrives_however_it_is_cut(body: bytes, network: int, mode: str) -> None:
    trailer = ("x-amz-checksum-crc32", crc32(body)) if mode == UNSIGNED_TRAILER else None
    wire = framed(body, 8192, mode, trailer)
    assert await received(wire, planned(mode, len(body), trailer[0] if trailer else ""), network) == body


BODY = bytes(range(256)) * 40
TRAILER = ("x-amz-checksum-crc32", crc32(BODY))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda wire: wire, "ok"),
        (lambda wire: wire.replace(b"\x01\x02\x03", b"\x01\x02\x04", 1), "SignatureDoesNotMatch"),
        (lambda wire: wire.replace(b"chunk-signature=", b"chunk-signature=g", 1), "SignatureDoesNotMatch"),
        (lambda wire: wire[:-5], "IncompleteBody"),
        (lambda wire: wire[: len(wire) // 2], "IncompleteBody"),
        (lambda wire: wire + b"x", "IncompleteBody"),
        (lambda wire: wire.replace(b";chunk-signature=", b";other=", 1), "IncompleteBody"),
        (lambda wire: b"zz" + wire, "IncompleteBody"),
        (lambda wire: b"a" * 2000, "IncompleteBody"),
    ],
)
async def test_a_signed_body_with_a_change_is_refused(change: Callable[[bytes], bytes], expected: str) -> None:
    assert await code_of(change(framed(BODY, 8192, SIGNED)), planned(SIGNED, len(BODY))) == expected


@pytest.mark.parametrize(
    ("trailer", "announced", "expected"),
    [
        (TRAILER, TRAILER[0], "ok"),
        ((TRAILER[0], crc32(b"x")), TRAILER[0], "BadDigest"),
        ((TRAILER[0], "abc"), TRAILER[0], "InvalidRequest"),
        (None, TRAILER[0], "MalformedTrailerError"),
        (TRAILER, "x-amz-checksum-sha1", "MalformedTrailerError"),
        (None, "", "ok"),
    ],
)
async def test_an_unsigned_trailer_is_held_to_the_body(
    trailer: tuple[str, str] | None, announced: str, expected: str
) -> None:
    wire = framed(BODY, 8192, UNSIGNED_TRAILER, trailer)
    assert await code_of(wire, planned(UNSIGNED_TRAILER, len(BODY), announced)) == expected


async def test_the_length_must_be_the_announced_one() -> None:
    wire = framed(BODY, 8192, SIGNED)
    assert await code_of(wire, planned(SIGNED, len(BODY) - 1)) == "IncompleteBody"
    assert await code_of(wire, planned(SIGNED, len(BODY) + 1)) == "IncompleteBody"


async def test_only_the_last_chunk_may_be_small() -> None:
    assert await code_of(framed(BODY, 7000, SIGNED), planned(SIGNED, len(BODY))) == "InvalidChunkSizeError"


async def test_a_plain_body_is_held_to_its_hash() -> None:
    declared = hashlib.sha256(BODY).hexdigest()
    plan = plan_of(Request("PUT", "/b/k", Headers([("x-amz-content-sha256", declared)])), None, b"")
    assert await code_of(BODY, plan) == "ok"
    assert await code_of(BODY[:-1], plan) == "XAmzContentSHA256Mismatch"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([("x-amz-content-sha256", SIGNED)], "MissingContentLength"),
        ([("x-amz-content-sha256", SIGNED), ("x-amz-decoded-content-length", "1")], "InvalidRequest"),
        (
            [
                ("x-amz-content-sha256", UNSIGNED_TRAILER),
                ("x-amz-decoded-content-length", "1"),
                ("x-amz-trailer", "x-amz-meta-a"),
            ],
            "InvalidRequest",
        ),
    ],
)
def test_a_request_is_refused_before_its_body_is_read(lines: list[tuple[str, str]], code: str) -> None:
    with pytest.raises(AwsError) as caught:
        plan_of(Request("PUT", "/b/k", Headers(lines)), None, b"")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("algorithm", "check"), [("crc32", "cbf43926"), ("crc32c", "e3069283"), ("crc64nvme", "ae8b14860a799888")]
)
def test_crcs_have_their_published_check_values(algorithm: str, check: str) -> None:
    running = hasher(algorithm)
    assert running is not None
    for piece in (b"1234", b"", b"56789"):
        running.update(piece)
    assert running.digest().hex() == check
