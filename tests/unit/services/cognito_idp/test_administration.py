"""Users, groups, listings, pools and clients, as administrators see them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.cognito_idp import filters, totp
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import (
    AliasExistsException,
    CodeMismatchException,
    EnableSoftwareTokenMFAException,
    ExpiredCodeException,
    GroupExistsException,
    InvalidParameterException,
    NotAuthorizedException,
    ResourceNotFoundException,
    SoftwareTokenMFANotFoundException,
    UnsupportedUserStateException,
    UsernameExistsException,
    UserNotFoundException,
)

from .conftest import CLIENT, PASSWORD, Answer, Idp, claims, pool_settings, spec


async def create(idp: Idp, name: str, /, **attributes: str) -> Answer:
    listed = [{"Name": key, "Value": value} for key, value in attributes.items()]
    return await idp.admin(
        "admin_create_user",
        Username=name,
        TemporaryPassword=PASSWORD,
        MessageAction="SUPPRESS",
        UserAttributes=listed,
    )


def shown(user: Answer) -> dict[str, str]:
    return {entry["Name"]: entry["Value"] for entry in user["UserAttributes"]}


async def names(idp: Idp, text: str = "", **more: Any) -> list[str]:
    answer = await idp.admin("list_users", **({"Filter": text} if text else {}), **more)
    return [user["Username"] for user in answer["Users"]]


async def test_an_invitation_carries_the_temporary_password(idp: Idp) -> None:
    email = [{"Name": "email", "Value": "bob@example.com"}]
    request = {"Username": "bob", "UserAttributes": email, "DesiredDeliveryMediums": ["EMAIL"]}
    user = (await idp.admin("admin_create_user", **request))["User"]
    message = idp.account.inbox.messages(username="bob")[0]
    assert (user["UserStatus"], message["trigger"]) == ("FORCE_CHANGE_PASSWORD", "CustomMessage_AdminCreateUser")
    assert message["body"] == f"Your username is bob and temporary password is {message['code']}. "
    assert (await idp.password_auth("bob", message["code"]))["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    with pytest.raises(UsernameExistsException, match="User account already exists"):
        await idp.admin("admin_create_user", **request)
    await idp.admin("admin_create_user", MessageAction="RESEND", **request)
    assert idp.code("bob") != message["code"]
    await idp.admin("admin_set_user_password", Username="bob", Password=PASSWORD, Permanent=True)
    with pytest.raises(UnsupportedUserStateException):
        await idp.admin("admin_create_user", MessageAction="RESEND", **request)


async def test_a_deleted_user_is_gone_with_its_memberships(idp: Idp) -> None:
    await create(idp, "bob")
    await idp.admin("admin_add_user_to_group", Username="bob", GroupName="admin")
    await idp.admin("admin_delete_user", Username="bob")
    with pytest.raises(UserNotFoundException, match=r"User does not exist\."):
        await idp.admin("admin_get_user", Username="bob")
    assert (await idp.admin("list_users_in_group", GroupName="admin"))["Users"] == []


async def test_listing_filters(idp: Idp) -> None:
    await create(idp, "ann", email="Ann@example.com", name="Ann")
    await create(idp, "bob", email="bob@example.com", name="Bob")
    await create(idp, "bobby", email="bobby@example.com")
    await idp.admin("admin_disable_user", Username="ann")
    assert await names(idp) == ["ann", "bob", "bobby"]
    assert await names(idp, 'username = "BOB"') == ["bob"]
    assert await names(idp, 'username ^= "bob"') == ["bob", "bobby"]
    assert await names(idp, 'email = "ann@example.com"') == ["ann"]
    assert await names(idp, 'email ^= "bob"') == ["bob", "bobby"]
    assert await names(idp, 'name = "nobody"') == []
    assert await names(idp, 'status = "Disabled"') == ["ann"]
    assert await names(idp, 'cognito:user_status = "Force_Change_Password"') == ["ann", "bob", "bobby"]
    sub = shown(await idp.admin("admin_get_user", Username="bob"))["sub"]
    assert await names(idp, f'sub = "{sub}"') == ["bob"]
    answer = await idp.admin("list_users", AttributesToGet=["name"], Filter='username = "bob"')
    assert answer["Users"][0]["Attributes"] == [{"Name": "name", "Value": "Bob"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "Error while parsing filter."),
        ('email > "a"', "Error while parsing filter."),
        ("email = a", "Error while parsing filter."),
        ('custom:x = "y"', "Invalid search attribute: custom:x"),
    ],
)
async def test_a_filter_that_cannot_be_is_refused(idp: Idp, text: str, message: str) -> None:
    with pytest.raises(InvalidParameterException, match=message):
        await names(idp, text)
    with pytest.raises(InvalidParameterException, match="requested attributes do not exist"):
        await names(idp, AttributesToGet=["custom:none"])


@pytest.mark.parametrize("text", ["", 'email ^= "u"', 'status = "Enabled"', 'username ^= "u"', 'sub ^= ""'])
async def test_pages_show_everybody_once(idp: Idp, text: str) -> None:
    for number in range(7):
        await create(idp, f"u{number}", email=f"u{number % 2}@example.com")
    seen: list[str] = []
    more: Answer = {}
    while True:
        request = ({"Filter": text} if text else {}) | more
        answer = await idp.admin("list_users", Limit=3, **request)
        seen += [user["Username"] for user in answer["Users"]]
        if "PaginationToken" not in answer:
            break
        more = {"PaginationToken": answer["PaginationToken"]}
    assert sorted(seen) == [f"u{number}" for number in range(7)]
    assert len(seen) == 7
    with pytest.raises(InvalidParameterException):
        await idp.admin("list_users", PaginationToken="bm90IG1pbmU=")


@given(st.text(max_size=5), st.text(max_size=8))
def test_the_bound_of_a_prefix_lies_above_what_starts_with_it(prefix: str, rest: str) -> None:
    bound = filters.upper_bound(prefix)
    assert not bound or prefix + rest < bound
    assert not bound or bound[: len(prefix)] != prefix


@given(st.text(max_size=20))
def test_a_filters_value_is_what_was_quoted(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    assert filters.parse(f'email ^= "{quoted}"') == filters.Filter("email", True, value)


async def test_groups_live_and_die(idp: Idp) -> None:
    await idp.admin("create_group", GroupName="test", Description="d")
    with pytest.raises(GroupExistsException):
        await idp.admin("create_group", GroupName="test")
    await idp.admin("update_group", GroupName="test", Precedence=3)
    group = (await idp.admin("get_group", GroupName="test"))["Group"]
    assert (group["Description"], group["Precedence"]) == ("d", 3)
    await create(idp, "bob")
    for _ in range(2):
        await idp.admin("admin_add_user_to_group", Username="bob", GroupName="test")
    with pytest.raises(ResourceNotFoundException):
        await idp.admin("admin_add_user_to_group", Username="bob", GroupName="absent")
    listed = await idp.admin("list_groups", Limit=1)
    rest = await idp.admin("list_groups", NextToken=listed["NextToken"])
    assert [group["GroupName"] for group in listed["Groups"] + rest["Groups"]] == ["admin", "test"]
    await idp.admin("delete_group", GroupName="test")
    assert (await idp.admin("admin_list_groups_for_user", Username="bob"))["Groups"] == []


@pytest.mark.parametrize(
    ("groups", "preferred"),
    [
        ([("a", 2, "r1"), ("b", 1, "r2")], "r2"),
        ([("a", None, "r1"), ("b", 9, "r2")], "r2"),
        ([("a", 1, "r1"), ("b", 1, "r2")], None),
        ([("a", 1, "r1"), ("b", 1, "r1")], "r1"),
        ([("a", 0, None), ("b", 5, "r2")], "r2"),
    ],
)
async def test_the_lowest_precedence_gives_the_preferred_role(
    idp: Idp, groups: list[tuple[str, int | None, str | None]], preferred: str | None
) -> None:
    await idp.confirmed()
    for name, precedence, role in groups:
        settings = {"Precedence": precedence, "RoleArn": role}
        kept = {key: value for key, value in settings.items() if value is not None}
        await idp.admin("create_group", GroupName=name, **kept)
        await idp.admin("admin_add_user_to_group", Username="alice", GroupName=name)
    assert claims((await idp.tokens())["IdToken"]).get("cognito:preferred_role") == preferred


async def test_a_new_address_is_verified_by_its_code(idp: Idp) -> None:
    await idp.confirmed()
    token = (await idp.tokens())["AccessToken"]
    email = [{"Name": "email", "Value": "new@example.com"}]
    answer = await idp("update_user_attributes", AccessToken=token, UserAttributes=email)
    assert answer["CodeDeliveryDetailsList"][0]["Destination"] == "n***@e***"
    assert shown(await idp("get_user", AccessToken=token))["email_verified"] == "false"
    request = {"AccessToken": token, "AttributeName": "email"}
    with pytest.raises(CodeMismatchException):
        await idp("verify_user_attribute", Code="x", **request)
    await idp("verify_user_attribute", Code=idp.code(), **request)
    with pytest.raises(ExpiredCodeException):
        await idp("verify_user_attribute", Code=idp.code(), **request)
    assert shown(await idp("get_user", AccessToken=token))["email_verified"] == "true"
    assert (await idp("update_user_attributes", AccessToken=token, UserAttributes=email)) == {
        "CodeDeliveryDetailsList": []
    }


async def test_an_address_may_have_to_wait_for_its_code(idp: Idp) -> None:
    wait = {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    await deploy(idp.ctx, spec(UserAttributeUpdateSettings=wait))
    await idp.confirmed()
    token = (await idp.tokens())["AccessToken"]
    email = [{"Name": "email", "Value": "new@example.com"}]
    await idp("update_user_attributes", AccessToken=token, UserAttributes=email)
    before = shown(await idp("get_user", AccessToken=token))
    assert (before["email"], before["email_verified"]) == ("alice@example.com", "true")
    await idp("verify_user_attribute", AccessToken=token, AttributeName="email", Code=idp.code())
    assert shown(await idp("get_user", AccessToken=token))["email"] == "new@example.com"


async def test_administrators_set_verified_addresses(idp: Idp) -> None:
    await idp.confirmed()
    given = [{"Name": "email", "Value": "new@example.com"}, {"Name": "email_verified", "Value": "true"}]
    await idp.admin("admin_update_user_attributes", Username="alice", UserAttributes=given)
    user = shown(await idp.admin("admin_get_user", Username="alice"))
    assert (user["email"], user["email_verified"]) == ("new@example.com", "true")
    with pytest.raises(InvalidParameterException):
        await idp.admin("admin_delete_user_attributes", Username="alice", UserAttributeNames=["email"])


async def test_addresses_as_names_belong_to_one_user(idp: Idp) -> None:
    await deploy(idp.ctx, spec(UsernameAttributes=["email"]))
    answer = await idp.sign_up("Ann@Example.com", UserAttributes=[])
    await idp(
        "confirm_sign_up",
        ClientId=CLIENT,
        Username="ann@example.com",
        ConfirmationCode=idp.code(answer["UserSub"]),
    )
    assert claims((await idp.tokens("ANN@example.com"))["AccessToken"])["username"] == answer["UserSub"]
    with pytest.raises(UsernameExistsException, match=r"An account with the given email already exists\."):
        await idp.sign_up("ann@example.com", UserAttributes=[])
    with pytest.raises(InvalidParameterException, match=r"Username should be an email\."):
        await idp.sign_up("ann", UserAttributes=[])


async def test_an_alias_has_one_verified_owner(idp: Idp) -> None:
    await deploy(idp.ctx, spec(AliasAttributes=["email"]))
    await idp.confirmed("ann")
    email = [{"Name": "email", "Value": "ann@example.com"}]
    await idp.sign_up("bob", UserAttributes=email)
    request = {"ClientId": CLIENT, "Username": "bob", "ConfirmationCode": idp.code("bob")}
    with pytest.raises(AliasExistsException):
        await idp("confirm_sign_up", **request)
    assert claims((await idp.tokens("ann@example.com"))["AccessToken"])["username"] == "ann"
    await idp("confirm_sign_up", ForceAliasCreation=True, **request)
    assert claims((await idp.tokens("ann@example.com"))["AccessToken"])["username"] == "bob"


async def test_a_deployed_pool_keeps_what_api_calls_changed(idp: Idp) -> None:
    await idp.confirmed()
    await idp.admin("update_user_pool", **{**pool_settings(), "DeletionProtection": "ACTIVE"})
    await deploy(idp.ctx, spec())
    pool = (await idp.admin("describe_user_pool"))["UserPool"]
    assert (pool["DeletionProtection"], pool["EstimatedNumberOfUsers"]) == ("ACTIVE", 1)
    assert pool["SchemaAttributes"][0]["Name"] == "sub"
    with pytest.raises(InvalidParameterException):
        await idp.admin("delete_user_pool")


async def test_pools_and_clients_made_by_calls_have_awss_defaults(idp: Idp) -> None:
    pool = (await idp("create_user_pool", PoolName="p"))["UserPool"]
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["RequireSymbols"] is policy["RequireUppercase"] is True
    assert pool["UsernameConfiguration"] == {"CaseSensitive": True}
    request = {"UserPoolId": pool["Id"], "ClientName": "c", "GenerateSecret": True}
    client = (await idp("create_user_pool_client", **request))["UserPoolClient"]
    assert len(client["ClientId"]) == 26
    assert client["ClientSecret"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]
    listed = (await idp("list_user_pool_clients", UserPoolId=pool["Id"]))["UserPoolClients"]
    assert listed == [{"ClientId": client["ClientId"], "UserPoolId": pool["Id"], "ClientName": "c"}]
    with pytest.raises(ResourceNotFoundException):
        await idp.admin("describe_user_pool_client", ClientId=client["ClientId"])
    await idp("delete_user_pool", UserPoolId=pool["Id"])
    with pytest.raises(ResourceNotFoundException, match="does not exist"):
        await idp("describe_user_pool", UserPoolId=pool["Id"])


async def test_an_authenticator_app_guards_the_sign_in(idp: Idp) -> None:
    await idp.admin(
        "set_user_pool_mfa_config", MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    await idp.confirmed()
    token = (await idp.tokens())["AccessToken"]
    secret = (await idp("associate_software_token", AccessToken=token))["SecretCode"]
    preferred = {"Enabled": True, "PreferredMfa": True}
    with pytest.raises(InvalidParameterException, match="has not verified"):
        await idp("set_user_mfa_preference", AccessToken=token, SoftwareTokenMfaSettings=preferred)
    step = int(idp.account.clock.now() // 30)
    with pytest.raises(EnableSoftwareTokenMFAException):
        await idp("verify_software_token", AccessToken=token, UserCode="000000")
    await idp("verify_software_token", AccessToken=token, UserCode=totp.code(secret, step))
    await idp(
        "set_user_mfa_preference",
        AccessToken=token,
        SoftwareTokenMfaSettings=preferred,
        SMSMfaSettings={"Enabled": False},
    )
    assert (await idp("get_user", AccessToken=token))["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    asked = await idp.srp_auth()
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    answer = {"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": totp.code(secret, step)}
    with pytest.raises(ExpiredCodeException, match="already been used once"):
        await idp.respond("SOFTWARE_TOKEN_MFA", answer, asked["Session"])
    with pytest.raises(CodeMismatchException):
        await idp.respond("SOFTWARE_TOKEN_MFA", answer | {"SOFTWARE_TOKEN_MFA_CODE": "000000"}, asked["Session"])
    answer["SOFTWARE_TOKEN_MFA_CODE"] = totp.code(secret, step + 1)
    assert (await idp.respond("SOFTWARE_TOKEN_MFA", answer, asked["Session"]))["AuthenticationResult"]


async def test_a_pool_can_insist_on_setting_up_an_app(idp: Idp) -> None:
    await idp.confirmed()
    with pytest.raises(InvalidParameterException):
        await idp.admin("set_user_pool_mfa_config", MfaConfiguration="ON")
    await idp.admin(
        "set_user_pool_mfa_config", MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    asked = await idp.password_auth()
    assert asked["ChallengeParameters"]["MFAS_CAN_SETUP"] == '["SOFTWARE_TOKEN_MFA"]'
    with pytest.raises(InvalidParameterException):
        await idp.respond("MFA_SETUP", {"USERNAME": "alice"}, asked["Session"])
    begun = await idp("associate_software_token", Session=asked["Session"])
    code = totp.code(begun["SecretCode"], int(idp.account.clock.now() // 30))
    done = await idp("verify_software_token", Session=begun["Session"], UserCode=code)
    result = await idp.respond("MFA_SETUP", {"USERNAME": "alice"}, done["Session"])
    assert result["AuthenticationResult"]["AccessToken"]
    with pytest.raises(NotAuthorizedException):
        await idp.respond("MFA_SETUP", {"USERNAME": "alice"}, done["Session"])


async def test_a_pool_without_authenticator_apps_sets_none_up(idp: Idp) -> None:
    await idp.confirmed()
    token = (await idp.tokens())["AccessToken"]
    with pytest.raises(SoftwareTokenMFANotFoundException, match="has not been enabled by the userPool"):
        await idp("associate_software_token", AccessToken=token)
    wanted = {"SMSMfaSettings": {"Enabled": True}}
    phone = [{"Name": "phone_number", "Value": "+15551234567"}]
    await idp("update_user_attributes", AccessToken=token, UserAttributes=phone)
    with pytest.raises(InvalidParameterException, match="does not have SMS configuration"):
        await idp("set_user_mfa_preference", AccessToken=token, **wanted)
