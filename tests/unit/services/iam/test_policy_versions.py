"""Versions of managed policies, renamed users and the account's numbers, by IAM's API."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

import pytest

from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.iam.authorize import decide
from habitr_emulator.services.iam.credentials import resolve
from habitr_emulator.services.iam.errors import (
    DeleteConflict,
    EntityAlreadyExists,
    LimitExceeded,
    MalformedPolicyDocument,
    NoSuchEntity,
)

Iam = Callable[..., Awaitable[dict[str, Any]]]


def allowing(action: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def iam(ctx: Context) -> Iam:
    async def call(operation: str, **request: Any) -> dict[str, Any]:
        return await ctx.account.registry.call("iam", operation, request, ctx)

    return call


@pytest.fixture
async def arn(iam: Iam) -> str:
    made = await iam("create_policy", PolicyName="rights", PolicyDocument=allowing("s3:GetObject"))
    return str(made["Policy"]["Arn"])


@pytest.fixture
async def may(iam: Iam, arn: str, account: Account) -> Callable[[str], bool]:
    await iam("create_user", UserName="ann")
    await iam("attach_user_policy", UserName="ann", PolicyArn=arn)
    key = (await iam("create_access_key", UserName="ann"))["AccessKey"]["AccessKeyId"]
    return lambda action: (
        decide(account.context(resolve(account, key).caller), action, "arn:aws:s3:::b/k", {}).allowed
    )


async def test_only_the_default_version_is_in_force(iam: Iam, arn: str, may: Callable[[str], bool]) -> None:
    made = await iam("create_policy_version", PolicyArn=arn, PolicyDocument=allowing("s3:PutObject"))
    assert (made["PolicyVersion"]["VersionId"], made["PolicyVersion"]["IsDefaultVersion"]) == ("v2", False)
    assert (may("s3:GetObject"), may("s3:PutObject")) == (True, False)
    await iam("set_default_policy_version", PolicyArn=arn, VersionId="v2")
    assert (may("s3:GetObject"), may("s3:PutObject")) == (False, True)
    await iam("create_policy_version", PolicyArn=arn, PolicyDocument=allowing("s3:*"), SetAsDefault=True)
    assert may("s3:GetObject")
    assert (await iam("get_policy", PolicyArn=arn))["Policy"]["DefaultVersionId"] == "v3"


async def test_every_version_keeps_its_document(iam: Iam, arn: str) -> None:
    await iam("create_policy_version", PolicyArn=arn, PolicyDocument=allowing("s3:PutObject"))
    listed = (await iam("list_policy_versions", PolicyArn=arn))["Versions"]
    assert [(each["VersionId"], each["IsDefaultVersion"]) for each in listed] == [("v2", False), ("v1", True)]
    first = await iam("get_policy_version", PolicyArn=arn, VersionId="v1")
    assert unquote(first["PolicyVersion"]["Document"]) == allowing("s3:GetObject")


async def test_there_are_five_versions_at_most_and_no_number_comes_twice(iam: Iam, arn: str) -> None:
    for _ in range(4):
        await iam("create_policy_version", PolicyArn=arn, PolicyDocument=allowing("s3:PutObject"))
    with pytest.raises(LimitExceeded):
        await iam("create_policy_version", PolicyArn=arn, PolicyDocument=allowing("s3:PutObject"))
    await iam("delete_policy_version", PolicyArn=arn, VersionId="v5")
    made = await iam("create_policy_version", PolicyArn=arn, PolicyDocument=allowing("s3:PutObject"))
    assert made["PolicyVersion"]["VersionId"] == "v6"


async def test_what_is_in_force_or_unknown_is_not_deleted(iam: Iam, arn: str) -> None:
    with pytest.raises(DeleteConflict):
        await iam("delete_policy_version", PolicyArn=arn, VersionId="v1")
    with pytest.raises(NoSuchEntity):
        await iam("delete_policy_version", PolicyArn=arn, VersionId="v9")
    with pytest.raises(NoSuchEntity):
        await iam("set_default_policy_version", PolicyArn=arn, VersionId="v9")
    with pytest.raises(MalformedPolicyDocument):
        await iam("create_policy_version", PolicyArn=arn, PolicyDocument="{}")
    await iam("create_policy_version", PolicyArn=arn, PolicyDocument=allowing("s3:PutObject"))
    with pytest.raises(DeleteConflict, match="more than one version"):
        await iam("delete_policy", PolicyArn=arn)
    await iam("delete_policy_version", PolicyArn=arn, VersionId="v2")
    await iam("delete_policy", PolicyArn=arn)


async def test_a_renamed_user_keeps_keys_policies_and_groups(
    iam: Iam, arn: str, may: Callable[[str], bool]
) -> None:
    await iam("create_user", UserName="ben")
    await iam("update_user", UserName="ann", NewUserName="anna", NewPath="/staff/")
    assert may("s3:GetObject")
    assert (await iam("get_user", UserName="anna"))["User"]["Arn"].endswith(":user/staff/anna")
    with pytest.raises(NoSuchEntity):
        await iam("get_user", UserName="ann")
    with pytest.raises(EntityAlreadyExists):
        await iam("update_user", UserName="ben", NewUserName="Anna")


async def test_the_account_is_counted(iam: Iam, arn: str) -> None:
    await iam("create_user", UserName="ann")
    summary = (await iam("get_account_summary"))["SummaryMap"]
    assert (summary["Users"], summary["Policies"], summary["VersionsPerPolicyQuota"]) == (1, 1, 5)
