"""Lambda triggers: when they fire, what they get, what their answer does."""

import asyncio
import base64
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from habitr_emulator.services.cognito_idp import totp, triggers
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.errors import (
    InvalidLambdaResponseException,
    NotAuthorizedException,
    PasswordResetRequiredException,
    UnexpectedLambdaException,
    UserLambdaValidationException,
    UserNotConfirmedException,
    UserNotFoundException,
)

from .conftest import CLIENT, PASSWORD, POOL, Answer, Idp, Raises, Trigger, claims, spec

Functions = dict[str, Trigger]


async def wire(idp: Idp, functions: Functions, **triggers: Trigger) -> list[Answer]:
    """Give the pool these triggers; what they are called with is noted."""
    heard: list[Answer] = []

    def noting(trigger: Trigger) -> Trigger:
        def call(event: Answer) -> Any:
            heard.append(event)
            return trigger(event)

        return call

    functions.update({key: noting(trigger) for key, trigger in triggers.items()})
    await deploy(idp.ctx, spec(LambdaConfig={key: key for key in triggers}))
    return heard


def same(event: Answer) -> Answer:
    return event


def boom(event: Answer) -> Answer:
    raise Raises("not today")


def answering(**response: Any) -> Trigger:
    return lambda event: event | {"response": response}


async def test_post_confirmation_may_call_back_while_its_caller_waits(idp: Idp, functions: Functions) -> None:
    nick = {"Name": "nickname", "Value": "al"}

    async def call_back(event: Answer) -> Answer:
        await idp.admin("admin_update_user_attributes", Username=event["userName"], UserAttributes=[nick])
        return event

    heard = await wire(idp, functions, PostConfirmation=call_back)
    await idp.confirmed("Alice")
    event = heard[0]
    assert (event["version"], event["region"], event["userPoolId"]) == ("1", "us-east-1", POOL)
    assert (event["triggerSource"], event["userName"]) == ("PostConfirmation_ConfirmSignUp", "alice")
    assert event["callerContext"] == {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": CLIENT}
    attributes = event["request"]["userAttributes"]
    assert (attributes["cognito:user_status"], attributes["email_verified"]) == ("CONFIRMED", "true")
    assert event["response"] == {}
    shown = (await idp.admin("admin_get_user", Username="alice"))["UserAttributes"]
    assert nick in shown


async def test_a_failing_post_confirmation_leaves_the_user_confirmed(idp: Idp, functions: Functions) -> None:
    await wire(idp, functions, PostConfirmation=boom)
    with pytest.raises(UserLambdaValidationException, match=r"^PostConfirmation failed with error not today\.$"):
        await idp.confirmed()
    assert (await idp.admin("admin_get_user", Username="alice"))["UserStatus"] == "CONFIRMED"


async def test_pre_sign_up_refuses_before_anything_is_stored(idp: Idp, functions: Functions) -> None:
    heard = await wire(idp, functions, PreSignUp=boom)
    with pytest.raises(UserLambdaValidationException):
        await idp.sign_up(ValidationData=[{"Name": "k", "Value": "v"}], ClientMetadata={"m": "n"})
    assert (await idp.admin("list_users"))["Users"] == []
    assert heard[0]["request"] == {
        "userAttributes": {"email": "alice@example.com"},
        "validationData": {"k": "v"},
        "clientMetadata": {"m": "n"},
    }


async def test_pre_sign_up_confirms_and_verifies(idp: Idp, functions: Functions) -> None:
    trigger = answering(autoConfirmUser=True, autoVerifyEmail=True, autoVerifyPhone=False)
    heard = await wire(idp, functions, PreSignUp=trigger, PostConfirmation=same)
    assert (await idp.sign_up())["UserConfirmed"] is True
    assert claims((await idp.tokens())["IdToken"])["email_verified"] is True
    assert [event["triggerSource"] for event in heard] == ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]


@pytest.mark.parametrize(
    "value", [None, "text", 7, [1], {"response": [1]}, {"response": {"autoConfirmUser": "yes"}}]
)
async def test_an_answer_that_is_no_event_is_refused(idp: Idp, functions: Functions, value: object) -> None:
    await wire(idp, functions, PreSignUp=lambda _: value)
    with pytest.raises(InvalidLambdaResponseException, match="Unrecognizable lambda output"):
        await idp.sign_up()


async def test_a_function_that_is_not_there_is_unexpected(idp: Idp) -> None:
    await deploy(
        idp.ctx, spec(LambdaConfig={"PreSignUp": "arn:aws:lambda:us-east-1:000000000000:function:absent"})
    )
    with pytest.raises(UnexpectedLambdaException, match="PreSignUp invocation failed due to error"):
        await idp.sign_up()


async def test_sign_in_fires_its_triggers_in_order(idp: Idp, functions: Functions) -> None:
    heard = await wire(idp, functions, PreAuthentication=same, PostAuthentication=same, PreTokenGeneration=same)
    await idp.confirmed()
    await idp.password_auth(ClientMetadata={"m": "n"})
    sources = [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_Authentication",
    ]
    assert [event["triggerSource"] for event in heard] == sources
    assert heard[0]["request"]["validationData"] == {"m": "n"}


async def test_a_refused_sign_in_gives_no_tokens(idp: Idp, functions: Functions) -> None:
    await wire(idp, functions, PreAuthentication=boom)
    await idp.confirmed()
    with pytest.raises(UserLambdaValidationException, match="PreAuthentication failed with error not today"):
        await idp.srp_auth()


async def test_token_claims_can_be_changed_but_not_the_fixed_ones(idp: Idp, functions: Functions) -> None:
    details = {
        "claimsToAddOrOverride": {"plan": "gold", "sub": "x"},
        "claimsToSuppress": ["email"],
        "groupOverrideDetails": {"groupsToOverride": ["made-up"]},
    }
    await wire(idp, functions, PreTokenGeneration=answering(claimsOverrideDetails=details))
    await idp.confirmed()
    result = await idp.tokens()
    ident, access = claims(result["IdToken"]), claims(result["AccessToken"])
    assert (ident["plan"], ident["sub"]) == ("gold", access["sub"])
    assert "email" not in ident
    assert "plan" not in access
    assert ident["cognito:groups"] == access["cognito:groups"] == ["made-up"]


async def test_version_two_changes_the_access_token_too(idp: Idp, functions: Functions) -> None:
    details = {
        "idTokenGeneration": {"claimsToAddOrOverride": {"o": {"a": [1, True]}}},
        "accessTokenGeneration": {"claimsToAddOrOverride": {"tenant": "t1"}, "scopesToAdd": ["api/read"]},
    }
    heard: list[Answer] = []

    def trigger(event: Answer) -> Answer:
        heard.append(event)
        return event | {"response": {"claimsAndScopeOverrideDetails": details}}

    functions["f"] = trigger
    config = {"PreTokenGenerationConfig": {"LambdaArn": "f", "LambdaVersion": "V2_0"}}
    await deploy(idp.ctx, spec(LambdaConfig=config))
    await idp.confirmed()
    result = await idp.tokens()
    assert claims(result["IdToken"])["o"] == {"a": [1, True]}
    access = claims(result["AccessToken"])
    assert (access["tenant"], access["scope"]) == ("t1", "aws.cognito.signin.user.admin api/read")
    assert (heard[0]["version"], heard[0]["request"]["scopes"]) == ("2", ["aws.cognito.signin.user.admin"])


async def test_custom_message_words_the_mail(idp: Idp, functions: Functions) -> None:
    words = answering(emailMessage="Hello {####}!", emailSubject="S", smsMessage=None)
    heard = await wire(idp, functions, CustomMessage=words)
    await idp.sign_up()
    message = idp.account.inbox.messages(username="alice")[0]
    assert (message["subject"], message["body"]) == ("S", f"Hello {message['code']}!")
    assert heard[0]["request"]["codeParameter"] == "{####}"


async def test_a_stranger_is_migrated_once(idp: Idp, functions: Functions) -> None:
    def migrate(event: Answer) -> Answer:
        if event["request"]["password"] != PASSWORD:
            raise Raises("bad password")
        attributes = {"email": "old@example.com", "email_verified": "true"}
        return event | {"response": {"userAttributes": attributes, "finalUserStatus": "CONFIRMED"}}

    heard = await wire(idp, functions, UserMigration=migrate)
    for _ in range(2):
        assert claims((await idp.tokens("Old"))["IdToken"])["cognito:username"] == "old"
    assert [event["triggerSource"] for event in heard] == ["UserMigration_Authentication"]
    assert (await idp.srp_auth("old"))["AuthenticationResult"]


def define(event: Answer) -> Answer:
    past = event["request"]["session"]
    passed = bool(past) and past[-1]["challengeResult"]
    tried = len(past) >= 2
    response = {"issueTokens": passed, "failAuthentication": tried and not passed, "challengeName": None}
    if not passed and not tried:
        response["challengeName"] = "CUSTOM_CHALLENGE"
    return event | {"response": response}


def verify(event: Answer) -> Answer:
    right = event["request"]["privateChallengeParameters"]["answer"] == event["request"]["challengeAnswer"]
    return event | {"response": {"answerCorrect": right}}


@pytest.mark.parametrize(("answers", "enters"), [(["5"], True), (["4", "5"], True), (["4", "4"], False)])
async def test_functions_decide_a_custom_sign_in(
    idp: Idp, functions: Functions, answers: list[str], enters: bool
) -> None:
    question = {"publicChallengeParameters": {"q": "2+3"}, "privateChallengeParameters": {"answer": "5"}}
    create = answering(**question, challengeMetadata="SUM")
    await wire(
        idp, functions, DefineAuthChallenge=define, CreateAuthChallenge=create, VerifyAuthChallengeResponse=verify
    )
    await idp.confirmed()
    step = await idp(
        "initiate_auth", ClientId=CLIENT, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "alice"}
    )
    assert step["ChallengeParameters"] == {"q": "2+3", "USERNAME": "alice"}
    try:
        for answer in answers:
            step = await idp.respond("CUSTOM_CHALLENGE", {"USERNAME": "alice", "ANSWER": answer}, step["Session"])
    except NotAuthorizedException:
        assert not enters
    else:
        assert ("AuthenticationResult" in step) is enters


async def test_an_unknown_user_that_is_hidden_meets_the_triggers_and_no_more(
    idp: Idp, functions: Functions
) -> None:
    create = answering(publicChallengeParameters={}, privateChallengeParameters={"answer": "5"})
    await wire(
        idp, functions, DefineAuthChallenge=define, CreateAuthChallenge=create, VerifyAuthChallengeResponse=verify
    )
    triggers = {"DefineAuthChallenge": "DefineAuthChallenge", "CreateAuthChallenge": "CreateAuthChallenge"}
    triggers["VerifyAuthChallengeResponse"] = "VerifyAuthChallengeResponse"
    await deploy(idp.ctx, spec(client={"PreventUserExistenceErrors": "ENABLED"}, LambdaConfig=triggers))
    who = {"USERNAME": "ghost"}
    step = await idp("initiate_auth", ClientId=CLIENT, AuthFlow="CUSTOM_AUTH", AuthParameters=who)
    with pytest.raises(NotAuthorizedException, match=r"Incorrect username or password\."):
        await idp.respond("CUSTOM_CHALLENGE", who | {"ANSWER": "5"}, step["Session"])


@pytest.mark.parametrize(("key", "kind"), [("CustomEmailSender", "customEmailSenderRequestV1")])
async def test_a_pool_that_sends_itself_gets_the_code_and_the_inbox_does_not(
    idp: Idp, functions: Functions, key: str, kind: str
) -> None:
    heard: asyncio.Queue[Answer] = asyncio.Queue()
    functions["f"] = heard.put_nowait
    sender = {"LambdaVersion": "V1_0", "LambdaArn": "f"}
    await deploy(idp.ctx, spec(LambdaConfig={key: sender, "KMSKeyID": "k"}))
    await idp.sign_up(ClientMetadata={"m": "n"})
    event = await asyncio.wait_for(heard.get(), 5)
    assert event["triggerSource"] == f"{key}_SignUp"
    request = event["request"]
    assert (request["type"], request["clientMetadata"]) == (kind, {"m": "n"})
    assert request["userAttributes"]["email"] == "alice@example.com"
    assert idp.account.inbox.messages() == []
    code = base64.b64decode(request["code"]).decode()
    await idp("confirm_sign_up", ClientId=CLIENT, Username="alice", ConfirmationCode=code)
    assert await idp.tokens()


async def test_a_sender_that_fails_is_nobodys_concern(idp: Idp, functions: Functions) -> None:
    functions["f"] = boom
    await deploy(idp.ctx, spec(LambdaConfig={"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": "f"}}))
    assert (await idp.sign_up())["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"


async def test_a_trigger_that_is_too_slow_is_tried_three_times(
    idp: Idp, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triggers, "SECONDS", 0.01)
    heard = await wire(idp, functions, PreSignUp=lambda _: asyncio.sleep(3600))
    with pytest.raises(UnexpectedLambdaException, match="PreSignUp invocation failed"):
        await idp.sign_up()
    assert len(heard) == 3


async def test_pre_authentication_hears_of_unknown_users_when_they_are_hidden(
    idp: Idp, functions: Functions
) -> None:
    heard: list[Answer] = []

    def note(event: Answer) -> Answer:
        heard.append(event)
        return event

    functions["f"] = note
    hiding = {"PreventUserExistenceErrors": "ENABLED"}
    await deploy(idp.ctx, spec(client=hiding, LambdaConfig={"PreAuthentication": "f"}))
    with pytest.raises(NotAuthorizedException):
        await idp.password_auth("nobody")
    assert [event["request"]["userNotFound"] for event in heard] == [True]


async def test_a_migrated_user_is_welcomed_unless_suppressed(idp: Idp, functions: Functions) -> None:
    def migrate(event: Answer) -> Answer:
        email = f"{event['userName']}@example.com"
        answer = {"userAttributes": {"email": email, "email_verified": "true"}, "finalUserStatus": "CONFIRMED"}
        quiet = {"messageAction": "SUPPRESS"} if event["userName"] == "quiet" else {}
        return event | {"response": answer | quiet | {"desiredDeliveryMediums": ["EMAIL"]}}

    await wire(idp, functions, UserMigration=migrate)
    assert await idp.tokens("loud")
    assert await idp.tokens("quiet")
    assert [message["username"] for message in idp.account.inbox.messages()] == ["loud"]
    assert PASSWORD not in idp.account.inbox.messages()[0]["body"]


async def test_functions_sign_in_nobody_who_is_not_confirmed(idp: Idp, functions: Functions) -> None:
    await wire(idp, functions, DefineAuthChallenge=answering(issueTokens=True))
    await idp.sign_up()
    request = {"ClientId": CLIENT, "AuthFlow": "CUSTOM_AUTH", "AuthParameters": {"USERNAME": "alice"}}
    with pytest.raises(UserNotConfirmedException):
        await idp("initiate_auth", **request)
    await idp("confirm_sign_up", ClientId=CLIENT, Username="alice", ConfirmationCode=idp.code())
    assert (await idp("initiate_auth", **request))["AuthenticationResult"]


async def test_a_user_migrated_without_password_must_reset_it(idp: Idp, functions: Functions) -> None:
    attributes = {"email": "old@example.com", "email_verified": "true"}
    await wire(idp, functions, UserMigration=answering(userAttributes=attributes, messageAction="SUPPRESS"))
    for sign_in in (idp.password_auth, idp.password_auth, idp.srp_auth):
        with pytest.raises(PasswordResetRequiredException):
            await sign_in("old")
    await idp("forgot_password", ClientId=CLIENT, Username="old")
    reset = {"Username": "old", "ConfirmationCode": idp.code("old"), "Password": PASSWORD}
    await idp("confirm_forgot_password", ClientId=CLIENT, **reset)
    assert await idp.tokens("old")


async def test_a_custom_sign_in_may_ask_for_the_authenticator_app(idp: Idp, functions: Functions) -> None:
    def define(event: Answer) -> Answer:
        passed = [entry["challengeName"] for entry in event["request"]["session"]]
        answer = (
            {"issueTokens": True} if passed == ["SOFTWARE_TOKEN_MFA"] else {"challengeName": "SOFTWARE_TOKEN_MFA"}
        )
        return event | {"response": answer}

    await wire(idp, functions, DefineAuthChallenge=define)
    await idp.admin("set_user_pool_mfa_config", SoftwareTokenMfaConfiguration={"Enabled": True})
    await idp.confirmed()
    token = (await idp.tokens())["AccessToken"]
    secret = (await idp("associate_software_token", AccessToken=token))["SecretCode"]
    step = int(idp.account.clock.now() // 30)
    await idp("verify_software_token", AccessToken=token, UserCode=totp.code(secret, step))
    on = {"Enabled": True}
    await idp("set_user_mfa_preference", AccessToken=token, SoftwareTokenMfaSettings=on)
    asked = await idp(
        "initiate_auth", ClientId=CLIENT, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "alice"}
    )
    answer = {"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": totp.code(secret, step + 1)}
    result = await idp.respond("SOFTWARE_TOKEN_MFA", answer, asked["Session"])
    assert result["AuthenticationResult"]["AccessToken"]


async def test_what_a_start_brings_is_for_the_triggers_before_the_password(idp: Idp, functions: Functions) -> None:
    await idp.confirmed()
    keys = ("PreAuthentication", "PostAuthentication", "PreTokenGeneration")
    heard = await wire(idp, functions, **dict.fromkeys(keys, same))
    await idp.password_auth(ClientMetadata={"from": "start"})
    before, after, tokens = (event["request"] for event in heard)
    assert before["validationData"] == {"from": "start"}
    assert (after["clientMetadata"], tokens["clientMetadata"]) == ({}, {})


async def test_what_an_answer_brings_is_for_the_triggers_after_it(idp: Idp, functions: Functions) -> None:
    await idp.confirmed()
    keys = ("PreAuthentication", "PostAuthentication", "PreTokenGeneration")
    heard = await wire(idp, functions, **dict.fromkeys(keys, same))
    await idp.srp_auth(start={"from": "start"}, answer={"from": "answer"})
    before, after, tokens = (event["request"] for event in heard)
    assert before["validationData"] == {"from": "start"}
    assert after["clientMetadata"] == tokens["clientMetadata"] == {"from": "answer"}


async def test_a_forgotten_password_brings_its_metadata_to_the_migration(idp: Idp, functions: Functions) -> None:
    heard = await wire(idp, functions, UserMigration=boom)
    with pytest.raises(UserNotFoundException):
        await idp("forgot_password", ClientId=CLIENT, Username="bob", ClientMetadata={"a": "b"})
    request = heard[0]["request"]
    assert (request["clientMetadata"], request["validationData"]) == ({"a": "b"}, None)
    assert "password" not in request


LINKS = {
    "DefaultEmailOption": "CONFIRM_WITH_LINK",
    "EmailMessageByLink": "Hello {##click & go##}",
    "EmailSubjectByLink": "A link",
}


async def test_a_sign_up_is_confirmed_by_a_link(idp: Idp) -> None:
    await deploy(idp.ctx, spec(VerificationMessageTemplate=LINKS))
    await idp.sign_up()
    mail = idp.account.inbox.messages(username="alice")[-1]
    assert mail["subject"] == "A link"
    assert mail["body"].startswith('Hello <a href="')
    assert mail["body"].endswith(">click & go</a>")
    query = dict(parse_qsl(urlsplit(mail["link"]).query))
    assert query == {"client_id": CLIENT, "user_name": "alice", "confirmation_code": mail["code"]}
    assert urlsplit(mail["link"]).path == f"/_habitr/hosted/{POOL}/confirmUser"


async def test_custom_message_words_the_mail_around_the_link(idp: Idp, functions: Functions) -> None:
    functions["words"] = answering(emailMessage="Go: {##Click Here##}", emailSubject="Mine")
    await deploy(idp.ctx, spec(VerificationMessageTemplate=LINKS, LambdaConfig={"CustomMessage": "words"}))
    await idp.sign_up()
    mail = idp.account.inbox.messages(username="alice")[-1]
    assert (mail["subject"], mail["body"][:12], mail["link"] is None) == ("Mine", "Go: <a href=", False)
    functions["words"] = answering(emailMessage="no link here")
    await idp("resend_confirmation_code", ClientId=CLIENT, Username="alice")
    assert "click & go" in idp.account.inbox.messages(username="alice")[-1]["body"]
