"""Identities, their roles and credentials, with real user-pool tokens and real trust policies."""

from typing import Any

import pytest

from habitr_emulator.services.cognito_identity.deploy import deploy
from habitr_emulator.services.cognito_identity.errors import (
    InvalidIdentityPoolConfigurationException,
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
)
from habitr_emulator.services.cognito_identity.spec import IdentityPool
from habitr_emulator.services.cognito_idp import deploy as user_pools
from habitr_emulator.services.cognito_idp.spec import AppClient, UserPool
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.iam import credentials
from habitr_emulator.services.iam import deploy as roles
from habitr_emulator.services.iam.spec import Role
from habitr_emulator.services.sts.errors import AccessDenied, ExpiredToken, InvalidIdentityToken

POOL, CLIENT = "us-east-1_Habitr001", "a" * 26
IDENTITIES = "us-east-1:11111111-1111-4111-8111-111111111111"
PROVIDER = f"cognito-idp.us-east-1.amazonaws.com/{POOL}"
ARN = "arn:aws:iam::000000000000:role/"
TOKEN_MAPPING = {f"{PROVIDER}:{CLIENT}": {"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"}}
Answer = dict[str, Any]


def trust(amr: str, pool: str = IDENTITIES) -> Answer:
    condition = {
        "StringEquals": {"cognito-identity.amazonaws.com:aud": pool},
        "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": amr},
    }
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


class World:
    """A user pool and an identity pool beside it."""

    def __init__(self, account: Account, ctx: Context) -> None:
        self.account, self.ctx = account, ctx

    async def deploy(self, mappings: Answer | None = None, **settings: Any) -> None:
        await user_pools.deploy(self.ctx, UserPool(POOL, {"PoolName": "p"}, (AppClient(CLIENT, FLOWS),)))
        for name, amr in (("auth", "authenticated"), ("guest", "unauthenticated"), ("admins", "authenticated")):
            await roles.deploy(self.ctx, Role(name, trust(amr)))
        both = {"authenticated": f"{ARN}auth", "unauthenticated": f"{ARN}guest"}
        made = {
            "IdentityPoolName": "i",
            "AllowUnauthenticatedIdentities": True,
            "AllowClassicFlow": True,
            "CognitoIdentityProviders": [{"ProviderName": PROVIDER, "ClientId": CLIENT}],
        }
        await deploy(self.ctx, IdentityPool(IDENTITIES, made | settings, both, mappings or {}))

    async def idp(self, operation: str, **request: Any) -> Answer:
        return await self.account.registry.call("cognito_idp", operation, request, self.ctx)

    async def __call__(self, operation: str, **request: Any) -> Answer:
        return await self.account.registry.call("cognito_identity", operation, request, self.ctx)

    async def user(self, name: str) -> dict[str, str]:
        await self.idp("admin_create_user", UserPoolId=POOL, Username=name, MessageAction="SUPPRESS")
        password = {"UserPoolId": POOL, "Username": name, "Password": "Secret-Horse-7", "Permanent": True}
        await self.idp("admin_set_user_password", **password)
        return await self.logins(name)

    async def logins(self, name: str) -> dict[str, str]:
        parameters = {"USERNAME": name, "PASSWORD": "Secret-Horse-7"}
        flow = {"ClientId": CLIENT, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
        return {PROVIDER: (await self.idp("initiate_auth", **flow))["AuthenticationResult"]["IdToken"]}

    async def id(self, logins: dict[str, str] | None = None) -> str:
        return str((await self("get_id", IdentityPoolId=IDENTITIES, Logins=logins or {}))["IdentityId"])

    async def credentials(self, identity: str, logins: dict[str, str] | None = None, **more: str) -> Answer:
        return await self("get_credentials_for_identity", IdentityId=identity, Logins=logins or {}, **more)


FLOWS = {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}


@pytest.fixture
async def world(account: Account, ctx: Context) -> World:
    made = World(account, ctx)
    await made.deploy()
    return made


def role_of(world: World, answer: Answer) -> str:
    given = answer["Credentials"]
    caller = credentials.resolve(world.account, given["AccessKeyId"], given["SessionToken"]).caller
    return caller.arn.split("/")[1]


async def test_guests_are_strangers_each_time_and_users_are_not(world: World) -> None:
    alice = await world.user("alice")
    assert await world.id() != await world.id()
    assert await world.id(alice) == await world.id(await world.logins("alice"))
    assert await world.id(alice) != await world.id(await world.user("bob"))


async def test_credentials_say_who_and_for_how_long(world: World) -> None:
    alice = await world.user("alice")
    identity = await world.id(alice)
    answer = await world.credentials(identity, alice)
    given = answer["Credentials"]
    assert (answer["IdentityId"], given["AccessKeyId"][:4]) == (identity, "ASIA")
    assert given["Expiration"] == world.account.clock.now() + 3600
    resolved = credentials.resolve(world.account, given["AccessKeyId"], given["SessionToken"])
    assert resolved.secret == given["SecretKey"]
    conditions = resolved.caller.conditions
    assert resolved.caller.arn.endswith(":assumed-role/auth/CognitoIdentityCredentials")
    assert conditions["cognito-identity.amazonaws.com:sub"] == identity
    assert conditions["cognito-identity.amazonaws.com:aud"] == IDENTITIES
    assert list(conditions["cognito-identity.amazonaws.com:amr"])[:2] == ["authenticated", PROVIDER]


async def test_guests_get_the_guest_role_and_a_narrower_session(world: World) -> None:
    answer = await world.credentials(await world.id())
    given = answer["Credentials"]
    caller = credentials.resolve(world.account, given["AccessKeyId"], given["SessionToken"]).caller
    assert role_of(world, answer) == "guest"
    assert len(caller.session_policies) == 1
    assert caller.conditions["cognito-identity.amazonaws.com:amr"] == ["unauthenticated"]


async def test_a_guest_who_signs_in_keeps_the_identity(world: World) -> None:
    guest, alice = await world.id(), await world.user("alice")
    assert (await world.credentials(guest, alice))["IdentityId"] == guest
    assert await world.id(alice) == guest
    with pytest.raises(NotAuthorizedException, match="is forbidden"):
        await world.credentials(guest)


async def test_a_guest_becomes_the_identity_that_the_user_has_already(world: World) -> None:
    alice = await world.user("alice")
    identity, guest = await world.id(alice), await world.id()
    assert (await world.credentials(guest, alice))["IdentityId"] == identity


async def test_nobody_gets_anothers_identity(world: World) -> None:
    alice, bob = await world.user("alice"), await world.user("bob")
    identity = await world.id(alice)
    for logins in (bob, await world.user("carol")):
        with pytest.raises(NotAuthorizedException, match="Logins don't match"):
            await world.credentials(identity, logins)
    with pytest.raises(ResourceNotFoundException, match="not found"):
        await world.credentials("us-east-1:00000000-0000-4000-8000-000000000000", alice)


async def test_a_bad_login_is_refused(world: World) -> None:
    alice = await world.user("alice")
    token = alice[PROVIDER]
    other = f"cognito-idp.us-east-1.amazonaws.com/{POOL[:-1]}2"
    bad = [{PROVIDER: "garbage"}, {PROVIDER: token[:-2] + "AA"}, {other: token}, {"www.example.com": token}]
    for logins in bad:
        with pytest.raises(NotAuthorizedException):
            await world.id(logins)
    world.account.clock.advance(3600)
    with pytest.raises(NotAuthorizedException, match="Token expired"):
        await world.id(alice)


async def test_another_clients_token_is_refused(world: World) -> None:
    providers = [{"ProviderName": PROVIDER, "ClientId": "b" * 26}]
    await world.deploy(CognitoIdentityProviders=providers)
    with pytest.raises(NotAuthorizedException, match="Incorrect token audience"):
        await world.id(await world.user("alice"))


async def test_the_server_side_check_sees_a_sign_out(world: World) -> None:
    checked = {"ProviderName": PROVIDER, "ClientId": CLIENT, "ServerSideTokenCheck": True}
    await world.deploy(CognitoIdentityProviders=[checked])
    alice = await world.user("alice")
    assert await world.id(alice)
    await world.idp("admin_user_global_sign_out", UserPoolId=POOL, Username="alice")
    with pytest.raises(NotAuthorizedException):
        await world.id(alice)
    assert await world.id(await world.logins("alice"))


async def test_a_pool_without_guests_has_none(world: World) -> None:
    guest = await world.id()
    await world.deploy(AllowUnauthenticatedIdentities=False)
    for attempt in (world.id(), world.credentials(guest)):
        with pytest.raises(NotAuthorizedException, match="Unauthenticated access is not supported"):
            await attempt


async def test_a_role_must_trust_the_identity(world: World) -> None:
    await roles.deploy(world.ctx, Role("guest", trust("unauthenticated", "us-east-1:another")))
    with pytest.raises(InvalidIdentityPoolConfigurationException):
        await world.credentials(await world.id())
    await world("set_identity_pool_roles", IdentityPoolId=IDENTITIES, Roles={})
    with pytest.raises(InvalidIdentityPoolConfigurationException):
        await world.credentials(await world.id())


async def test_a_groups_role_comes_with_the_token(world: World) -> None:
    await world.deploy(TOKEN_MAPPING)
    await world.user("alice")
    identity = await world.id(await world.logins("alice"))
    assert role_of(world, await world.credentials(identity, await world.logins("alice"))) == "auth"
    await world.idp("create_group", UserPoolId=POOL, GroupName="admin", RoleArn=f"{ARN}admins", Precedence=1)
    await world.idp("admin_add_user_to_group", UserPoolId=POOL, Username="alice", GroupName="admin")
    alice = await world.logins("alice")
    assert role_of(world, await world.credentials(identity, alice)) == "admins"
    assert role_of(world, await world.credentials(identity, alice, CustomRoleArn=f"{ARN}admins")) == "admins"
    with pytest.raises(NotAuthorizedException):
        await world.credentials(identity, alice, CustomRoleArn=f"{ARN}auth")


@pytest.mark.parametrize(
    ("match", "value", "role"),
    [("Equals", "alice", "admins"), ("Equals", "bob", "auth"), ("StartsWith", "al", "admins"),
     ("Contains", "lic", "admins"), ("NotEqual", "alice", "auth"), ("NotEqual", "bob", "admins")],
)  # fmt: skip
async def test_rules_choose_the_role(world: World, match: str, value: str, role: str) -> None:
    rule = {"Claim": "cognito:username", "MatchType": match, "Value": value, "RoleARN": f"{ARN}admins"}
    mapping = {"Type": "Rules", "AmbiguousRoleResolution": "AuthenticatedRole"}
    await world.deploy({f"{PROVIDER}:{CLIENT}": mapping | {"RulesConfiguration": {"Rules": [rule]}}})
    alice = await world.user("alice")
    assert role_of(world, await world.credentials(await world.id(alice), alice)) == role


async def test_an_ambiguous_role_can_be_denied(world: World) -> None:
    await world.deploy({f"{PROVIDER}:{CLIENT}": {"Type": "Token", "AmbiguousRoleResolution": "Deny"}})
    alice = await world.user("alice")
    with pytest.raises(NotAuthorizedException):
        await world.credentials(await world.id(alice), alice)


async def test_the_basic_flow_takes_two_steps(world: World) -> None:
    identity = await world.id()
    token = (await world("get_open_id_token", IdentityId=identity))["Token"]
    request = {"RoleArn": f"{ARN}guest", "RoleSessionName": "me", "WebIdentityToken": token}
    sts = world.account.registry.call
    answer = await sts("sts", "assume_role_with_web_identity", request, world.ctx)
    assert (answer["SubjectFromWebIdentityToken"], answer["Audience"]) == (identity, IDENTITIES)
    with pytest.raises(AccessDenied, match="Not authorized to perform sts:AssumeRoleWithWebIdentity"):
        await sts("sts", "assume_role_with_web_identity", request | {"RoleArn": f"{ARN}auth"}, world.ctx)
    forged = token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB")
    with pytest.raises(InvalidIdentityToken):
        await sts("sts", "assume_role_with_web_identity", request | {"WebIdentityToken": forged}, world.ctx)
    world.account.clock.advance(600)
    with pytest.raises(ExpiredToken):
        await sts("sts", "assume_role_with_web_identity", request, world.ctx)
    await world.deploy(AllowClassicFlow=False)
    with pytest.raises(InvalidParameterException, match="classic"):
        await world("get_open_id_token", IdentityId=identity)


async def test_pools_and_identities_can_be_managed(world: World) -> None:
    made = await world("create_identity_pool", IdentityPoolName="n", AllowUnauthenticatedIdentities=True)
    pool = made["IdentityPoolId"]
    ids = {(await world("get_id", IdentityPoolId=pool))["IdentityId"] for _ in range(3)}
    first = await world("list_identities", IdentityPoolId=pool, MaxResults=2)
    rest = await world("list_identities", IdentityPoolId=pool, MaxResults=2, NextToken=first["NextToken"])
    assert {entry["IdentityId"] for entry in first["Identities"] + rest["Identities"]} == ids
    gone = ids.pop()
    await world("delete_identities", IdentityIdsToDelete=[gone])
    with pytest.raises(ResourceNotFoundException):
        await world("describe_identity", IdentityId=gone)
    await world("update_identity_pool", IdentityPoolId=pool, IdentityPoolName="m")
    changed = await world("describe_identity_pool", IdentityPoolId=pool)
    assert (changed["IdentityPoolName"], changed["AllowUnauthenticatedIdentities"]) == ("m", False)
    assert len((await world("list_identity_pools", MaxResults=60))["IdentityPools"]) == 2
    await world("delete_identity_pool", IdentityPoolId=pool)
    with pytest.raises(ResourceNotFoundException, match=f"IdentityPool '{pool}' not found"):
        await world("describe_identity_pool", IdentityPoolId=pool)
