"""Versions of objects, as boto3 sees them: delete markers, null versions, listings, copies, locks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.journeys.conftest import Running
from tests.journeys.people import new_name

Call = Callable[..., Any]


@pytest.fixture
def s3(emulator: Running) -> Any:
    return emulator.client("s3")


@pytest.fixture
def bucket(s3: Any) -> Iterator[str]:
    name = new_name("versions").lower()
    s3.create_bucket(Bucket=name)
    yield name
    empty(s3, name)
    s3.delete_bucket(Bucket=name)


def empty(s3: Any, bucket: str) -> None:
    listed = s3.list_object_versions(Bucket=bucket)
    for each in listed.get("Versions", []) + listed.get("DeleteMarkers", []):
        where = {"Bucket": bucket, "Key": each["Key"], "VersionId": each["VersionId"]}
        s3.delete_object(**where, BypassGovernanceRetention=True)


def enable(s3: Any, bucket: str, status: str = "Enabled") -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})


def refused(call: Call, **request: Any) -> tuple[int, str, dict[str, str]]:
    with pytest.raises(ClientError) as error:
        call(**request)
    answer = error.value.response
    meta = answer["ResponseMetadata"]
    return meta["HTTPStatusCode"], answer["Error"]["Code"], meta["HTTPHeaders"]


def body(s3: Any, **where: Any) -> bytes:
    read: bytes = s3.get_object(**where)["Body"].read()
    return read


def test_every_write_of_a_versioned_bucket_keeps_what_was_there(s3: Any, bucket: str) -> None:
    where = {"Bucket": bucket, "Key": "k"}
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert "VersionId" not in s3.put_object(**where, Body=b"zero")
    enable(s3, bucket)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_object(**where)["VersionId"] == "null"
    ids = ["null"] + [s3.put_object(**where, Body=f"{n}".encode())["VersionId"] for n in range(3)]
    assert len(set(ids)) == 4
    assert body(s3, **where) == b"2"
    assert [body(s3, **where, VersionId=each) for each in ids] == [b"zero", b"0", b"1", b"2"]
    listed = s3.list_object_versions(Bucket=bucket)["Versions"]
    assert [each["VersionId"] for each in listed] == ids[::-1]
    assert [each["IsLatest"] for each in listed] == [True, False, False, False]
    assert s3.delete_object(**where, VersionId=ids[-1])["VersionId"] == ids[-1]
    assert body(s3, **where) == b"1"
    assert s3.list_objects_v2(Bucket=bucket)["Contents"][0]["Size"] == 1


def test_a_delete_leaves_a_marker_that_hides_the_object_until_it_goes(s3: Any, bucket: str) -> None:
    where = {"Bucket": bucket, "Key": "k"}
    enable(s3, bucket)
    first = s3.put_object(**where, Body=b"x")["VersionId"]
    marker = s3.delete_object(**where)
    assert marker["DeleteMarker"]
    status, code, headers = refused(s3.get_object, **where)
    assert (status, code, headers["x-amz-delete-marker"]) == (404, "NoSuchKey", "true")
    assert headers["x-amz-version-id"] == marker["VersionId"]
    status, code, headers = refused(s3.get_object, **where, VersionId=marker["VersionId"])
    assert (status, code, headers["x-amz-delete-marker"]) == (405, "MethodNotAllowed", "true")
    assert refused(s3.head_object, **where)[0] == 404
    assert body(s3, **where, VersionId=first) == b"x"
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    listed = s3.list_object_versions(Bucket=bucket)
    assert [each["IsLatest"] for each in listed["DeleteMarkers"]] == [True]
    assert [each["IsLatest"] for each in listed["Versions"]] == [False]
    gone = s3.delete_object(**where, VersionId=marker["VersionId"])
    assert (gone["DeleteMarker"], gone["VersionId"]) == (True, marker["VersionId"])
    assert body(s3, **where) == b"x"


def test_a_suspended_bucket_writes_and_deletes_the_null_version_only(s3: Any, bucket: str) -> None:
    where = {"Bucket": bucket, "Key": "k"}
    enable(s3, bucket)
    kept = s3.put_object(**where, Body=b"kept")["VersionId"]
    enable(s3, bucket, "Suspended")
    assert s3.put_object(**where, Body=b"null 1")["VersionId"] == "null"
    assert s3.put_object(**where, Body=b"null 2")["VersionId"] == "null"
    assert len(s3.list_object_versions(Bucket=bucket)["Versions"]) == 2
    marker = s3.delete_object(**where)
    assert (marker["DeleteMarker"], marker["VersionId"]) == (True, "null")
    listed = s3.list_object_versions(Bucket=bucket)
    assert [each["VersionId"] for each in listed["Versions"]] == [kept]
    assert [each["VersionId"] for each in listed["DeleteMarkers"]] == ["null"]
    enable(s3, bucket)
    assert s3.put_object(**where, Body=b"new")["VersionId"] not in ("null", kept)
    s3.delete_object(**where, VersionId="null")
    assert "DeleteMarkers" not in s3.list_object_versions(Bucket=bucket)


def test_unknown_and_malformed_versions(s3: Any, bucket: str) -> None:
    where = {"Bucket": bucket, "Key": "k"}
    enable(s3, bucket)
    s3.put_object(**where, Body=b"x")
    assert refused(s3.get_object, **where, VersionId="null")[:2] == (404, "NoSuchVersion")
    assert refused(s3.get_object, **where, VersionId="a" * 32)[:2] == (404, "NoSuchVersion")
    assert refused(s3.get_object, **where, VersionId="x/y")[:2] == (400, "InvalidArgument")
    assert s3.delete_object(**where, VersionId="a" * 32)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert body(s3, **where) == b"x"
    assert refused(s3.delete_bucket, Bucket=bucket)[:2] == (409, "BucketNotEmpty")


def test_versions_are_listed_in_pages_of_any_size(s3: Any, bucket: str) -> None:
    enable(s3, bucket)
    for key in ("a", "b/1", "b/2", "c+ ü", "d"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"1")
        s3.put_object(Bucket=bucket, Key=key, Body=b"2")
    s3.delete_object(Bucket=bucket, Key="a")
    for size in (1, 2, 3, 7):
        pages = s3.get_paginator("list_object_versions").paginate(
            Bucket=bucket, PaginationConfig={"PageSize": size}
        )
        found = [
            (each["Key"], each["VersionId"])
            for page in pages
            for each in page.get("Versions", []) + page.get("DeleteMarkers", [])
        ]
        assert len(found) == len(set(found)) == 11
    rolled = s3.list_object_versions(Bucket=bucket, Delimiter="/")
    assert [each["Prefix"] for each in rolled["CommonPrefixes"]] == ["b/"]
    assert [each["Key"] for each in rolled["Versions"]] == ["a", "a", "c+ ü", "c+ ü", "d", "d"]
    assert [each["Key"] for each in s3.list_object_versions(Bucket=bucket, Prefix="b/")["Versions"]] == [
        *("b/1", "b/1"),
        *("b/2", "b/2"),
    ]
    page = s3.list_object_versions(Bucket=bucket, Delimiter="/", MaxKeys=4)
    assert (page["IsTruncated"], page["NextKeyMarker"]) == (True, "b/")
    assert refused(s3.list_object_versions, Bucket=bucket, VersionIdMarker="x")[1] == "InvalidArgument"


def test_copies_take_the_version_that_they_name(s3: Any, bucket: str) -> None:
    enable(s3, bucket)
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"first", Metadata={"a": "1"})["VersionId"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"second")
    source = {"Bucket": bucket, "Key": "k", "VersionId": first}
    copied = s3.copy_object(Bucket=bucket, Key="copy", CopySource=source)
    assert copied["CopySourceVersionId"] == first
    assert copied["VersionId"] not in ("null", first)
    assert body(s3, Bucket=bucket, Key="copy") == b"first"
    s3.copy_object(Bucket=bucket, Key="k", CopySource=source)
    assert s3.head_object(Bucket=bucket, Key="k")["Metadata"] == {"a": "1"}
    marker = s3.delete_object(Bucket=bucket, Key="k")["VersionId"]
    latest = {"Bucket": bucket, "Key": "k"}
    assert refused(s3.copy_object, Bucket=bucket, Key="x", CopySource=latest)[:2] == (404, "NoSuchKey")
    named = {**latest, "VersionId": marker}
    assert refused(s3.copy_object, Bucket=bucket, Key="x", CopySource=named)[:2] == (400, "InvalidRequest")


def test_many_deletes_name_versions_and_markers(s3: Any, bucket: str) -> None:
    enable(s3, bucket)
    version = s3.put_object(Bucket=bucket, Key="a", Body=b"x")["VersionId"]
    s3.put_object(Bucket=bucket, Key="b", Body=b"x")
    objects = [{"Key": "a", "VersionId": version}, {"Key": "b"}, {"Key": "none"}]
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})["Deleted"]
    assert deleted[0] == {"Key": "a", "VersionId": version}
    assert all(each["DeleteMarker"] and each["DeleteMarkerVersionId"] for each in deleted[1:])
    again = [{"Key": each["Key"], "VersionId": each["DeleteMarkerVersionId"]} for each in deleted[1:]]
    removed = s3.delete_objects(Bucket=bucket, Delete={"Objects": again})["Deleted"]
    assert all(each["DeleteMarker"] and each["DeleteMarkerVersionId"] == each["VersionId"] for each in removed)
    assert body(s3, Bucket=bucket, Key="b") == b"x"


def test_a_multipart_upload_makes_a_version(s3: Any, bucket: str) -> None:
    enable(s3, bucket)
    where = {"Bucket": bucket, "Key": "k"}
    old = s3.put_object(**where, Body=b"old")["VersionId"]
    upload = s3.create_multipart_upload(**where)["UploadId"]
    part = s3.upload_part(**where, UploadId=upload, PartNumber=1, Body=b"new")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    done = s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload=parts)
    assert done["VersionId"] not in (old, "null")
    again = s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload=parts)
    assert again["VersionId"] == done["VersionId"]
    assert body(s3, **where, VersionId=old) == b"old"
    tags = {"TagSet": [{"Key": "a", "Value": "b"}]}
    assert s3.put_object_tagging(**where, VersionId=old, Tagging=tags)["VersionId"] == old
    assert s3.get_object_tagging(**where)["TagSet"] == []
    assert s3.get_object_tagging(**where, VersionId=old)["TagSet"] == tags["TagSet"]


def test_conditions_count_a_delete_marker_as_nothing(s3: Any, bucket: str) -> None:
    enable(s3, bucket)
    where = {"Bucket": bucket, "Key": "k"}
    etag = s3.put_object(**where, Body=b"x", IfNoneMatch="*")["ETag"]
    assert refused(s3.put_object, **where, Body=b"y", IfNoneMatch="*")[:2] == (412, "PreconditionFailed")
    s3.put_object(**where, Body=b"y", IfMatch=etag)
    assert refused(s3.delete_object, **where, IfMatch=etag)[:2] == (412, "PreconditionFailed")
    s3.delete_object(**where)
    assert refused(s3.put_object, **where, Body=b"z", IfMatch=etag)[:2] == (404, "NoSuchKey")
    s3.put_object(**where, Body=b"z", IfNoneMatch="*")
    assert body(s3, **where) == b"z"


def test_a_lock_keeps_a_version_until_its_time(s3: Any) -> None:
    bucket = new_name("locked").lower()
    s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    where = {"Bucket": bucket, "Key": "k"}
    until = datetime.now(UTC) + timedelta(days=1)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    suspended = {"Status": "Suspended"}
    assert refused(s3.put_bucket_versioning, Bucket=bucket, VersioningConfiguration=suspended)[0] == 409
    version = s3.put_object(**where, Body=b"x", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until)[
        "VersionId"
    ]
    head = s3.head_object(**where)
    assert (head["ObjectLockMode"], int(head["ObjectLockRetainUntilDate"].timestamp())) == (
        "GOVERNANCE",
        int(until.timestamp()),
    )
    assert refused(s3.delete_object, **where, VersionId=version)[:2] == (403, "AccessDenied")
    shorter = {"Mode": "GOVERNANCE", "RetainUntilDate": until - timedelta(hours=1)}
    assert refused(s3.put_object_retention, **where, Retention=shorter)[:2] == (403, "AccessDenied")
    s3.put_object_retention(**where, Retention=shorter, BypassGovernanceRetention=True)
    s3.put_object_legal_hold(**where, LegalHold={"Status": "ON"})
    assert s3.get_object_legal_hold(**where)["LegalHold"] == {"Status": "ON"}
    bypass = {"VersionId": version, "BypassGovernanceRetention": True}
    assert refused(s3.delete_object, **where, **bypass)[:2] == (403, "AccessDenied")
    s3.put_object_legal_hold(**where, LegalHold={"Status": "OFF"})
    s3.delete_object(**where, **bypass)
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 2}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)
    assert s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"] == configuration
    s3.put_object(**where, Body=b"y")
    assert s3.get_object_retention(**where)["Retention"]["Mode"] == "GOVERNANCE"
    empty(s3, bucket)
    s3.delete_bucket(Bucket=bucket)


@pytest.mark.parametrize(
    ("retention", "code"),
    [
        ({"Mode": "GOVERNANCE", "Days": 1, "Years": 1}, "MalformedXML"),
        ({"Mode": "GOVERNANCE", "Days": 0}, "InvalidRetentionPeriod"),
        ({"Mode": "governance", "Days": 1}, "MalformedXML"),
    ],
)
def test_a_default_retention_must_be_one(s3: Any, bucket: str, retention: dict[str, Any], code: str) -> None:
    enable(s3, bucket)
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    put = s3.put_object_lock_configuration
    assert refused(put, Bucket=bucket, ObjectLockConfiguration=configuration)[1] == code


def test_without_a_lock_configuration_nothing_is_locked(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    where = {"Bucket": bucket, "Key": "k"}
    assert refused(s3.get_object_retention, **where)[:2] == (400, "InvalidRequest")
    assert refused(s3.put_object_legal_hold, **where, LegalHold={"Status": "ON"})[:2] == (400, "InvalidRequest")
    assert refused(s3.get_object_lock_configuration, Bucket=bucket)[1] == "ObjectLockConfigurationNotFoundError"
    configuration = {"ObjectLockEnabled": "Enabled"}
    put = s3.put_object_lock_configuration
    assert refused(put, Bucket=bucket, ObjectLockConfiguration=configuration)[:2] == (409, "InvalidBucketState")
