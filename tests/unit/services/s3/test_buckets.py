"""Buckets, their policies and CORS rules, and who may do what in them."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import ANONYMOUS, Account, Caller, Context
from habitr_emulator.services.iam.authorize import authorize
from habitr_emulator.services.s3 import cors
from habitr_emulator.services.s3.deploy import deploy
from habitr_emulator.services.s3.spec import Bucket

Call = Callable[..., Awaitable[dict[str, Any]]]
ME = "us-east-1:1111"
SUB = "cognito-identity.amazonaws.com:sub"
ARN = "arn:aws:s3:::photos"


async def code_of(call: Awaitable[Any]) -> str:
    with pytest.raises(AwsError) as refused:
        await call
    return refused.value.code


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def user(account: Account, *policies: dict[str, Any]) -> Context:
    account.authorizer = authorize
    caller = Caller("signed", arn="arn:aws:sts::000000000000:assumed-role/auth/web", policies=policies)
    return account.context(replace(caller, conditions={SUB: ME}), protocol="rest-xml")


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a" * 64,
        "Photos",
        "pho_tos",
        "-photos",
        "photos-",
        "a..b",
        "a.-b",
        "a-.b",
        ".ab",
        "1.2.3.4",
        "xn--a",
        "a-s3alias",
    ],
)
async def test_names_that_no_bucket_has(s3: Call, name: str) -> None:
    assert await code_of(s3("create_bucket", Bucket=name)) == "InvalidBucketName"


@pytest.mark.parametrize("name", ["abc", "a.b", "1abc", "a-b--c", "a" * 63])
async def test_a_bucket_is_created_found_and_deleted(s3: Call, name: str) -> None:
    assert (await s3("create_bucket", Bucket=name))["Location"] == f"/{name}"
    assert (await s3("head_bucket", Bucket=name))["BucketRegion"] == "us-east-1"
    assert await s3("get_bucket_location", Bucket=name) == {}
    await s3("delete_bucket", Bucket=name)
    assert await code_of(s3("head_bucket", Bucket=name)) == "NoSuchBucket"


async def test_a_bucket_again(s3: Call, account: Account) -> None:
    assert await s3("create_bucket")
    account.region = "eu-west-1"
    assert await code_of(s3("create_bucket")) == "BucketAlreadyOwnedByYou"
    elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}}
    assert await code_of(s3("create_bucket", Bucket="other", **elsewhere)) == "IllegalLocationConstraintException"


async def test_only_an_empty_bucket_is_deleted(s3: Call) -> None:
    await s3("put_object", Key="k", Body=b"")
    assert await code_of(s3("delete_bucket")) == "BucketNotEmpty"
    await s3("delete_object", Key="k")
    await s3("create_multipart_upload", Key="k")
    assert await s3("delete_bucket") == {}


async def test_buckets_are_listed_in_pages(s3: Call) -> None:
    for name in ("alpha", "beta"):
        await s3("create_bucket", Bucket=name)
    page = await s3("list_buckets", MaxBuckets=2)
    assert [bucket["Name"] for bucket in page["Buckets"]] == ["alpha", "beta"]
    rest = await s3("list_buckets", ContinuationToken=page["ContinuationToken"])
    assert [bucket["Name"] for bucket in rest["Buckets"]] == ["photos"]
    assert [bucket["Name"] for bucket in (await s3("list_buckets", Prefix="be"))["Buckets"]] == ["beta"]


async def test_a_deployed_bucket_keeps_its_objects(s3: Call, ctx: Context) -> None:
    await s3("put_object", Key="k", Body=b"x")
    rule = {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}
    await deploy(ctx, Bucket("photos", (rule,), allow("s3:GetObject", f"{ARN}/*", Principal="*")))
    assert (await s3("head_object", Key="k"))["ContentLength"] == 1
    assert (await s3("get_bucket_cors"))["CORSRules"] == [rule]
    assert json.loads((await s3("get_bucket_policy"))["Policy"])["Statement"]


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "[]",
        "{",
        json.dumps({"Version": "2012-10-17"}),
        json.dumps(allow("s3:GetObject", f"{ARN}/*")),
        json.dumps(allow("s3:GetObject", "arn:aws:s3:::other/*", Principal="*")),
        json.dumps(allow("sqs:*", f"{ARN}/*", Principal="*")),
        json.dumps(allow("s3:*", f"{ARN}/*", Principal={"Foo": "x"})),
        json.dumps(allow("s3:*", f"{ARN}/*", Principal="*", Effect="Maybe")),
    ],
)
async def test_a_policy_that_cannot_be_read_is_refused(s3: Call, policy: str) -> None:
    assert await code_of(s3("put_bucket_policy", Policy=policy)) == "MalformedPolicy"
    assert await code_of(s3("get_bucket_policy")) == "NoSuchBucketPolicy"


async def test_a_bucket_policy_lets_strangers_read(s3: Call, account: Account) -> None:
    await s3("put_object", Key="public/a", Body=b"x")
    await s3("put_object", Key="private/a", Body=b"x")
    policy = json.dumps(allow("s3:GetObject", f"{ARN}/public/*", Principal="*"))
    assert await code_of(s3("put_bucket_policy", Policy=policy)) == "AccessDenied"
    await s3("delete_public_access_block")
    await s3("put_bucket_policy", Policy=policy)
    account.authorizer = authorize
    stranger = account.context(ANONYMOUS, protocol="rest-xml")
    assert (await s3("get_object", Key="public/a", by=stranger))["Body"] == b"x"
    assert await code_of(s3("get_object", Key="private/a", by=stranger)) == "AccessDenied"
    assert await code_of(s3("put_object", Key="public/a", Body=b"", by=stranger)) == "AccessDenied"
    await s3("put_public_access_block", PublicAccessBlockConfiguration={"RestrictPublicBuckets": True})
    assert await code_of(s3("get_object", Key="public/a", by=stranger)) == "AccessDenied"
    await s3("delete_public_access_block")
    await s3("delete_bucket_policy")
    assert await code_of(s3("get_object", Key="public/a", by=stranger)) == "AccessDenied"


async def test_a_missing_key_is_told_only_to_who_may_list(s3: Call, account: Account) -> None:
    reader, getting = user(account, allow("s3:GetObject", f"{ARN}/*")), allow("s3:GetObject", f"{ARN}/*")
    for operation in ("get_object", "head_object"):
        assert await code_of(s3(operation, Key="none", by=reader)) == "AccessDenied"
        lister = user(account, getting, allow("s3:ListBucket", ARN))
        assert await code_of(s3(operation, Key="none", by=lister)) == "NoSuchKey"
        some = user(
            account, getting, allow("s3:ListBucket", ARN, Condition={"StringLike": {"s3:prefix": "own/*"}})
        )
        assert await code_of(s3(operation, Key="own/none", by=some)) == "NoSuchKey"
        assert await code_of(s3(operation, Key="other/none", by=some)) == "AccessDenied"


async def test_deleting_many_judges_each_key(s3: Call, account: Account) -> None:
    for key in ("mine/a", "yours/a"):
        await s3("put_object", Key=key, Body=b"")
    deleter = user(account, allow("s3:DeleteObject", f"{ARN}/mine/*"))
    objects = [{"Key": "mine/a"}, {"Key": "yours/a"}, {"Key": "mine/none"}]
    done = await s3("delete_objects", Delete={"Objects": objects}, by=deleter)
    assert done["Deleted"] == [{"Key": "mine/a"}, {"Key": "mine/none"}]
    assert [(error["Key"], error["Code"]) for error in done["Errors"]] == [("yours/a", "AccessDenied")]
    quiet = await s3("delete_objects", Delete={"Objects": [{"Key": "mine/a"}], "Quiet": True}, by=deleter)
    assert quiet == {"Errors": []}
    assert await code_of(s3("delete_objects", Delete={"Objects": [{"Key": "k"}] * 1001})) == "MalformedXML"


async def test_copying_needs_both_rights(s3: Call, account: Account) -> None:
    await s3("put_object", Key="secret/a", Body=b"x")
    writer = user(account, allow(["s3:PutObject", "s3:GetObject"], f"{ARN}/open/*"))
    assert (
        await code_of(s3("copy_object", Key="open/a", CopySource="photos/secret/a", by=writer)) == "AccessDenied"
    )
    upload = (await s3("create_multipart_upload", Key="open/a", by=writer))["UploadId"]
    part = {"Key": "open/a", "UploadId": upload, "PartNumber": 1, "CopySource": "photos/secret/a"}
    assert await code_of(s3("upload_part_copy", by=writer, **part)) == "AccessDenied"


async def test_a_listing_is_judged_by_its_prefix(s3: Call, account: Account) -> None:
    own = f"private/${{{SUB}}}/*"
    lister = user(account, allow("s3:ListBucket", ARN, Condition={"StringLike": {"s3:prefix": ["public/*", own]}}))
    for prefix in ("public/", f"private/{ME}/"):
        assert (await s3("list_objects_v2", Prefix=prefix, by=lister))["KeyCount"] == 0
    for asked in ({}, {"Prefix": "private/"}, {"Prefix": "private/you/"}):
        assert await code_of(s3("list_objects_v2", by=lister, **asked)) == "AccessDenied"


async def test_tags_open_and_close_objects(s3: Call, account: Account) -> None:
    await s3("put_object", Key="k", Body=b"", Tagging="state=open")
    condition = {"StringEquals": {"s3:ExistingObjectTag/state": "open"}}
    reader = user(account, allow("s3:GetObject", f"{ARN}/*", Condition=condition))
    assert await s3("get_object", Key="k", by=reader)
    await s3(
        "put_object_tagging",
        Key="k",
        Tagging={"TagSet": [{"Key": "state", "Value": "shut"}]},
        by=user_root(account),
    )
    assert await code_of(s3("get_object", Key="k", by=reader)) == "AccessDenied"
    writer = user(account, allow("s3:PutObject", f"{ARN}/*"))
    assert await code_of(s3("put_object", Key="k", Body=b"", Tagging="state=open", by=writer)) == "AccessDenied"


def user_root(account: Account) -> Context:
    return account.context(Caller("signed", root=True))


RULES = [
    {
        "AllowedOrigins": ["https://*.habitr.app"],
        "AllowedMethods": ["PUT"],
        "AllowedHeaders": ["x-amz-*"],
        "MaxAgeSeconds": 30,
    },
    {"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "HEAD"], "ExposeHeaders": ["ETag"]},
]


@pytest.mark.parametrize(
    ("origin", "method", "headers", "allowed"),
    [
        ("https://www.habitr.app", "PUT", ["X-Amz-Date"], "https://www.habitr.app"),
        ("https://www.habitr.app", "PUT", ["authorization"], None),
        ("https://habitr.app", "PUT", [], None),
        ("http://localhost", "GET", [], "*"),
        ("http://localhost", "GET", ["range"], None),
        ("http://localhost", "DELETE", [], None),
    ],
)
async def test_preflights_follow_the_first_rule_that_fits(
    s3: Call, account: Account, origin: str, method: str, headers: list[str], allowed: str | None
) -> None:
    assert cors.preflight(account, "photos", origin, method, headers) is None
    await s3("put_bucket_cors", CORSConfiguration={"CORSRules": RULES})
    answer = cors.preflight(account, "photos", origin, method, headers)
    assert (answer or {}).get("Access-Control-Allow-Origin") == allowed
    if allowed and allowed != "*":
        assert answer is not None
        assert answer["Access-Control-Allow-Credentials"] == "true"
        assert (answer["Access-Control-Max-Age"], answer["Access-Control-Allow-Headers"]) == ("30", "x-amz-date")


async def test_real_answers_expose_what_the_rule_says(s3: Call, account: Account) -> None:
    await s3("put_bucket_cors", CORSConfiguration={"CORSRules": RULES})
    answer = cors.actual(account, "photos", "http://localhost", "GET")
    assert answer is not None
    assert answer["Access-Control-Expose-Headers"] == "ETag"
    await s3("delete_bucket_cors")
    assert cors.actual(account, "photos", "http://localhost", "GET") is None
    assert await code_of(s3("get_bucket_cors")) == "NoSuchCORSConfiguration"


@pytest.mark.parametrize(
    "rule",
    [
        {"AllowedOrigins": ["*"], "AllowedMethods": ["PATCH"]},
        {"AllowedOrigins": ["*.*"], "AllowedMethods": ["GET"]},
        {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "AllowedHeaders": ["*a*"]},
        {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "ExposeHeaders": ["x-*"]},
    ],
)
async def test_rules_that_s3_does_not_take(s3: Call, rule: dict[str, Any]) -> None:
    assert await code_of(s3("put_bucket_cors", CORSConfiguration={"CORSRules": [rule]})) == "InvalidRequest"
