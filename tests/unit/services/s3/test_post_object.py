"""Browsers' upload forms: what a policy lets through, what is stored, what is answered."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import ANONYMOUS, Context
from habitr_emulator.services.s3 import post_policy
from habitr_emulator.services.s3.http import Upload, handle
from habitr_emulator.wire.http import Headers, Request, Response
from habitr_emulator.wire.multipart_form import Form

NOW = 1_795_000_000.0
LATER = "2099-01-01T00:00:00Z"


def encoded(*conditions: Any, **document: Any) -> str:
    made = {"expiration": LATER, "conditions": list(conditions), **document}
    return base64.b64encode(json.dumps({k: v for k, v in made.items() if v is not None}).encode()).decode()


def judge(fields: dict[str, str], *conditions: Any) -> post_policy.Bounds:
    return post_policy.check(post_policy.read(encoded(*conditions)), fields, NOW)


@pytest.mark.parametrize(
    ("fields", "conditions"),
    [
        ({"key": "a"}, [{"key": "a"}]),
        ({"key": "a"}, [{"KEY": "a"}]),
        ({"key": "a"}, [["eq", "$Key", "a"]]),
        ({"key": "user/me/x"}, [["starts-with", "$key", "user/me/"]]),
        ({"key": "anything"}, [["starts-with", "$key", ""]]),
        ({"content-type": "image/jpeg,image/png"}, [["starts-with", "$Content-Type", "image/"]]),
        ({"bucket": "b"}, [{"bucket": "b"}]),
        ({"x-ignore-me": "1", "policy": "p", "signature": "s", "x-amz-signature": "s"}, []),
        ({}, [["content-length-range", 1, 2]]),
        ({}, [["starts-with", "$acl", ""]]),
    ],
)
def test_a_form_that_keeps_its_policy_passes(fields: dict[str, str], conditions: list[Any]) -> None:
    judge(fields, *conditions)


@pytest.mark.parametrize(
    ("fields", "conditions", "message"),
    [
        ({"key": "b"}, [{"key": "a"}], 'Policy Condition failed: ["eq", "$key", "a"]'),
        ({"key": "A"}, [{"key": "a"}], "Policy Condition failed"),
        ({}, [{"key": "a"}], "Policy Condition failed"),
        ({"key": "us/x"}, [["starts-with", "$key", "user/"]], '["starts-with", "$key", "user/"]'),
        (
            {"content-type": "image/jpeg,text/html"},
            [["starts-with", "$content-type", "image/"]],
            "Condition failed",
        ),
        ({"acl": "private"}, [], "Extra input fields: acl"),
        ({"bucket": "b"}, [], "Extra input fields: bucket"),
        (
            {"x-amz-meta-a": "1", "x-amz-meta-b": "1"},
            [["eq", "$x-amz-meta-a", "1"]],
            "Extra input fields: x-amz-meta-b",
        ),
    ],
)
def test_a_form_that_breaks_its_policy_is_refused(fields: dict[str, str], conditions: Any, message: str) -> None:
    with pytest.raises(AwsError) as refused:
        judge(fields, *conditions)
    assert (refused.value.code, refused.value.status) == ("AccessDenied", 403)
    assert refused.value.message.startswith("Invalid according to Policy: ")
    assert message in refused.value.message


def test_an_expired_policy_is_refused() -> None:
    policy = post_policy.read(encoded(expiration="2026-11-18T11:06:40.000Z"))
    with pytest.raises(AwsError, match=r"Policy expired\."):
        post_policy.check(policy, {}, NOW)
    assert post_policy.check(policy, {}, NOW - 1) == post_policy.Bounds()


@pytest.mark.parametrize(
    "text",
    [
        "!!!", base64.b64encode(b"{").decode(), base64.b64encode(b"[]").decode(), "/w==",
        encoded(expiration=None), encoded(expiration="soon"), encoded(expiration=5), encoded(conditions=None),
        encoded(conditions={}), encoded({"a": "b", "c": "d"}), encoded({"a": 1}), encoded(["eq", "$a"]),
        encoded(["like", "$a", "b"]), encoded(["eq", "a", "b"]), encoded(["content-length-range", 5, 1]),
        encoded(["content-length-range", "x", 1]), encoded(["content-length-range", 1]), encoded(7),
        encoded(other=1), encoded(expiration="2099-99-99T00:00:00Z"), base64.b64encode(b"[" * 5000).decode(),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(AwsError) as refused:
        post_policy.read(text)
    assert (refused.value.code, refused.value.status) == ("InvalidPolicyDocument", 400)


@given(st.text(max_size=40), st.text(max_size=40))
def test_only_the_exact_value_is_equal(wanted: str, sent: str) -> None:
    if wanted == sent:
        judge({"key": sent}, {"key": wanted})
    else:
        with pytest.raises(AwsError):
            judge({"key": sent}, {"key": wanted})


async def post(ctx: Context, body: bytes = b"hello", caller: Any = None, **named: str) -> Response:
    fields = {name.replace("__", "-"): value for name, value in named.items()}
    if caller is not ANONYMOUS:
        bound = [["eq", f"${name}", value.replace("${filename}", "me.txt")] for name, value in fields.items()]
        fields.setdefault("policy", encoded(*bound, {"bucket": "forms"}, ["content-length-range", 1, 10]))

    async def file() -> AsyncIterator[bytes]:
        yield body[:3]
        yield body[3:]

    request = Request("POST", "/forms", Headers([("host", "localhost:4566")]))
    ctx.caller = ctx.caller if caller is None else caller
    return await handle(Upload("forms", Form(fields, "me.txt", "text/plain", file()), request), ctx)


@pytest.fixture
async def bucket(ctx: Context) -> str:
    await ctx.account.registry.call("s3", "create_bucket", {"Bucket": "forms"}, ctx)
    return "forms"


async def test_a_form_stores_an_object_with_what_it_says(ctx: Context, bucket: str) -> None:
    tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>1 &amp; 2</Value></Tag></TagSet></Tagging>"
    answer = await post(
        ctx,
        key="up/${filename}",
        content__type="text/css",
        cache__control="no-store",
        x__amz__meta__owner="ann",
        tagging=tags,
        expires="Sat, 21 Nov 2026 00:00:00 GMT",
    )
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Location"] == "http://localhost:4566/forms/up/me.txt"
    stored = await ctx.account.registry.call("s3", "get_object", {"Bucket": bucket, "Key": "up/me.txt"}, ctx)
    assert (stored["Body"], stored["ETag"]) == (b"hello", answer.headers["ETag"])
    assert (stored["ContentType"], stored["CacheControl"], stored["Metadata"]) == (
        "text/css", "no-store", {"owner": "ann"},
    )  # fmt: skip
    tagged = await ctx.account.registry.call(
        "s3", "get_object_tagging", {"Bucket": bucket, "Key": "up/me.txt"}, ctx
    )
    assert tagged["TagSet"] == [{"Key": "a", "Value": "1 & 2"}]


async def test_the_form_chooses_the_answer(ctx: Context, bucket: str) -> None:
    assert (await post(ctx, key="a", success_action_status="200")).status == 200
    assert (await post(ctx, key="a", success_action_status="500")).status == 204
    made = await post(ctx, key="a&b", success_action_status="201")
    assert made.status == 201
    assert isinstance(made.body, bytes)
    assert b"<Key>a&amp;b</Key><ETag>" in made.body
    sent = await post(ctx, key="a/b c", success_action_redirect="https://me.test/x?y=1")
    assert sent.status == 303
    etag = quote(sent.headers["ETag"], safe="")
    assert sent.headers["Location"] == f"https://me.test/x?y=1&bucket=forms&key=a%2Fb%20c&etag={etag}"
    for nowhere in ("javascript:alert(1)", "/relative", "https://", "https://x/\r\nSet-Cookie: a"):
        assert (await post(ctx, key="a", success_action_redirect=nowhere)).status == 204


@pytest.mark.parametrize(
    ("fields", "body", "code"),
    [
        ({"key": "a"}, b"", "EntityTooSmall"),
        ({"key": "a"}, b"x" * 11, "EntityTooLarge"),
        ({"acl": "private"}, b"x", "InvalidArgument"),
        ({"key": ""}, b"x", "InvalidArgument"),
        ({"key": "a", "x__amz__checksum__sha256": base64.b64encode(bytes(32)).decode()}, b"x", "BadDigest"),
        ({"key": "a", "content__md5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, b"x", "BadDigest"),
        ({"key": "a", "tagging": "<Nothing/>"}, b"x", "MalformedXML"),
        ({"key": "a", "expires": "soon"}, b"x", "InvalidArgument"),
        ({"key": "k" * 1025}, b"x", "KeyTooLongError"),
        ({"key": "a", "acl": "public-read"}, b"x", "AccessControlListNotSupported"),
    ],
)
async def test_a_refused_form_leaves_nothing(
    ctx: Context, bucket: str, fields: dict[str, str], body: bytes, code: str
) -> None:
    with pytest.raises(AwsError) as refused:
        await post(ctx, body, **fields)
    assert refused.value.code == code
    listed = await ctx.account.registry.call("s3", "list_objects_v2", {"Bucket": bucket}, ctx)
    assert listed["KeyCount"] == 0


async def test_a_policy_without_a_signature_and_the_reverse_are_refused(ctx: Context, bucket: str) -> None:
    with pytest.raises(AwsError, match="field named 'x-amz-signature'"):
        await post(ctx, caller=ANONYMOUS, key="a", policy=encoded())
    assert (await post(ctx, caller=ANONYMOUS, key="a")).status == 204  # this account's policies allow everything
