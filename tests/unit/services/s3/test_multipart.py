"""Uploads in parts."""

import base64
import hashlib
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.s3.blobs import Blobs
from habitr_emulator.wire.http import FileRange

Call = Callable[..., Awaitable[dict[str, Any]]]
MIB = 1024 * 1024
FIRST, SECOND = b"a" * (5 * MIB), b"bcd"


def read(body: bytes | tuple[FileRange, ...]) -> bytes:
    if isinstance(body, bytes):
        return body
    return b"".join(part.path.read_bytes()[part.offset : part.offset + part.length] for part in body)


async def code_of(call: Awaitable[Any]) -> str:
    with pytest.raises(AwsError) as refused:
        await call
    return refused.value.code


async def begin(s3: Call, **more: Any) -> str:
    return str((await s3("create_multipart_upload", Key="big", **more))["UploadId"])


async def upload(s3: Call, upload_id: str, **bodies: bytes) -> list[dict[str, Any]]:
    parts = []
    for name, body in bodies.items():
        number = int(name.removeprefix("n"))
        put = await s3("upload_part", Key="big", UploadId=upload_id, PartNumber=number, Body=body)
        parts.append(
            {"PartNumber": number, **{k: v for k, v in put.items() if k == "ETag" or k.startswith("Checksum")}}
        )
    return parts


async def complete(s3: Call, upload_id: str, parts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return await s3(
        "complete_multipart_upload", Key="big", UploadId=upload_id, MultipartUpload={"Parts": parts}, **more
    )


async def test_an_upload_becomes_one_object_at_complete(s3: Call, ctx: Context) -> None:
    upload_id = await begin(s3, ContentType="image/png", Metadata={"m": "1"}, Tagging="t=1")
    parts = await upload(s3, upload_id, n3=FIRST, n7=SECOND)
    assert await code_of(s3("head_object", Key="big")) == "NoSuchKey"
    done = await complete(s3, upload_id, parts)
    md5s = hashlib.md5(FIRST).digest() + hashlib.md5(SECOND).digest()
    assert done["ETag"] == f'"{hashlib.md5(md5s).hexdigest()}-2"'
    got = await s3("get_object", Key="big")
    assert read(got["Body"]) == FIRST + SECOND
    assert (got["ContentType"], got["Metadata"], got["TagCount"]) == ("image/png", {"m": "1"}, 1)
    across = await s3("get_object", Key="big", Range=f"bytes={len(FIRST) - 1}-{len(FIRST)}")
    assert read(across["Body"]) == b"ab"
    second = await s3("get_object", Key="big", PartNumber=2)
    assert (read(second["Body"]), second["PartsCount"], ctx.response_status) == (SECOND, 2, 206)
    assert await code_of(s3("get_object", Key="big", PartNumber=3)) == "InvalidPartNumber"


async def test_complete_can_be_repeated(s3: Call) -> None:
    upload_id = await begin(s3)
    parts = await upload(s3, upload_id, n1=SECOND)
    first = await complete(s3, upload_id, parts)
    assert await complete(s3, upload_id, parts) == first
    await s3("put_object", Key="big", Body=b"")
    assert await code_of(complete(s3, upload_id, parts)) == "NoSuchUpload"


async def test_replaced_and_left_out_parts_are_garbage(s3: Call, account: Account) -> None:
    upload_id = await begin(s3)
    await upload(s3, upload_id, n1=b"old", n2=b"left out")
    parts = await upload(s3, upload_id, n1=b"new")
    await complete(s3, upload_id, parts)
    assert read((await s3("get_object", Key="big"))["Body"]) == b"new"
    await account.part(Blobs).close()
    assert len([path for path in account.part(Blobs).folder.rglob("*") if path.is_file()]) == 1


async def test_abort_removes_everything(s3: Call, account: Account) -> None:
    upload_id = await begin(s3)
    parts = await upload(s3, upload_id, n1=SECOND)
    await s3("abort_multipart_upload", Key="big", UploadId=upload_id)
    for call in (
        complete(s3, upload_id, parts),
        upload(s3, upload_id, n1=b""),
        s3("list_parts", Key="big", UploadId=upload_id),
    ):
        assert await code_of(call) == "NoSuchUpload"
    await account.part(Blobs).close()
    assert [path for path in account.part(Blobs).folder.rglob("*") if path.is_file()] == []


async def test_complete_refuses_what_does_not_fit(s3: Call) -> None:
    upload_id = await begin(s3)
    one, two = await upload(s3, upload_id, n1=b"small", n2=SECOND)
    assert await code_of(complete(s3, upload_id, [])) == "MalformedXML"
    assert await code_of(complete(s3, upload_id, [two, one])) == "InvalidPartOrder"
    assert await code_of(complete(s3, upload_id, [one, one])) == "InvalidPartOrder"
    assert await code_of(complete(s3, upload_id, [{**one, "ETag": '"x"'}])) == "InvalidPart"
    assert await code_of(complete(s3, upload_id, [{**one, "PartNumber": 9}])) == "InvalidPart"
    assert await code_of(complete(s3, upload_id, [one, two])) == "EntityTooSmall"
    assert await code_of(upload(s3, upload_id, n10001=b"")) == "InvalidArgument"
    assert (
        await code_of(s3("upload_part", Key="other", UploadId=upload_id, PartNumber=1, Body=b"")) == "NoSuchUpload"
    )
    assert await complete(s3, upload_id, [two])


@pytest.mark.parametrize(("kind", "suffix"), [("COMPOSITE", "-2"), ("FULL_OBJECT", "")])
async def test_checksums_of_parts_make_the_objects(s3: Call, kind: str, suffix: str) -> None:
    upload_id = await begin(s3, ChecksumAlgorithm="CRC32", ChecksumType=kind)
    parts = await upload(s3, upload_id, n1=FIRST, n2=SECOND)
    whole = zlib.crc32(FIRST + SECOND)
    if kind == "COMPOSITE":
        whole = zlib.crc32(b"".join(base64.b64decode(part["ChecksumCRC32"]) for part in parts))
    expected = base64.b64encode(whole.to_bytes(4, "big")).decode() + suffix
    assert await code_of(complete(s3, upload_id, parts, ChecksumCRC32="AAAAAA==")) == "BadDigest"
    done = await complete(s3, upload_id, parts, ChecksumCRC32=expected)
    assert (done["ChecksumCRC32"], done["ChecksumType"]) == (expected, kind)
    part = await s3("get_object", Key="big", PartNumber=2, ChecksumMode="ENABLED")
    assert part["ChecksumCRC32"] == parts[1]["ChecksumCRC32"]
    attributes = await s3("get_object_attributes", Key="big", ObjectAttributes=["ObjectParts"])
    assert attributes["ObjectParts"]["TotalPartsCount"] == 2


async def test_a_checksum_type_must_suit_its_algorithm(s3: Call) -> None:
    assert await code_of(begin(s3, ChecksumAlgorithm="SHA256", ChecksumType="FULL_OBJECT")) == "InvalidRequest"
    upload_id = await begin(s3, ChecksumAlgorithm="CRC32")
    wrong = s3(
        "upload_part",
        Key="big",
        UploadId=upload_id,
        PartNumber=1,
        Body=b"",
        ChecksumSHA1="2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
    )
    assert await code_of(wrong) == "InvalidRequest"


async def test_parts_can_be_copied_from_objects(s3: Call) -> None:
    await s3("put_object", Key="source", Body=b"0123456789")
    upload_id = await begin(s3)
    named = {"Key": "big", "UploadId": upload_id, "CopySource": "photos/source"}
    copied = await s3("upload_part_copy", PartNumber=1, CopySourceRange="bytes=2-4", **named)
    await complete(s3, upload_id, [{"PartNumber": 1, "ETag": copied["CopyPartResult"]["ETag"]}])
    assert read((await s3("get_object", Key="big"))["Body"]) == b"234"
    upload_id = await begin(s3)
    for asked in ("bytes=5-10", "bytes=4-", "2-4"):
        named["UploadId"] = upload_id
        assert (
            await code_of(s3("upload_part_copy", PartNumber=1, CopySourceRange=asked, **named))
            == "InvalidArgument"
        )


async def test_uploads_and_parts_are_listed_in_pages(s3: Call) -> None:
    upload_id = await begin(s3)
    await upload(s3, upload_id, n1=b"x", n2=b"y")
    await s3("create_multipart_upload", Key="dir/x")
    page = await s3("list_parts", Key="big", UploadId=upload_id, MaxParts=1)
    assert ([part["PartNumber"] for part in page["Parts"]], page["IsTruncated"]) == ([1], True)
    rest = await s3("list_parts", Key="big", UploadId=upload_id, PartNumberMarker=page["NextPartNumberMarker"])
    assert ([part["Size"] for part in rest["Parts"]], rest["IsTruncated"]) == ([1], False)
    uploads = await s3("list_multipart_uploads", MaxUploads=1, Delimiter="/")
    assert ([item["UploadId"] for item in uploads["Uploads"]], uploads["IsTruncated"]) == ([upload_id], True)
    marker = {"KeyMarker": uploads["NextKeyMarker"], "UploadIdMarker": uploads["NextUploadIdMarker"]}
    rest = await s3("list_multipart_uploads", Delimiter="/", **marker)
    assert (rest["Uploads"], rest["CommonPrefixes"]) == ([], [{"Prefix": "dir/"}])
