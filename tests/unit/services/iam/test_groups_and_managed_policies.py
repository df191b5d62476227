"""Groups, AWS's own policies, tags and the simulator, by IAM's API."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

from habitr_emulator.kernel.errors import AwsError, NotBuilt
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.iam import aws_policies
from habitr_emulator.services.iam.attached import AttachedPolicies
from habitr_emulator.services.iam.authorize import decide
from habitr_emulator.services.iam.credentials import resolve
from habitr_emulator.services.iam.documents import parse
from habitr_emulator.services.iam.errors import DeleteConflict, LimitExceeded, NoSuchEntity

READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
DENY_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


class Iam:
    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    async def __call__(self, operation: str, **request: Any) -> dict[str, Any]:
        return await self.ctx.account.registry.call("iam", operation, request, self.ctx)


@pytest.fixture
def iam(ctx: Context) -> Iam:
    return Iam(ctx)


async def test_a_members_rights_are_its_groups(iam: Iam, account: Account) -> None:
    await iam("create_group", GroupName="readers", Path="/staff/")
    await iam("create_user", UserName="ann")
    key = (await iam("create_access_key", UserName="ann"))["AccessKey"]["AccessKeyId"]

    def may(action: str) -> bool:
        return decide(account.context(resolve(account, key).caller), action, "arn:aws:s3:::b/k", {}).allowed

    await iam("attach_group_policy", GroupName="readers", PolicyArn=READ_ONLY)
    assert not may("s3:GetObject")
    await iam("add_user_to_group", GroupName="readers", UserName="ann")
    assert (may("s3:GetObject"), may("s3:PutObject")) == (True, False)
    await iam("put_group_policy", GroupName="readers", PolicyName="no", PolicyDocument=json.dumps(DENY_ALL))
    assert not may("s3:GetObject")
    await iam("delete_group_policy", GroupName="readers", PolicyName="no")
    assert may("s3:GetObject")
    for operation, request in (("delete_group", {"GroupName": "readers"}), ("delete_user", {"UserName": "ann"})):
        with pytest.raises(DeleteConflict):
            await iam(operation, **request)
    await iam("remove_user_from_group", GroupName="readers", UserName="ann")
    assert not may("s3:GetObject")
    await iam("detach_group_policy", GroupName="readers", PolicyArn=READ_ONLY)
    await iam("delete_group", GroupName="readers")
    with pytest.raises(NoSuchEntity):
        await iam("get_group", GroupName="readers")


async def test_groups_can_be_listed(iam: Iam) -> None:
    for name in ("b", "a"):
        await iam("create_group", GroupName=name)
        await iam("create_user", UserName=f"user-{name}")
    await iam("add_user_to_group", GroupName="a", UserName="user-b")
    await iam("put_group_policy", GroupName="a", PolicyName="no", PolicyDocument=json.dumps(DENY_ALL))
    assert [group["GroupName"] for group in (await iam("list_groups"))["Groups"]] == ["a", "b"]
    assert (await iam("list_groups_for_user", UserName="user-b"))["Groups"][0]["GroupId"].startswith("AGPA")
    found = await iam("get_group", GroupName="a")
    assert [user["UserName"] for user in found["Users"]] == ["user-b"]
    assert (await iam("list_group_policies", GroupName="a"))["PolicyNames"] == ["no"]
    shown = await iam("get_group_policy", GroupName="a", PolicyName="no")
    assert json.loads(unquote(shown["PolicyDocument"])) == DENY_ALL
    with pytest.raises(NoSuchEntity):
        await iam("remove_user_from_group", GroupName="b", UserName="user-b")


@pytest.mark.parametrize("arn", aws_policies.POLICIES)
def test_a_policy_of_aws_can_be_read(arn: str) -> None:
    assert parse(aws_policies.POLICIES[arn], "identity").statements


async def test_policies_of_aws_are_attached_like_others(iam: Iam, account: Account) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    await iam(
        "create_role",
        RoleName="r",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
    )
    basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    await iam("attach_role_policy", RoleName="r", PolicyArn=basic)
    attached = (await iam("list_attached_role_policies", RoleName="r"))["AttachedPolicies"]
    assert attached == [{"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": basic}]
    assert account.part(AttachedPolicies).of("role", "r") == (aws_policies.POLICIES[basic],)
    shown = (await iam("get_policy", PolicyArn=basic))["Policy"]
    assert (shown["Path"], shown["AttachmentCount"]) == ("/service-role/", 1)
    held = await iam("list_entities_for_policy", PolicyArn=basic)
    assert [role["RoleName"] for role in held["PolicyRoles"]] == ["r"]
    assert (await iam("list_policy_versions", PolicyArn=basic))["Versions"][0]["IsDefaultVersion"]
    scopes = {
        scope: len((await iam("list_policies", Scope=scope))["Policies"]) for scope in ("AWS", "Local", "All")
    }
    assert scopes == {"AWS": len(aws_policies.POLICIES), "Local": 0, "All": len(aws_policies.POLICIES)}
    with pytest.raises(NoSuchEntity):
        await iam("attach_role_policy", RoleName="r", PolicyArn="arn:aws:iam::aws:policy/None")


async def test_tags_of_users_reach_policies(iam: Iam, account: Account) -> None:
    await iam("create_user", UserName="ann", Tags=[{"Key": "team", "Value": "a"}])
    key = (await iam("create_access_key", UserName="ann"))["AccessKey"]["AccessKeyId"]
    await iam("tag_user", UserName="ann", Tags=[{"Key": "team", "Value": "b"}, {"Key": "x", "Value": ""}])
    assert resolve(account, key).caller.conditions["aws:PrincipalTag/team"] == "b"
    await iam("untag_user", UserName="ann", TagKeys=["team"])
    assert (await iam("list_user_tags", UserName="ann"))["Tags"] == [{"Key": "x", "Value": ""}]
    with pytest.raises(LimitExceeded):
        await iam("tag_user", UserName="ann", Tags=[{"Key": str(number), "Value": ""} for number in range(50)])


async def test_a_permissions_boundary_is_not_silently_ignored(iam: Iam) -> None:
    with pytest.raises(NotBuilt):
        await iam("create_user", UserName="ann", PermissionsBoundary=READ_ONLY)


async def test_the_simulator_names_what_matched_and_what_is_missing(iam: Iam) -> None:
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}
    deny = {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    texts = [json.dumps({"Version": "2012-10-17", "Statement": each}) for each in (allow, deny)]
    asked = {"PolicyInputList": texts, "ActionNames": ["s3:GetObject"], "ResourceArns": ["arn:aws:s3:::b/ann/k"]}

    async def simulated(**entries: str) -> dict[str, Any]:
        given = [
            {"ContextKeyName": name.replace("__", ":"), "ContextKeyValues": [value], "ContextKeyType": "string"}
            for name, value in entries.items()
        ]
        found: dict[str, Any] = (await iam("simulate_custom_policy", **asked, ContextEntries=given))[
            "EvaluationResults"
        ][0]
        return found

    bare = await simulated()
    assert (bare["EvalDecision"], bare["MatchedStatements"]) == ("implicitDeny", [])
    assert bare["MissingContextValues"] == ["aws:username", "aws:securetransport"]
    allowed = await simulated(aws__username="ann")
    assert allowed["MatchedStatements"] == [{"SourcePolicyId": "PolicyInputList.1", "SourcePolicyType": "none"}]
    denied = await simulated(aws__username="ann", aws__SecureTransport="false")
    assert (denied["EvalDecision"], denied["MatchedStatements"][0]["SourcePolicyId"]) == (
        "explicitDeny",
        "PolicyInputList.2",
    )
    names = await iam("get_context_keys_for_custom_policy", PolicyInputList=texts)
    assert names["ContextKeyNames"] == ["aws:username", "aws:securetransport"]


async def test_the_simulator_asks_the_resources_policy_too(iam: Iam) -> None:
    await iam("create_user", UserName="ann")
    arn = (await iam("get_user", UserName="ann"))["User"]["Arn"]
    bucket = {
        "Effect": "Allow",
        "Principal": {"AWS": arn},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/*",
    }
    asked = {"PolicySourceArn": arn, "ActionNames": ["s3:GetObject"], "ResourceArns": ["arn:aws:s3:::b/k"]}
    assert (await iam("simulate_principal_policy", **asked))["EvaluationResults"][0][
        "EvalDecision"
    ] == "implicitDeny"
    policy = json.dumps({"Version": "2012-10-17", "Statement": bucket})
    result = (await iam("simulate_principal_policy", **asked, ResourcePolicy=policy))["EvaluationResults"][0]
    assert (result["EvalDecision"], len(result["MatchedStatements"])) == ("allowed", 1)
    boundary = [json.dumps(DENY_ALL)]
    limited = await iam(
        "simulate_principal_policy", **asked, ResourcePolicy=policy, PermissionsBoundaryPolicyInputList=boundary
    )
    assert limited["EvaluationResults"][0]["EvalDecision"] == "explicitDeny"
    with pytest.raises(AwsError):
        await iam("simulate_principal_policy", **asked | {"PolicySourceArn": "arn:aws:s3:::b"})
