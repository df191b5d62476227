"""Who am I, and may I be somebody else."""

from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.iam import credentials
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
    await deploy(ctx, Role("reader", trusting(USER)))
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
