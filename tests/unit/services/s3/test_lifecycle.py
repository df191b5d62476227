"""Lifecycle rules, by the emulator's clock."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.s3 import expiry

Call = Callable[..., Awaitable[dict[str, Any]]]
DAY = 86_400


@pytest.fixture
async def rules(s3: Call) -> Call:
    async def put(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
        listed = [{"Status": "Enabled", "Filter": {}, **rule} for rule in rules]
        return await s3("put_bucket_lifecycle_configuration", LifecycleConfiguration={"Rules": listed}, **more)

    return put


async def days_later(account: Account, ctx: Context, days: float) -> None:
    account.clock.advance(days * DAY)
    await expiry.apply(ctx, "photos", account.clock.now())


async def keys(s3: Call) -> list[str]:
    return [each["Key"] for each in (await s3("list_objects_v2"))["Contents"]]


async def code_of(call: Awaitable[Any]) -> str:
    with pytest.raises(AwsError) as refused:
        await call
    return refused.value.code


async def test_objects_expire_at_the_midnight_after_their_days(
    s3: Call, rules: Call, account: Account, ctx: Context
) -> None:
    account.clock.set(100 * DAY + 3600)
    await rules({"ID": "r 1", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 2}})
    put = await s3("put_object", Key="tmp/a", Body=b"x")
    assert put["Expiration"] == 'expiry-date="Tue, 14 Apr 1970 00:00:00 GMT", rule-id="r%201"'
    assert (await s3("head_object", Key="tmp/a"))["Expiration"] == put["Expiration"]
    assert "Expiration" not in await s3("put_object", Key="kept", Body=b"x")
    await days_later(account, ctx, 2)
    assert await keys(s3) == ["kept", "tmp/a"]
    await days_later(account, ctx, 1)
    assert await keys(s3) == ["kept"]


async def test_tags_and_sizes_choose(s3: Call, rules: Call, account: Account, ctx: Context) -> None:
    both = {"And": {"Tags": [{"Key": "a", "Value": "1"}], "ObjectSizeGreaterThan": 2, "ObjectSizeLessThan": 5}}
    await rules({"Filter": both, "Expiration": {"Days": 1}})
    for key, tags, size in (("match", "a=1&b=2", 3), ("tag", "a=2", 3), ("small", "a=1", 2), ("large", "a=1", 5)):
        await s3("put_object", Key=key, Body=b"x" * size, Tagging=tags)
    await days_later(account, ctx, 3)
    assert await keys(s3) == ["large", "small", "tag"]


async def test_a_versioned_object_expires_to_a_marker_and_old_versions_go(
    s3: Call, rules: Call, account: Account, ctx: Context
) -> None:
    await s3("put_bucket_versioning", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2", b"3", b"4"):
        await s3("put_object", Key="k", Body=body)
    await rules({"NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 1}})
    await days_later(account, ctx, 3)
    assert len((await s3("list_object_versions"))["Versions"]) == 2
    await rules({"Expiration": {"Days": 1}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}})
    await days_later(account, ctx, 0)
    listed = await s3("list_object_versions")
    assert len(listed["DeleteMarkers"]) == 1
    assert len(listed["Versions"]) == 1
    await rules({"Expiration": {"ExpiredObjectDeleteMarker": True}})
    await days_later(account, ctx, 3)
    assert len((await s3("list_object_versions"))["DeleteMarkers"]) == 1
    await rules(
        {"ID": "a", "Expiration": {"ExpiredObjectDeleteMarker": True}},
        {"ID": "b", "NoncurrentVersionExpiration": {"NoncurrentDays": 1}},
    )
    await days_later(account, ctx, 0)
    listed = await s3("list_object_versions")
    assert (listed["DeleteMarkers"], listed["Versions"]) == ([], [])


async def test_a_lock_outlives_a_rule(s3: Call, rules: Call, account: Account, ctx: Context) -> None:
    await s3("put_bucket_versioning", VersioningConfiguration={"Status": "Enabled"})
    await s3("put_object_lock_configuration", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    until = account.clock.now() + 100 * DAY
    await s3("put_object", Key="k", Body=b"1", ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until)
    await s3("put_object", Key="k", Body=b"2")
    await rules({"NoncurrentVersionExpiration": {"NoncurrentDays": 1}})
    await days_later(account, ctx, 10)
    assert len((await s3("list_object_versions"))["Versions"]) == 2
    await days_later(account, ctx, 100)
    assert len((await s3("list_object_versions"))["Versions"]) == 1


async def test_unfinished_uploads_are_aborted(s3: Call, rules: Call, account: Account, ctx: Context) -> None:
    await rules({"ID": "r", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}})
    upload = await s3("create_multipart_upload", Key="k")
    assert upload["AbortRuleId"] == "r"
    assert upload["AbortDate"] % DAY == 0
    await days_later(account, ctx, 1.5)
    assert (await s3("list_multipart_uploads"))["Uploads"] != []
    await days_later(account, ctx, 1)
    assert (await s3("list_multipart_uploads"))["Uploads"] == []


async def test_archived_objects_are_read_when_restored(
    s3: Call, rules: Call, account: Account, ctx: Context
) -> None:
    await s3("put_object", Key="small", Body=b"x")
    await s3("put_object", Key="k", Body=bytes(128 * 1024))
    await rules({"Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]})
    await days_later(account, ctx, 2)
    listed = {each["Key"]: each["StorageClass"] for each in (await s3("list_objects_v2"))["Contents"]}
    assert listed == {"k": "GLACIER", "small": "STANDARD"}
    assert (await s3("head_object", Key="k"))["StorageClass"] == "GLACIER"
    assert await code_of(s3("get_object", Key="k")) == "InvalidObjectState"
    assert await code_of(s3("restore_object", Key="small", RestoreRequest={"Days": 1})) == "InvalidObjectState"
    await s3("restore_object", Key="k", RestoreRequest={"Days": 1})
    assert ctx.response_status == 202
    assert 'ongoing-request="false"' in (await s3("get_object", Key="k"))["Restore"]
    await days_later(account, ctx, 3)
    assert await code_of(s3("get_object", Key="k")) == "InvalidObjectState"


async def test_what_is_disabled_does_nothing(s3: Call, rules: Call, account: Account, ctx: Context) -> None:
    await s3("put_object", Key="k", Body=b"x")
    await rules({"Status": "Disabled", "Expiration": {"Days": 1}})
    await days_later(account, ctx, 9)
    assert await keys(s3) == ["k"]
    await s3("delete_bucket_lifecycle")
    assert await code_of(s3("get_bucket_lifecycle_configuration")) == "NoSuchLifecycleConfiguration"


async def test_the_upkeep_looks_once_a_day_of_the_emulators_clock(s3: Call, rules: Call, account: Account) -> None:
    upkeep = expiry.Upkeep(account)
    await s3("put_object", Key="k", Body=b"x")
    await rules({"Expiration": {"Days": 1}})
    await upkeep.look()
    assert await keys(s3) == ["k"]
    account.clock.advance(3 * DAY)
    await upkeep.look()
    assert await keys(s3) == []
