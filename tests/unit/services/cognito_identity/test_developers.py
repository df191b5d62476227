"""A developer's own users, merged and unlinked identities, session tags, tags."""

from typing import Any

import jwt
import pytest

from habitr_emulator.services.cognito_identity.errors import (
    DeveloperUserAlreadyRegisteredException,
    InvalidIdentityPoolConfigurationException,
    InvalidParameterException,
    NotAuthorizedException,
    ResourceConflictException,
    ResourceNotFoundException,
)
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.iam import credentials
from habitr_emulator.services.iam import deploy as roles
from habitr_emulator.services.iam.spec import Role
from tests.unit.services.cognito_identity.test_identity_pools import CLIENT, IDENTITIES, PROVIDER, World, trust

MINE = "login.habitr.dev"
OWN = "cognito-identity.amazonaws.com"
NOBODY = "us-east-1:00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def world(account: Account, ctx: Context) -> World:
    made = World(account, ctx)
    await made.deploy(DeveloperProviderName=MINE)
    return made


async def login(world: World, user: str, **more: Any) -> dict[str, Any]:
    logins = {MINE: user, **more.pop("others", {})}
    return await world(
        "get_open_id_token_for_developer_identity", IdentityPoolId=IDENTITIES, Logins=logins, **more
    )


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


async def credentials_of(world: World, identity: str, logins: dict[str, str] | None = None) -> Caller:
    answer = await world("get_credentials_for_identity", IdentityId=identity, Logins=logins or {})
    given = answer["Credentials"]
    return credentials.resolve(world.account, given["AccessKeyId"], given["SessionToken"]).caller


async def test_a_developers_user_has_one_identity_and_a_token_for_it(world: World) -> None:
    first, second = await login(world, "ann"), await login(world, "ann", TokenDuration=60)
    assert first["IdentityId"] == second["IdentityId"] != (await login(world, "ben"))["IdentityId"]
    told = claims(first["Token"])
    assert told["amr"] == ["authenticated", MINE, f"{MINE}:{IDENTITIES}:ann"]
    assert (told["exp"] - told["iat"], claims(second["Token"])["exp"] - told["iat"]) == (900, 60)


async def test_the_token_is_a_login_of_the_enhanced_flow(world: World) -> None:
    answer = await login(world, "ann")
    caller = await credentials_of(world, answer["IdentityId"], {OWN: answer["Token"]})
    assert ":assumed-role/auth/" in caller.arn
    assert f"{MINE}:{IDENTITIES}:ann" in caller.conditions[f"{OWN}:amr"]
    other = await login(world, "ben")
    with pytest.raises(NotAuthorizedException):
        await credentials_of(world, other["IdentityId"], {OWN: answer["Token"]})
    with pytest.raises(NotAuthorizedException):
        await credentials_of(world, answer["IdentityId"])
    world.account.clock.advance(901)
    with pytest.raises(NotAuthorizedException, match="expired"):
        await credentials_of(world, answer["IdentityId"], {OWN: answer["Token"]})


async def test_a_guests_token_is_no_login(world: World) -> None:
    guest = (await world("get_id", IdentityPoolId=IDENTITIES))["IdentityId"]
    token = (await world("get_open_id_token", IdentityId=guest))["Token"]
    for bad in (token, token[:-3] + "abc", "nonsense"):
        with pytest.raises(NotAuthorizedException, match="Not a valid OpenId Connect"):
            await credentials_of(world, guest, {OWN: bad})


async def test_a_developer_links_a_user_to_an_identity(world: World) -> None:
    guest = (await world("get_id", IdentityPoolId=IDENTITIES))["IdentityId"]
    assert (await login(world, "ann", IdentityId=guest))["IdentityId"] == guest
    assert (await login(world, "ann2", IdentityId=guest))["IdentityId"] == guest
    with pytest.raises(DeveloperUserAlreadyRegisteredException):
        await login(world, "ann", IdentityId=(await login(world, "ben"))["IdentityId"])
    with pytest.raises(ResourceNotFoundException):
        await login(world, "cat", IdentityId=NOBODY)
    found = await world("lookup_developer_identity", IdentityPoolId=IDENTITIES, IdentityId=guest, MaxResults=1)
    more = await world(
        "lookup_developer_identity", IdentityPoolId=IDENTITIES, IdentityId=guest, NextToken=found["NextToken"]
    )
    assert found["DeveloperUserIdentifierList"] + more["DeveloperUserIdentifierList"] == ["ann", "ann2"]


async def test_a_developers_user_and_a_user_pools_user_are_one_identity(world: World) -> None:
    token = await world.user("ann")
    identity = (await login(world, "ann", others=token))["IdentityId"]
    assert (await world("get_id", IdentityPoolId=IDENTITIES, Logins=token))["IdentityId"] == identity
    assert (await world("describe_identity", IdentityId=identity))["Logins"] == sorted([PROVIDER, MINE])


async def test_lookup_finds_by_user_and_holds_both_against_each_other(world: World) -> None:
    ann = (await login(world, "ann"))["IdentityId"]
    asked = {"IdentityPoolId": IDENTITIES, "DeveloperUserIdentifier": "ann"}
    assert (await world("lookup_developer_identity", **asked))["IdentityId"] == ann
    with pytest.raises(ResourceConflictException):
        await world("lookup_developer_identity", **asked, IdentityId=NOBODY)
    with pytest.raises(ResourceNotFoundException):
        await world("lookup_developer_identity", IdentityPoolId=IDENTITIES, DeveloperUserIdentifier="cat")
    with pytest.raises(InvalidParameterException):
        await world("lookup_developer_identity", IdentityPoolId=IDENTITIES)


async def merge(world: World, source: str, destination: str, provider: str = MINE) -> str:
    users = {"SourceUserIdentifier": source, "DestinationUserIdentifier": destination}
    answer = await world(
        "merge_developer_identities", IdentityPoolId=IDENTITIES, DeveloperProviderName=provider, **users
    )
    return str(answer["IdentityId"])


async def test_merged_users_share_the_destinations_identity(world: World) -> None:
    token = await world.user("ann")
    ann = (await login(world, "ann", others=token))["IdentityId"]
    ben = (await login(world, "ben"))["IdentityId"]
    assert await merge(world, "ann", "ben") == ben
    assert (await login(world, "ann"))["IdentityId"] == ben
    assert (await world("get_id", IdentityPoolId=IDENTITIES, Logins=token))["IdentityId"] == ben
    with pytest.raises(ResourceNotFoundException):
        await world("describe_identity", IdentityId=ann)


async def test_what_cannot_be_merged_stays_apart(world: World) -> None:
    ann, ben = [(await login(world, name, others=await world.user(name)))["IdentityId"] for name in ("ann", "ben")]
    with pytest.raises(ResourceConflictException):
        await merge(world, "ann", "ben")
    assert [(await login(world, name))["IdentityId"] for name in ("ann", "ben")] == [ann, ben]
    with pytest.raises(ResourceNotFoundException):
        await merge(world, "cat", "ben")
    for wrong in (("ann", "ann", MINE), ("ann", "ben", "login.other.dev")):
        with pytest.raises(InvalidParameterException):
            await merge(world, *wrong)


async def test_an_identity_ends_with_its_last_login(world: World) -> None:
    identity = (await login(world, "ann"))["IdentityId"]
    token = (await login(world, "ann"))["Token"]
    asked = {"IdentityPoolId": IDENTITIES, "IdentityId": identity, "DeveloperProviderName": MINE}
    await world("unlink_developer_identity", **asked, DeveloperUserIdentifier="ann")
    for logins in (None, {OWN: token}):
        with pytest.raises(NotAuthorizedException, match="is forbidden"):
            await credentials_of(world, identity, logins)
    assert (await login(world, "ann"))["IdentityId"] != identity
    with pytest.raises(ResourceNotFoundException):
        await world("unlink_developer_identity", **asked, DeveloperUserIdentifier="ann")
    shown = await world("list_identities", IdentityPoolId=IDENTITIES, MaxResults=60)
    hidden = await world("list_identities", IdentityPoolId=IDENTITIES, MaxResults=60, HideDisabled=True)
    assert (len(shown["Identities"]), len(hidden["Identities"])) == (2, 1)


async def test_a_user_who_unlinks_the_last_login_is_no_guest(world: World) -> None:
    token = await world.user("ann")
    identity = (await world("get_id", IdentityPoolId=IDENTITIES, Logins=token))["IdentityId"]
    await world("unlink_identity", IdentityId=identity, Logins=token, LoginsToRemove=[PROVIDER])
    with pytest.raises(NotAuthorizedException, match="is forbidden"):
        await credentials_of(world, identity)


async def test_without_a_developer_provider_there_are_no_developers_users(account: Account, ctx: Context) -> None:
    world = World(account, ctx)
    await world.deploy()
    with pytest.raises(InvalidParameterException):
        await login(world, "ann")


def tagging(statement: dict[str, Any]) -> dict[str, Any]:
    actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
    return {"Version": "2012-10-17", "Statement": [statement["Statement"][0] | {"Action": actions}]}


async def test_claims_become_tags_of_the_session(world: World) -> None:
    mapped = {"IdentityPoolId": IDENTITIES, "IdentityProviderName": PROVIDER}
    assert (await world("get_principal_tag_attribute_map", **mapped))["PrincipalTags"] == {}
    tags = {"name": "cognito:username", "missing": "custom:none"}
    await world("set_principal_tag_attribute_map", **mapped, PrincipalTags=tags)
    logins = await world.user("ann")
    identity = (await world("get_id", IdentityPoolId=IDENTITIES, Logins=logins))["IdentityId"]
    with pytest.raises(InvalidIdentityPoolConfigurationException):
        await credentials_of(world, identity, logins)  # the role does not trust tags
    await roles.deploy(world.ctx, Role("auth", tagging(trust("authenticated"))))
    caller = await credentials_of(world, identity, logins)
    assert caller.conditions["aws:PrincipalTag/name"] == "ann"
    assert "aws:PrincipalTag/missing" not in caller.conditions
    shown = await world("set_principal_tag_attribute_map", **mapped, UseDefaults=True)
    assert shown == {**mapped, "UseDefaults": True, "PrincipalTags": {"username": "sub", "client": "aud"}}
    assert (await credentials_of(world, identity, logins)).conditions["aws:PrincipalTag/client"] == CLIENT


async def test_a_developer_tags_the_sessions_of_a_token(world: World) -> None:
    await roles.deploy(world.ctx, Role("auth", tagging(trust("authenticated"))))
    answer = await login(world, "ann", PrincipalTags={"plan": "gold"})
    caller = await credentials_of(world, answer["IdentityId"], {OWN: answer["Token"]})
    assert caller.conditions["aws:PrincipalTag/plan"] == "gold"


async def test_a_pool_has_tags(world: World) -> None:
    arn = f"arn:aws:cognito-identity:us-east-1:000000000000:identitypool/{IDENTITIES}"
    await world("tag_resource", ResourceArn=arn, Tags={"a": "1", "b": "2"})
    await world("untag_resource", ResourceArn=arn, TagKeys=["a"])
    assert await world("list_tags_for_resource", ResourceArn=arn) == {"Tags": {"b": "2"}}
    with pytest.raises(InvalidParameterException):
        await world("tag_resource", ResourceArn="arn:aws:s3:::b", Tags={})
    with pytest.raises(InvalidParameterException):
        await world("tag_resource", ResourceArn=arn, Tags={str(number): "" for number in range(60)})


@pytest.mark.parametrize(
    ("given", "mappings"),
    [
        ({"nobody": "arn"}, {}),
        ({}, {"p": {"Type": "Token"}}),
        ({}, {"p": {"Type": "Rules", "AmbiguousRoleResolution": "Deny"}}),
        ({}, {"p": {"Type": "Token", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": [{}]}}}),
        (
            {},
            {
                "p": {
                    "Type": "Rules",
                    "AmbiguousRoleResolution": "Deny",
                    "RulesConfiguration": {"Rules": [{}] * 26},
                }
            },
        ),
    ],
)
async def test_role_mappings_that_make_no_sense_are_refused(world: World, given: Any, mappings: Any) -> None:
    with pytest.raises(InvalidParameterException):
        await world("set_identity_pool_roles", IdentityPoolId=IDENTITIES, Roles=given, RoleMappings=mappings)
