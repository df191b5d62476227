"""What administrators set: secrets, tags, looks, terms, risk, logs; and what they are told."""

import asyncio
import base64
import hashlib
import hmac

import pytest
from cryptography import x509

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.cognito_idp import totp
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import (
    InvalidOAuthFlowException,
    InvalidParameterException,
    LimitExceededException,
    ManagedLoginBrandingExistsException,
    NotAuthorizedException,
    ResourceNotFoundException,
    TermsExistsException,
    UserPoolAddOnNotEnabledException,
)

from .conftest import CLIENT, PASSWORD, POOL, Answer, Idp, spec

ARN = f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{POOL}"
APP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
AUDIT = {"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}


async def sign_in(idp: Idp, client: str, secret: str) -> Answer:
    proof = base64.b64encode(hmac.digest(secret.encode(), f"alice{client}".encode(), hashlib.sha256)).decode()
    parameters = {"USERNAME": "alice", "PASSWORD": PASSWORD, "SECRET_HASH": proof}
    return await idp.password_auth(ClientId=client, AuthParameters=parameters)


async def test_both_secrets_work_until_one_is_given_up(idp: Idp) -> None:
    await idp.confirmed()
    request = {"ClientName": "server", "GenerateSecret": True, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}
    made = (await idp.admin("create_user_pool_client", **request))["UserPoolClient"]
    client, first = made["ClientId"], made["ClientSecret"]
    added = (await idp.admin("add_user_pool_client_secret", ClientId=client))["ClientSecretDescriptor"]
    for secret in (first, added["ClientSecretValue"]):
        assert (await sign_in(idp, client, secret))["AuthenticationResult"]
    with pytest.raises(LimitExceededException):
        await idp.admin("add_user_pool_client_secret", ClientId=client)
    listed = (await idp.admin("list_user_pool_client_secrets", ClientId=client))["ClientSecrets"]
    assert [set(one) for one in listed] == [{"ClientSecretId", "ClientSecretCreateDate"}] * 2
    old = listed[0]["ClientSecretId"]
    await idp.admin("update_user_pool_client", ClientId=client, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
    await idp.admin("delete_user_pool_client_secret", ClientId=client, ClientSecretId=old)
    with pytest.raises(NotAuthorizedException):
        await sign_in(idp, client, first)
    shown = (await idp.admin("describe_user_pool_client", ClientId=client))["UserPoolClient"]
    assert shown["ClientSecret"] == added["ClientSecretValue"]
    assert "FurtherSecrets" not in shown
    assert (await sign_in(idp, client, shown["ClientSecret"]))["AuthenticationResult"]
    with pytest.raises(InvalidParameterException):
        await idp.admin("delete_user_pool_client_secret", ClientId=client, ClientSecretId=added["ClientSecretId"])


async def test_tags_are_added_listed_and_removed(idp: Idp) -> None:
    await idp("tag_resource", ResourceArn=ARN, Tags={"a": "1", "b": "2"})
    await idp("untag_resource", ResourceArn=ARN, TagKeys=["a", "z"])
    assert await idp("list_tags_for_resource", ResourceArn=ARN) == {"Tags": {"b": "2"}}
    assert (await idp.admin("describe_user_pool"))["UserPool"]["UserPoolTags"] == {"b": "2"}
    with pytest.raises(ResourceNotFoundException):
        await idp("list_tags_for_resource", ResourceArn=ARN + "x")


async def test_audited_pools_tell_what_a_user_did(idp: Idp) -> None:
    await idp.confirmed()
    with pytest.raises(UserPoolAddOnNotEnabledException):
        await idp.admin("admin_list_user_auth_events", Username="alice")
    await deploy(idp.ctx, spec(**AUDIT))
    token = (await idp.tokens())["AccessToken"]
    with pytest.raises(NotAuthorizedException):
        await idp.tokens(password="wrong-pass-9")
    change = {"PreviousPassword": PASSWORD, "ProposedPassword": "another-pass-2"}
    await idp("change_password", AccessToken=token, **change)
    first = await idp.admin("admin_list_user_auth_events", Username="alice", MaxResults=2)
    rest = await idp.admin("admin_list_user_auth_events", Username="alice", NextToken=first["NextToken"])
    events = first["AuthEvents"] + rest["AuthEvents"]
    told = [(event["EventType"], event["EventResponse"]) for event in events]
    assert told == [("PasswordChange", "Pass"), ("SignIn", "Fail"), ("SignIn", "Pass")]
    feedback = {"EventId": events[1]["EventId"], "FeedbackValue": "Invalid"}
    await idp.admin("admin_update_auth_event_feedback", Username="alice", **feedback)
    shown = (await idp.admin("admin_list_user_auth_events", Username="alice"))["AuthEvents"][1]
    assert shown["EventFeedback"]["FeedbackValue"] == "Invalid"
    with pytest.raises(ResourceNotFoundException):
        await idp.admin(
            "admin_update_auth_event_feedback", Username="alice", EventId="none", FeedbackValue="Valid"
        )


async def test_risk_configuration_is_kept_for_pool_and_client(idp: Idp) -> None:
    with pytest.raises(UserPoolAddOnNotEnabledException):
        await idp.admin("describe_risk_configuration")
    await deploy(idp.ctx, spec(**AUDIT))
    block = {"Actions": {"EventAction": "BLOCK"}}
    await idp.admin("set_risk_configuration", CompromisedCredentialsRiskConfiguration=block)
    shown = (await idp.admin("describe_risk_configuration", ClientId=CLIENT))["RiskConfiguration"]
    assert shown["CompromisedCredentialsRiskConfiguration"] == block
    exception = {"BlockedIPRangeList": ["192.0.2.0/24"]}
    await idp.admin("set_risk_configuration", ClientId=CLIENT, RiskExceptionConfiguration=exception)
    shown = (await idp.admin("describe_risk_configuration", ClientId=CLIENT))["RiskConfiguration"]
    assert (shown["ClientId"], shown["RiskExceptionConfiguration"]) == (CLIENT, exception)


async def test_threat_protection_that_acts_is_refused_plainly(idp: Idp) -> None:
    with pytest.raises(NotBuilt, match="ENFORCED"):
        await idp.admin("update_user_pool", UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"})


async def test_log_configuration_is_given_back(idp: Idp) -> None:
    empty = (await idp.admin("get_log_delivery_configuration"))["LogDeliveryConfiguration"]
    assert empty["LogConfigurations"] == []
    logs = [{"LogLevel": "ERROR", "EventSource": "userNotification"}]
    await idp.admin("set_log_delivery_configuration", LogConfigurations=logs)
    kept = (await idp.admin("get_log_delivery_configuration"))["LogDeliveryConfiguration"]
    assert kept == {"UserPoolId": POOL, "LogConfigurations": logs}


async def test_looks_need_a_domain_and_fall_back_to_those_of_all_clients(idp: Idp) -> None:
    with pytest.raises(InvalidParameterException, match="existing domain"):
        await idp.admin("set_ui_customization", CSS=".x{}")
    await idp.admin("create_user_pool_domain", Domain="habitr")
    await idp.admin("set_ui_customization", CSS=".x{}", ImageFile=b"\x89PNG rest")
    await idp.admin("set_ui_customization", CSS=".y{}")
    shown = (await idp.admin("get_ui_customization", ClientId=CLIENT))["UICustomization"]
    assert (shown["ClientId"], shown["CSS"]) == ("ALL", ".y{}")
    assert shown["ImageUrl"].startswith("data:image/png;base64,")
    with pytest.raises(InvalidParameterException):
        await idp.admin("set_ui_customization", ImageFile=b"GIF89a")


async def test_a_client_has_one_branding(idp: Idp) -> None:
    asset = {"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": b"\x89PNG"}
    request = {"ClientId": CLIENT, "Settings": {"a": 1}, "Assets": [asset]}
    made = (await idp.admin("create_managed_login_branding", **request))["ManagedLoginBranding"]
    assert (made["Settings"], made["Assets"]) == ({"a": 1}, [asset])
    which = {"ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
    with pytest.raises(ManagedLoginBrandingExistsException):
        await idp.admin("create_managed_login_branding", **request)
    await idp.admin("update_managed_login_branding", **which, Settings={"b": 2})
    shown = (await idp.admin("describe_managed_login_branding_by_client", ClientId=CLIENT))["ManagedLoginBranding"]
    assert (shown["Settings"], shown["Assets"]) == ({"b": 2}, [asset])
    assert (await idp.admin("describe_managed_login_branding", **which))["ManagedLoginBranding"] == shown
    await idp.admin("delete_managed_login_branding", **which)
    with pytest.raises(ResourceNotFoundException):
        await idp.admin("describe_managed_login_branding", **which)


async def test_a_client_has_terms_of_each_name_once_and_takes_them_along(idp: Idp) -> None:
    client = (await idp.admin("create_user_pool_client", ClientName="web"))["UserPoolClient"]["ClientId"]
    request = {"ClientId": client, "TermsSource": "LINK", "Enforcement": "NONE"}
    links = {"cognito:default": "https://example.com/terms"}
    made = (await idp.admin("create_terms", **request, TermsName="terms-of-use", Links=links))["Terms"]
    await idp.admin("create_terms", **request, TermsName="privacy-policy", Links=links)
    with pytest.raises(TermsExistsException):
        await idp.admin("create_terms", **request, TermsName="terms-of-use")
    with pytest.raises(TermsExistsException):
        await idp.admin("update_terms", TermsId=made["TermsId"], TermsName="privacy-policy")
    named = await idp.admin("describe_terms_by_client", ClientId=client, TermsName="terms-of-use")
    assert named == await idp.admin("describe_terms", TermsId=made["TermsId"]) == {"Terms": made}
    page = await idp.admin("list_terms", MaxResults=1)
    rest = await idp.admin("list_terms", NextToken=page["NextToken"])
    assert len(page["Terms"]) == len(rest["Terms"]) == 1
    await idp.admin("delete_terms", TermsId=made["TermsId"])
    await idp.admin("delete_user_pool_client", ClientId=client)
    assert (await idp.admin("list_terms"))["Terms"] == []


async def test_the_signing_certificate_stays_the_same(idp: Idp) -> None:
    first = (await idp.admin("get_signing_certificate"))["Certificate"]
    assert (await idp.admin("get_signing_certificate"))["Certificate"] == first
    certificate = x509.load_der_x509_certificate(base64.b64decode(first))
    certificate.verify_directly_issued_by(certificate)


async def test_the_old_setting_turns_sms_codes_on_and_off(idp: Idp) -> None:
    await idp.confirmed()
    await idp.admin("set_user_pool_mfa_config", SmsMfaConfiguration={"SmsConfiguration": {"SnsCallerArn": "a"}})
    number = [{"Name": "phone_number", "Value": "+15555550123"}]
    await idp.admin("admin_update_user_attributes", Username="alice", UserAttributes=number)
    sms = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]
    await idp.admin("admin_set_user_settings", Username="alice", MFAOptions=sms)
    shown = await idp.admin("admin_get_user", Username="alice")
    assert (shown["MFAOptions"], shown["PreferredMfaSetting"]) == (sms, "SMS_MFA")
    token = (await idp.tokens())["AccessToken"]
    await idp("set_user_settings", AccessToken=token, MFAOptions=[])
    assert "MFAOptions" not in await idp.admin("admin_get_user", Username="alice")
    with pytest.raises(InvalidParameterException):
        await idp("set_user_settings", AccessToken=token, MFAOptions=[{"DeliveryMedium": "EMAIL"}])


async def test_an_administrator_removes_a_lost_authenticator_app(idp: Idp) -> None:
    await idp.confirmed()
    await idp.admin(
        "set_user_pool_mfa_config", MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    token, now = (await idp.tokens())["AccessToken"], idp.account.clock.now()
    secret = (await idp("associate_software_token", AccessToken=token))["SecretCode"]
    await idp("verify_software_token", AccessToken=token, UserCode=totp.code(secret, int(now // 30)))
    on = {"Enabled": True, "PreferredMfa": True}
    await idp("set_user_mfa_preference", AccessToken=token, SoftwareTokenMfaSettings=on)
    assert (await idp.password_auth())["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    await idp.admin("admin_delete_software_token", Username="alice")
    assert await idp.tokens()
    with pytest.raises(InvalidParameterException, match="not set up"):
        await idp("set_user_mfa_preference", AccessToken=token, SoftwareTokenMfaSettings=on)


async def test_a_pool_that_insists_takes_a_mail_address_as_second_factor(idp: Idp) -> None:
    await idp.confirmed()
    mail = {"Subject": "code", "Message": "{####}"}
    await idp.admin("set_user_pool_mfa_config", MfaConfiguration="ON", EmailMfaConfiguration=mail)
    asked = await idp.password_auth()
    assert asked["ChallengeName"] == "MFA_SETUP"
    answer = {"USERNAME": "alice", "EMAIL": "new@example.com"}
    asked = await idp.respond("MFA_SETUP", answer, asked["Session"])
    assert asked["ChallengeName"] == "EMAIL_OTP"
    answer = {"USERNAME": "alice", "EMAIL_OTP_CODE": idp.code()}
    assert (await idp.respond("EMAIL_OTP", answer, asked["Session"]))["AuthenticationResult"]
    shown = await idp.admin("admin_get_user", Username="alice")
    assert {"Name": "email", "Value": "new@example.com"} in shown["UserAttributes"]
    assert shown["PreferredMfaSetting"] == "EMAIL_OTP"


CODE = {"AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["code"]}
PROGRAM = {"AllowedOAuthFlowsUserPoolClient": True, "AllowedOAuthFlows": ["client_credentials"]}


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"WriteAttributes": ["email_verified"]}, InvalidParameterException, "Invalid write attributes"),
        ({"WriteAttributes": ["custom:none"]}, InvalidParameterException, "Invalid write attributes"),
        ({"ReadAttributes": ["custom:none"]}, InvalidParameterException, "Invalid read attributes"),
        (CODE, InvalidParameterException, "AllowedOAuthFlows and AllowedOAuthScopes are required"),
        (
            {**PROGRAM, "AllowedOAuthScopes": ["openid"], "GenerateSecret": True},
            InvalidOAuthFlowException,
            "openid is not supported with client_credentials flow",
        ),
    ],
)
async def test_a_clients_settings_must_go_together(
    idp: Idp, settings: Answer, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        await idp.admin("create_user_pool_client", ClientName="app", **settings)


async def test_mfa_that_is_insisted_on_needs_a_factor(idp: Idp) -> None:
    with pytest.raises(InvalidParameterException, match="MFA"):
        await idp("create_user_pool", PoolName="safe", MfaConfiguration="ON")
    with pytest.raises(InvalidParameterException, match="MFA"):
        await idp.admin("update_user_pool", MfaConfiguration="ON")
    app = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
    await idp.admin("set_user_pool_mfa_config", MfaConfiguration="OPTIONAL", **app)
    await idp.admin("update_user_pool", MfaConfiguration="ON")
    assert (await idp.admin("get_user_pool_mfa_config"))["MfaConfiguration"] == "ON"


async def test_a_token_trigger_is_one_function(idp: Idp) -> None:
    arn = "arn:aws:lambda:us-east-1:000000000000:function:"
    both = {
        "PreTokenGeneration": f"{arn}a",
        "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": f"{arn}b"},
    }
    with pytest.raises(InvalidParameterException, match="same Lambda function"):
        await idp.admin("update_user_pool", LambdaConfig=both)


async def test_settings_changed_at_once_are_all_kept(idp: Idp) -> None:
    own = [{"Name": f"x{number}", "AttributeDataType": "String"} for number in range(4)]
    await asyncio.gather(
        *(idp.admin("add_custom_attributes", CustomAttributes=[entry]) for entry in own),
        idp("tag_resource", ResourceArn=ARN, Tags={"a": "1"}),
        idp.admin("set_user_pool_mfa_config", SoftwareTokenMfaConfiguration={"Enabled": True}),
    )
    shown = (await idp.admin("describe_user_pool"))["UserPool"]
    names = [attribute["Name"] for attribute in shown["SchemaAttributes"]]
    assert set(names) >= {f"custom:x{number}" for number in range(4)}
    assert shown["UserPoolTags"] == {"a": "1"}
    assert (await idp.admin("get_user_pool_mfa_config"))["SoftwareTokenMfaConfiguration"] == {"Enabled": True}


async def test_the_number_of_users_is_told_without_counting_them(idp: Idp) -> None:
    async def told() -> int:
        return int((await idp.admin("describe_user_pool"))["UserPool"]["EstimatedNumberOfUsers"])

    assert await told() == 0
    await idp.confirmed()
    await idp.sign_up("bob")
    assert await told() == 2
    await idp.admin("admin_delete_user", Username="bob")
    assert await told() == 1


async def test_the_columns_of_an_import_file_have_the_pools_own_attributes(idp: Idp) -> None:
    await idp.admin("add_custom_attributes", CustomAttributes=[{"Name": "x", "AttributeDataType": "String"}])
    header = (await idp.admin("get_csv_header"))["CSVHeader"]
    assert (header[0], header[-3:]) == ("name", ["custom:x", "cognito:mfa_enabled", "cognito:username"])


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("create_user_pool", {"PoolName": "x", "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"}}),
        ("update_user_pool", {"UserPoolId": POOL, "AcrConfiguration": {"Values": []}}),
        ("list_user_pool_clients", {"UserPoolId": POOL, "ClientType": "DCR"}),
    ],
)
async def test_what_is_not_built_is_refused_rather_than_forgotten(
    idp: Idp, operation: str, request_: Answer
) -> None:
    with pytest.raises(NotBuilt, match="is not built"):
        await idp(operation, **request_)


async def test_the_name_of_an_authenticator_app_is_told_when_it_is_asked_for(idp: Idp) -> None:
    await idp.admin("set_user_pool_mfa_config", MfaConfiguration="OPTIONAL", **APP)
    await idp.confirmed()
    token, now = (await idp.tokens())["AccessToken"], idp.ctx.clock.now()
    secret = (await idp("associate_software_token", AccessToken=token))["SecretCode"]
    code = totp.code(secret, int(now // 30))
    await idp("verify_software_token", AccessToken=token, UserCode=code, FriendlyDeviceName="my phone")
    await idp("set_user_mfa_preference", AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True})
    asked = await idp.password_auth()
    assert asked["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "my phone"


@pytest.mark.parametrize(
    "entry",
    [
        {"AttributeDataType": "String"},
        {"Name": "x", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MaxValue": "many"}},
        {"Name": "x", "AttributeDataType": "String", "StringAttributeConstraints": {"MinLength": "-1"}},
    ],
)
async def test_a_schema_attribute_has_a_name_and_limits_that_are_numbers(idp: Idp, entry: Answer) -> None:
    with pytest.raises(InvalidParameterException):
        await idp.admin("add_custom_attributes", CustomAttributes=[entry])
    with pytest.raises(InvalidParameterException):
        await idp("create_user_pool", PoolName="x", Schema=[entry])


async def test_a_secret_added_while_the_client_is_updated_is_kept(idp: Idp) -> None:
    made = (await idp.admin("create_user_pool_client", ClientName="app", GenerateSecret=True))["UserPoolClient"]
    client = {"ClientId": made["ClientId"]}
    await asyncio.gather(
        idp.admin("add_user_pool_client_secret", **client),
        idp.admin("update_user_pool_client", **client, ClientName="renamed"),
    )
    assert len((await idp.admin("list_user_pool_client_secrets", **client))["ClientSecrets"]) == 2
    shown = (await idp.admin("describe_user_pool_client", **client))["UserPoolClient"]
    assert shown["ClientName"] == "renamed"


async def test_a_client_that_rotates_refresh_tokens_has_no_flow_that_does_not(idp: Idp) -> None:
    rotation = {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}}
    made = (await idp.admin("create_user_pool_client", ClientName="app", **rotation))["UserPoolClient"]
    assert made["ExplicitAuthFlows"] == ["ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]
    both = {"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"], **rotation}
    with pytest.raises(InvalidParameterException, match="rotation"):
        await idp.admin("create_user_pool_client", ClientName="app", **both)
