"""Upload forms are read as they come, in pieces of any size."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.wire.http import Headers, Request
from habitr_emulator.wire.multipart_form import MOST_FIELDS, Form, Malformed, Part, Reader, boundary_of, opened

BOUNDARY = "----boundary"


def part(name: str, value: bytes, more: str = "") -> bytes:
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"
    )


END = f"--{BOUNDARY}--\r\n".encode()


def read(body: bytes, size: int) -> list[Part | bytes]:
    reader = Reader(boundary_of(f"multipart/form-data; boundary={BOUNDARY}") or b"")
    found: list[Part | bytes] = []
    for start in range(0, len(body), size):
        for piece in reader.feed(body[start : start + size]):
            if isinstance(piece, bytes) and found and isinstance(found[-1], bytes):
                found[-1] += piece
            else:
                found.append(piece)
    assert reader.done
    return found


@settings(max_examples=150, deadline=None)
@given(
    values=st.lists(st.binary(max_size=60), min_size=1, max_size=4),
    size=st.integers(1, 40),
    broken=st.sampled_from([b"", b"\r\n--", b"\r\n----boundar", b"\r", b"\r\n\r\n"]),
)
def test_however_it_is_cut_the_form_is_the_same(values: list[bytes], size: int, broken: bytes) -> None:
    values = [value.replace(b"boundary", b"") + broken for value in values]
    body = b"a preamble" + b"\r\n" + b"".join(part(f"f{n}", value) for n, value in enumerate(values)) + END
    expected: list[Part | bytes] = []
    for number, value in enumerate(values):
        expected += [Part(f"f{number}", None, ""), *([value] if value else [])]
    assert read(body, size) == expected


def request(
    body: bytes, size: int = 7, content_type: str = f"multipart/form-data; boundary={BOUNDARY}"
) -> Request:
    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    return Request("POST", "/bucket", Headers([("content-type", content_type)]), stream=stream())


async def content(form: Form) -> bytes:
    return b"".join([piece async for piece in form.file])


async def test_fields_come_first_and_the_file_streams() -> None:
    more = '; filename="C:\\photos\\me.jpg"\r\nContent-Type: image/jpeg'
    body = part("Key", "ä".encode()) + part("key", b"second") + part("file", b"\x00" * 90, more) + END
    form = await opened(request(body))
    assert form.fields == {"key": "ä"}
    assert (form.filename, form.content_type) == ("me.jpg", "image/jpeg")
    assert await content(form) == b"\x00" * 90


async def test_what_follows_the_file_is_ignored() -> None:
    body = part("file", b"data") + part("key", b"late") + END + b"epilogue"
    form = await opened(request(body))
    assert (form.fields, await content(form)) == ({}, b"data")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (part("key", b"a") + END, "InvalidArgument"),
        (part("key", b"a"), "MalformedPOSTRequest"),
        (part("file", b"a"), "MalformedPOSTRequest"),
        (part("file", b"a") + part("file", b"b") + END, "InvalidArgument"),
        (f"--{BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nx\r\n".encode() + END, "MalformedPOSTRequest"),
        (f"--{BOUNDARY}garbage\r\n\r\n".encode() + END, "MalformedPOSTRequest"),
        (part("", b"a") + END, "MalformedPOSTRequest"),
        (part("policy", b"x" * MOST_FIELDS) + part("file", b"a") + END, "MaxPostPreDataLengthExceededError"),
        (f"--{BOUNDARY}\r\nX: {'y' * 9000}".encode(), "MalformedPOSTRequest"),
        (part("file", b"a") + part("x", b"y" * MOST_FIELDS * 2) + END, "MalformedPOSTRequest"),
        (b"", "MalformedPOSTRequest"),
    ],
)
async def test_a_form_that_is_none_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(AwsError) as refused:
        await content(await opened(request(body, 512)))
    assert type(refused.value).__name__ == code


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "", "multipart/form-data; boundary="])
async def test_without_a_boundary_there_is_no_form(kind: str) -> None:
    with pytest.raises(AwsError, match="not well-formed"):
        await opened(request(b"x", content_type=kind))


def test_a_reader_takes_quoted_boundaries() -> None:
    assert boundary_of('multipart/form-data; charset=utf-8; boundary="a b"') == b"\r\n--a b"
    assert boundary_of("multipart/form-data; boundary=" + "x" * 500) is None
    with pytest.raises(Malformed):
        list(Reader(b"\r\n--x").feed(b"--x" + b" " * 70))
