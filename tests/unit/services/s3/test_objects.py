"""Objects, put and read back."""

import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError, NotBuilt
from habitr_emulator.services.context import ANONYMOUS, Account, Context
from habitr_emulator.services.s3 import blobs as blobs_module
from habitr_emulator.services.s3.blobs import Blobs
from habitr_emulator.services.s3.sweep import Sweeper
from habitr_emulator.wire.http import FileRange

Call = Callable[..., Awaitable[dict[str, Any]]]


def read(body: bytes | tuple[FileRange, ...]) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"".join(part.path.read_bytes()[part.offset : part.offset + part.length] for part in body)


async def refusal(call: Awaitable[Any]) -> AwsError:
    with pytest.raises(AwsError) as refused:
        await call
    return refused.value


async def chunks(*pieces: bytes, error: Exception | None = None) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    if error is not None:
        raise error


def files(account: Account) -> set[Path]:
    return {path for path in account.store.folder.rglob("*") if path.is_file() and "state.db" not in path.name}


async def test_an_object_comes_back_as_it_was(s3: Call) -> None:
    metadata = {"Owner": "ann", "x": "=?UTF-8?B?w7w=?="}
    put = await s3(
        "put_object", Key="a/b ü", Body=b"hello", ContentType="text/plain", Metadata=metadata, Expires="soon"
    )
    assert put["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    got = await s3("get_object", Key="a/b ü")
    assert read(got["Body"]) == b"hello"
    assert (got["ContentLength"], got["ContentType"], got["Expires"]) == (5, "text/plain", "soon")
    assert got["Metadata"] == {"owner": "ann", "x": "=?UTF-8?B?w7w=?="}
    head = await s3("head_object", Key="a/b ü")
    assert head == {name: value for name, value in got.items() if name != "Body"}


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 1_048_576, 3_000_001])
async def test_streams_of_any_size_are_stored(s3: Call, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    pieces = [data[start : start + 50_000] for start in range(0, size, 50_000)]
    put = await s3("put_object", Key="k", Body=chunks(*pieces))
    got = await s3("get_object", Key="k")
    assert read(got["Body"]) == data
    assert put["ETag"].strip('"') == hashlib.md5(data).hexdigest()


async def test_keys_are_never_paths(s3: Call, account: Account) -> None:
    keys = ["../../etc/passwd", "/etc/passwd", "a", "a/", "a//b", "a/b", "CON", "b\\c", "..", "é" * 512]
    for key in keys:
        await s3("put_object", Key=key, Body=key.encode())
    for key in keys:
        assert read((await s3("get_object", Key=key))["Body"]) == key.encode()
    inside = account.store.folder.resolve()
    assert len(files(account)) == len(keys)
    assert all(path.resolve().is_relative_to(inside) for path in files(account))


@pytest.mark.parametrize(
    ("key", "code"), [("é" * 513, "KeyTooLongError"), ("a\0b", "InvalidURI"), ("\udc80", "InvalidURI")]
)
async def test_keys_that_cannot_be_are_refused(s3: Call, key: str, code: str) -> None:
    assert (await refusal(s3("put_object", Key=key, Body=b""))).code == code


async def test_a_broken_upload_leaves_nothing(s3: Call, account: Account) -> None:
    await s3("put_object", Key="k", Body=b"old")
    with pytest.raises(ConnectionError):
        await s3("put_object", Key="k", Body=chunks(b"new" * 100_000, error=ConnectionError()))
    assert read((await s3("get_object", Key="k"))["Body"]) == b"old"
    await account.part(Blobs).close()
    assert len(files(account)) == 1


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({"ContentMD5": base64.b64encode(hashlib.md5(b"other").digest()).decode()}, "BadDigest"),
        ({"ContentMD5": "xx"}, "InvalidDigest"),
        ({"ContentMD5": ""}, "InvalidDigest"),
        ({"ChecksumCRC32": "AAAAAA=="}, "BadDigest"),
        ({"ChecksumCRC32": "AAAA"}, "InvalidRequest"),
        ({"ChecksumSHA256": "no base64!"}, "InvalidRequest"),
        ({"ChecksumCRC32": "NhCmhg==", "ChecksumCRC32C": "mnG7TA=="}, "InvalidRequest"),
        ({"ChecksumXXHASH64": "AAAAAAAAAAA="}, "NotImplemented"),
    ],
)
async def test_a_body_that_is_not_what_was_declared_is_refused(
    s3: Call, declared: dict[str, str], code: str
) -> None:
    assert (await refusal(s3("put_object", Key="k", Body=b"hello", **declared))).code == code
    assert (await refusal(s3("get_object", Key="k"))).code == "NoSuchKey"


@pytest.mark.parametrize(
    ("algorithm", "value"),
    [
        ("CRC32", "NhCmhg=="),
        ("CRC32C", "mnG7TA=="),
        ("CRC64NVME", "M3eFcAZSQlc="),
        ("SHA1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
        ("SHA256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
    ],
)
async def test_a_checksum_is_verified_kept_and_shown_on_demand(s3: Call, algorithm: str, value: str) -> None:
    name = f"Checksum{algorithm}"
    put = await s3("put_object", Key="k", Body=b"hello", **{name: value})
    assert (put[name], put["ChecksumType"]) == (value, "FULL_OBJECT")
    assert name not in await s3("get_object", Key="k")
    assert (await s3("head_object", Key="k", ChecksumMode="ENABLED"))[name] == value
    assert name not in await s3("get_object", Key="k", ChecksumMode="ENABLED", Range="bytes=0-1")


async def test_a_presigned_urls_empty_checksum_is_not_held_against_the_body(s3: Call, ctx: Context) -> None:
    ctx.headers = {"host": "localhost"}
    assert await s3("put_object", Key="k", Body=b"hello", ChecksumCRC32="AAAAAA==", ChecksumAlgorithm="CRC32")
    ctx.headers = {"x-amz-checksum-crc32": "AAAAAA=="}
    assert (await refusal(s3("put_object", Key="k", Body=b"hello", ChecksumCRC32="AAAAAA=="))).code == "BadDigest"


@pytest.mark.parametrize(
    ("asked", "expected", "shown"),
    [
        ("bytes=0-4", b"01234", "bytes 0-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-30", b"0123456789", "bytes 0-9/10"),
        ("bytes=5-10", b"56789", "bytes 5-9/10"),
        ("bytes=9-9", b"9", "bytes 9-9/10"),
        ("bytes=4-2", b"0123456789", None),
        ("bytes=0-1,3-4", b"0123456789", None),
        ("bytes=-", b"0123456789", None),
        ("lines=1-2", b"0123456789", None),
    ],
)
async def test_ranges(s3: Call, ctx: Context, asked: str, expected: bytes, shown: str | None) -> None:
    await s3("put_object", Key="k", Body=b"0123456789")
    got = await s3("get_object", Key="k", Range=asked)
    assert (read(got["Body"]), got.get("ContentRange")) == (expected, shown)
    assert got["ContentLength"] == len(expected)
    assert ctx.response_status == (206 if shown else 0)


@pytest.mark.parametrize(
    ("body", "asked"), [(b"abc", "bytes=3-"), (b"abc", "bytes=-0"), (b"", "bytes=0-"), (b"", "bytes=-1")]
)
async def test_ranges_outside_the_object_are_refused(s3: Call, body: bytes, asked: str) -> None:
    await s3("put_object", Key="k", Body=body)
    error = await refusal(s3("get_object", Key="k", Range=asked))
    assert (error.code, error.status, error.fields["ActualObjectSize"]) == ("InvalidRange", 416, len(body))


NOW = 1_795_000_000
HELLO = '"5d41402abc4b2a76b9719d911017c592"'


@pytest.mark.parametrize(
    ("conditions", "answer"),
    [
        ({"IfMatch": HELLO}, 0),
        ({"IfMatch": HELLO.strip('"')}, 0),
        ({"IfMatch": "*"}, 0),
        ({"IfMatch": '"x"'}, 412),
        ({"IfNoneMatch": HELLO}, 304),
        ({"IfNoneMatch": f'"x", {HELLO}'}, 304),
        ({"IfNoneMatch": '"x"'}, 0),
        ({"IfModifiedSince": NOW}, 304),
        ({"IfModifiedSince": NOW - 1}, 0),
        ({"IfUnmodifiedSince": NOW}, 0),
        ({"IfUnmodifiedSince": NOW - 1}, 412),
        ({"IfMatch": HELLO, "IfUnmodifiedSince": NOW - 1}, 0),
        ({"IfNoneMatch": '"x"', "IfModifiedSince": NOW}, 0),
        ({"IfNoneMatch": HELLO, "IfModifiedSince": NOW - 1}, 304),
    ],
)
async def test_reading_under_conditions(s3: Call, ctx: Context, conditions: dict[str, Any], answer: int) -> None:
    await s3("put_object", Key="k", Body=b"hello")
    for operation in ("get_object", "head_object"):
        if answer == 412:
            assert (await refusal(s3(operation, Key="k", **conditions))).status == 412
            continue
        got = await s3(operation, Key="k", **conditions)
        assert ctx.response_status == answer
        assert got["ETag"] == HELLO
        assert ("ContentLength" in got) is (answer == 0)


async def test_writing_under_conditions(s3: Call) -> None:
    assert (await refusal(s3("put_object", Key="k", Body=b"x", IfMatch="*"))).code == "NoSuchKey"
    await s3("put_object", Key="k", Body=b"hello", IfNoneMatch="*")
    assert (await refusal(s3("put_object", Key="k", Body=b"x", IfNoneMatch="*"))).code == "PreconditionFailed"
    assert (await refusal(s3("put_object", Key="k", Body=b"x", IfNoneMatch='"a"'))).status == 501
    assert (await refusal(s3("put_object", Key="k", Body=b"x", IfMatch='"a"'))).code == "PreconditionFailed"
    assert (await refusal(s3("delete_object", Key="k", IfMatch='"a"'))).status == 412
    await s3("put_object", Key="k", Body=b"new", IfMatch=HELLO)
    assert read((await s3("get_object", Key="k"))["Body"]) == b"new"


async def test_a_signed_reader_chooses_response_headers(s3: Call, account: Account) -> None:
    await s3("put_object", Key="k", Body=b"x")
    asked = {"ResponseContentType": "image/png", "ResponseContentDisposition": "attachment"}
    got = await s3("get_object", Key="k", **asked)
    assert (got["ContentType"], got["ContentDisposition"]) == ("image/png", "attachment")
    stranger = account.context(ANONYMOUS)
    assert (await refusal(s3("get_object", Key="k", by=stranger, **asked))).code == "InvalidRequest"


async def test_deleting_is_repeatable_and_frees_the_file(s3: Call, account: Account) -> None:
    await s3("put_object", Key="k", Body=b"x")
    for _ in range(2):
        assert await s3("delete_object", Key="k") == {}
    assert (await refusal(s3("head_object", Key="k"))).status == 404
    await account.part(Blobs).close()
    assert files(account) == set()


async def test_overwriting_frees_the_old_file_only_after_a_while(
    s3: Call, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs_module, "SMALL", 0)
    await s3("put_object", Key="k", Body=b"old")
    running = await s3("get_object", Key="k")
    await s3("put_object", Key="k", Body=b"new")
    assert read(running["Body"]) == b"old"
    await account.part(Blobs).close()
    assert len(files(account)) == 1


async def test_a_sweep_removes_orphans_only(s3: Call, account: Account) -> None:
    await s3("put_object", Key="k", Body=b"kept")
    folder = account.store.folder
    (folder / "objects" / "ab").mkdir(exist_ok=True)
    (folder / "objects" / "ab" / "abcd").write_bytes(b"a crash came before the commit")
    (folder / "incoming" / "efgh").write_bytes(b"a crash came before the rename")
    (folder / "incoming" / "busy").write_bytes(b"an upload that is running")
    account.part(Blobs).writing.add("busy")
    assert await account.part(Sweeper).sweep() == 2
    assert len(files(account)) == 2
    assert read((await s3("get_object", Key="k"))["Body"]) == b"kept"


async def test_a_missing_body_is_reported(s3: Call, account: Account, caplog: pytest.LogCaptureFixture) -> None:
    await s3("put_object", Key="k", Body=b"x" * 100)
    next(iter(files(account))).unlink()
    await account.part(Sweeper).sweep()
    assert "missing on disk" in caplog.text
    assert "missing on disk" in ((await refusal(s3("get_object", Key="k"))).why or "")


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"ACL": "public-read"}, "AccessControlListNotSupported"),
        ({"GrantRead": "id=1"}, "AccessControlListNotSupported"),
        ({"Metadata": {"a": "x" * 2048}}, "MetadataTooLarge"),
        ({"Tagging": "a=1&a=2"}, "InvalidTag"),
        ({"Tagging": "&".join(f"k{n}=v" for n in range(11))}, "BadRequest"),
        ({"Bucket": "nobodys"}, "NoSuchBucket"),
        ({"ExpectedBucketOwner": "111111111111"}, "AccessDenied"),
    ],
)
async def test_what_a_put_may_not_ask_for(s3: Call, request_: dict[str, Any], code: str) -> None:
    assert (await refusal(s3("put_object", Key="k", Body=b"", **request_))).code == code


@pytest.mark.parametrize("member", ["WriteOffsetBytes", "ObjectLockEventHold"])
async def test_what_is_not_built_says_so(s3: Call, member: str) -> None:
    with pytest.raises(NotBuilt):
        await s3("put_object", Key="k", Body=b"", **{member: 1})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("aws-chunked", None), ("aws-chunked,gzip", "gzip"), ("gzip, aws-chunked", "gzip"), ("br", "br")],
)
async def test_aws_chunked_is_no_content_encoding(s3: Call, sent: str, kept: str | None) -> None:
    await s3("put_object", Key="k", Body=b"", ContentEncoding=sent)
    assert (await s3("head_object", Key="k")).get("ContentEncoding") == kept


async def test_a_copy_keeps_or_replaces_metadata(s3: Call) -> None:
    await s3("put_object", Key="a b", Body=b"hello", ContentType="text/plain", Metadata={"m": "1"}, Tagging="t=1")
    await s3("copy_object", Key="kept", CopySource="/photos/a%20b")
    await s3(
        "copy_object",
        Key="replaced",
        CopySource="photos/a b",
        MetadataDirective="REPLACE",
        TaggingDirective="REPLACE",
    )
    kept, replaced = await s3("get_object", Key="kept"), await s3("head_object", Key="replaced")
    assert (read(kept["Body"]), kept["ContentType"], kept["Metadata"], kept["TagCount"]) == (
        b"hello",
        "text/plain",
        {"m": "1"},
        1,
    )
    assert (replaced["ContentType"], replaced["Metadata"]) == ("binary/octet-stream", {})
    assert "TagCount" not in replaced
    assert (await refusal(s3("copy_object", Key="a b", CopySource="photos/a b"))).code == "InvalidRequest"
    assert (await refusal(s3("copy_object", Key="x", CopySource="photos/none"))).code == "NoSuchKey"
    assert (await refusal(s3("copy_object", Key="x", CopySource="photos"))).code == "InvalidArgument"
    wrong = s3("copy_object", Key="x", CopySource="photos/kept", CopySourceIfMatch='"x"')
    assert (await refusal(wrong)).code == "PreconditionFailed"


async def test_tags_are_set_read_and_removed(s3: Call) -> None:
    await s3("put_object", Key="k", Body=b"", Tagging="a=1&b=%C3%BC")
    assert (await s3("get_object_tagging", Key="k"))["TagSet"] == [
        {"Key": "a", "Value": "1"},
        {"Key": "b", "Value": "ü"},
    ]
    await s3("put_object_tagging", Key="k", Tagging={"TagSet": [{"Key": "c", "Value": "2"}]})
    assert (await s3("head_object", Key="k"))["TagCount"] == 1
    await s3("delete_object_tagging", Key="k")
    assert (await s3("get_object_tagging", Key="k"))["TagSet"] == []


async def test_attributes_show_what_was_asked(s3: Call) -> None:
    await s3("put_object", Key="k", Body=b"hello", ChecksumCRC32="NhCmhg==")
    got = await s3("get_object_attributes", Key="k", ObjectAttributes=["ETag,ObjectSize", "Checksum"])
    assert (got["ETag"], got["ObjectSize"], got["Checksum"]["ChecksumCRC32"]) == (HELLO.strip('"'), 5, "NhCmhg==")
    assert "StorageClass" not in got
    assert (
        await refusal(s3("get_object_attributes", Key="k", ObjectAttributes=["Colour"]))
    ).code == "InvalidArgument"


async def test_metadata_that_is_no_utf8_is_not_lost(s3: Call) -> None:
    await s3("put_object", Key="k", Body=b"", Metadata={"a": b"caf\xe9".decode("utf-8", "surrogateescape")})
    assert (await s3("head_object", Key="k"))["Metadata"] == {"a": "café"}
