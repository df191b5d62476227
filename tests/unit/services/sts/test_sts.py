"""Who am I, and may I be somebody else."""

import json
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.iam import credentials
from habitr_emulator.services.iam.authorize import decide
from habitr_emulator.services.iam.deploy import deploy
from habitr_emulator.services.iam.spec import Role
from habitr_emulator.services.sts.errors import AccessDenied, ValidationError

USER = "arn:aws:iam::000000000000:user/dev"
ROLE = "arn:aws:iam::000000000000:role/reader"
ALLOW = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
REQUEST = {"RoleArn": ROLE, "RoleSessionName": "me"}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trusting(principal: str, **more: Any) -> dict[str, Any]:
    return policy({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"} | more)


async def assume(account: Account, caller: Caller, **more: Any) -> dict[str, Any]:
    context = account.context(caller)
    return await account.registry.call("sts", "assume_role", REQUEST | more, context)


def user(*statements: dict[str, Any]) -> Caller:
    return Caller("signed", arn=USER, user_id="AIDAX", policies=(policy(*statements),) if statements else ())


async def test_the_caller_is_told_who_it_is(ctx: Context) -> None:
    answer = await ctx.account.registry.call("sts", "get_caller_identity", {}, ctx)
    assert answer == {"UserId": ctx.caller.user_id, "Account": "000000000000", "Arn": ctx.caller.arn}


async def test_a_taken_role_is_the_caller_from_then_on(account: Account, ctx: Context) -> None:
    await deploy(ctx, Role("reader", trusting(USER)))
    answer = await assume(account, user(), DurationSeconds=900)
    given = answer["Credentials"]
    caller = credentials.resolve(account, given["AccessKeyId"], given["SessionToken"]).caller
    assert caller.arn == answer["AssumedRoleUser"]["Arn"] == "arn:aws:sts::000000000000:assumed-role/reader/me"
    assert caller.user_id == answer["AssumedRoleUser"]["AssumedRoleId"]
    assert given["Expiration"] == account.clock.now() + 900


@pytest.mark.parametrize(
    ("trust", "own", "allowed"),
    [
        (trusting(USER), (), True),
        (trusting("arn:aws:iam::000000000000:root"), (ALLOW,), True),
        (trusting("arn:aws:iam::000000000000:root"), (), False),
        (trusting("arn:aws:iam::000000000000:user/other"), (ALLOW,), False),
        (trusting(USER), (ALLOW | {"Effect": "Deny"},), False),
        (trusting(USER, Condition={"StringEquals": {"sts:ExternalId": "x"}}), (), False),
    ],
)
async def test_the_trust_policy_decides(
    account: Account, ctx: Context, trust: dict[str, Any], own: tuple[dict[str, Any], ...], allowed: bool
) -> None:
    await deploy(ctx, Role("reader", trust))
    if allowed:
        assert (await assume(account, user(*own)))["Credentials"]["AccessKeyId"].startswith("ASIA")
    else:
        with pytest.raises(AccessDenied, match="is not authorized to perform: sts:AssumeRole on resource"):
            await assume(account, user(*own))


async def test_an_external_id_opens_a_role_that_asks_for_it(account: Account, ctx: Context) -> None:
    await deploy(ctx, Role("reader", trusting(USER, Condition={"StringEquals": {"sts:ExternalId": "x"}})))
    assert await assume(account, user(), ExternalId="x")


async def test_a_role_that_is_not_there_is_refused_alike(account: Account, ctx: Context) -> None:
    with pytest.raises(AccessDenied):
        await assume(account, ctx.caller)


async def test_session_policies_and_tags_go_along(account: Account, ctx: Context) -> None:
    await deploy(ctx, Role("reader", trusting(USER, Action=["sts:AssumeRole", "sts:TagSession"])))
    narrow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
    answer = await assume(account, user(), Policy=narrow, Tags=[{"Key": "team", "Value": "a"}])
    given = answer["Credentials"]
    caller = credentials.resolve(account, given["AccessKeyId"], given["SessionToken"]).caller
    assert caller.session_policies[0]["Statement"][0]["Action"] == "s3:GetObject"
    assert caller.conditions["aws:PrincipalTag/team"] == "a"
    with pytest.raises(AwsError):
        await assume(account, user(), Policy="{")
    with pytest.raises(ValidationError):
        await assume(account, user(), DurationSeconds=7200)


async def test_tags_and_a_source_identity_need_the_trust_policy(account: Account, ctx: Context) -> None:
    await deploy(ctx, Role("reader", trusting(USER)))
    for more in ({"Tags": [{"Key": "team", "Value": "a"}]}, {"SourceIdentity": "ann"}):
        with pytest.raises(AccessDenied, match=r"sts:(TagSession|SetSourceIdentity)"):
            await assume(account, user(), **more)
    tagging = {"StringEquals": {"aws:RequestTag/team": "a", "sts:RoleSessionName": "me"}}
    trust = trusting(USER, Action="sts:*", Condition=tagging)
    await deploy(ctx, Role("reader", trust))
    answer = await assume(account, user(), Tags=[{"Key": "team", "Value": "a"}], SourceIdentity="ann")
    given = answer["Credentials"]
    caller = credentials.resolve(account, given["AccessKeyId"], given["SessionToken"]).caller
    assert answer["SourceIdentity"] == caller.conditions["aws:SourceIdentity"] == "ann"


async def test_a_chained_session_lives_an_hour_at_most(account: Account, ctx: Context) -> None:
    session = "arn:aws:sts::000000000000:assumed-role/first/me"
    trust = trusting("arn:aws:iam::000000000000:role/first")
    await deploy(ctx, Role("reader", trust))
    caller = Caller("signed", arn=session, conditions={"aws:PrincipalArn": "arn:aws:iam::000000000000:role/first"})
    with pytest.raises(ValidationError, match="role chaining"):
        await assume(account, caller, DurationSeconds=3601)
    assert await assume(account, caller, DurationSeconds=3600)


async def test_session_policies_by_arn_are_those_of_the_moment(account: Account, ctx: Context) -> None:
    await deploy(ctx, Role("reader", trusting(USER)))
    read_only = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    given = (await assume(account, user(), PolicyArns=[{"arn": read_only}]))["Credentials"]
    caller = credentials.resolve(account, given["AccessKeyId"], given["SessionToken"]).caller
    assert "s3:Get*" in caller.session_policies[0]["Statement"][0]["Action"]
    with pytest.raises(AwsError, match="does not exist"):
        await assume(account, user(), PolicyArns=[{"arn": "arn:aws:iam::aws:policy/Nothing"}])
    made = await account.registry.call(
        "iam", "create_policy", {"PolicyName": "own", "PolicyDocument": json.dumps(policy(ALLOW))}, ctx
    )
    arn = made["Policy"]["Arn"]
    given = (await assume(account, user(), PolicyArns=[{"arn": arn}]))["Credentials"]
    await account.registry.call("iam", "delete_policy", {"PolicyArn": arn}, ctx)
    caller = credentials.resolve(account, given["AccessKeyId"], given["SessionToken"]).caller
    assert caller.session_policies[0]["Statement"][0]["Effect"] == "Deny"


async def session_of(account: Account, caller: Caller, **request: Any) -> Caller:
    answer = await account.registry.call("sts", "get_session_token", request, account.context(caller))
    given = answer["Credentials"]
    return credentials.resolve(account, given["AccessKeyId"], given["SessionToken"]).caller


async def test_a_users_session_is_the_user_without_iam(account: Account, ctx: Context) -> None:
    await account.registry.call("iam", "create_user", {"UserName": "dev"}, ctx)
    everything = json.dumps(policy({"Effect": "Allow", "Action": "*", "Resource": "*"}))
    put = {"UserName": "dev", "PolicyName": "all", "PolicyDocument": everything}
    await account.registry.call("iam", "put_user_policy", put, ctx)
    key = (await account.registry.call("iam", "create_access_key", {"UserName": "dev"}, ctx))["AccessKey"]
    own = credentials.resolve(account, key["AccessKeyId"]).caller
    caller = await session_of(account, own, DurationSeconds=900)
    assert (caller.arn, caller.user_id) == (own.arn, own.user_id)
    assert decide(account.context(caller), "s3:GetObject", "*", {}).allowed
    assert not decide(account.context(caller), "iam:ListUsers", "*", {}).allowed
    with pytest.raises(AccessDenied, match="session credentials"):
        await session_of(account, caller)
    for name in ("delete_user_policy", "delete_access_key", "delete_user"):
        await account.registry.call("iam", name, put | {"AccessKeyId": key["AccessKeyId"]}, ctx)
    with pytest.raises(credentials.CredentialRefusal, match="unknown_key"):
        await session_of(account, own)


async def test_the_administrators_session_is_bound_by_policies(account: Account, ctx: Context) -> None:
    caller = await session_of(account, ctx.caller, DurationSeconds=129_600)
    assert (caller.arn, caller.root) == (ctx.caller.arn, False)
    assert decide(account.context(caller), "dynamodb:Scan", "*", {}).allowed
    assert not decide(account.context(caller), "iam:CreateUser", "*", {}).allowed


async def test_a_role_made_anew_gives_old_sessions_nothing(account: Account, ctx: Context) -> None:
    made = {"RoleName": "again", "AssumeRolePolicyDocument": json.dumps(trusting(USER))}
    attach = {"RoleName": "again", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}

    async def iam(operation: str, **request: Any) -> None:
        await account.registry.call("iam", operation, request, ctx)

    await iam("create_role", **made)
    await iam("attach_role_policy", **attach)
    answer = await assume(account, user(), RoleArn="arn:aws:iam::000000000000:role/again")
    given = answer["Credentials"]

    def may() -> bool:
        caller = credentials.resolve(account, given["AccessKeyId"], given["SessionToken"]).caller
        return decide(account.context(caller), "s3:GetObject", "*", {}).allowed

    assert may()
    await iam("detach_role_policy", **attach)
    assert not may()
    await iam("delete_role", RoleName="again")
    await iam("create_role", **made)
    await iam("attach_role_policy", **attach)
    assert not may()
