"""User pools for journeys that need another than the project's: one for each way to sign in."""

import io
import zipfile
from typing import Any

from tests.journeys.conftest import Running
from tests.journeys.people import new_name

_CUSTOM_CHALLENGES = """
def handler(event, context):
    request, response = event["request"], event["response"]
    source = event["triggerSource"].partition("_")[0]
    if source == "DefineAuthChallenge":
        past = [entry for entry in request["session"] if entry["challengeName"] == "CUSTOM_CHALLENGE"]
        begun = [entry["challengeName"] for entry in request["session"]]
        response["issueTokens"] = bool(past and past[-1]["challengeResult"])
        response["failAuthentication"] = not response["issueTokens"] and len(past) > 1
        if not response["issueTokens"] and not response["failAuthentication"]:
            response["challengeName"] = "PASSWORD_VERIFIER" if begun == ["SRP_A"] else "CUSTOM_CHALLENGE"
    elif source == "CreateAuthChallenge":
        response["publicChallengeParameters"] = {"question": "word?"}
        response["privateChallengeParameters"] = {"answer": "sesame"}
    else:
        response["answerCorrect"] = request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]
    return event
"""
_SMS = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "journeys"}
_APP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
_TEXT = {"SmsMfaConfiguration": {"SmsAuthenticationMessage": "Code {####}", "SmsConfiguration": _SMS}}
_LOOSE = {
    "MinimumLength": 8,
    **{f"Require{kind}": False for kind in ("Uppercase", "Lowercase", "Numbers", "Symbols")},
}


def of_every_factor(emulator: Running) -> dict[str, Any]:
    """``pools``: names and ids (as Amplify is configured with) of pools whose sign-ins differ; ``invited``:
    somebody with a temporary password in the pool ``totp``.
    """
    function = _function(emulator)
    triggers = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
    choice = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}
    prompted = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}
    made = {
        "totp": _pool(emulator, {"MfaConfiguration": "OPTIONAL", **_APP}),
        "insisting": _pool(emulator, {"MfaConfiguration": "ON", **_APP}),
        "several": _pool(emulator, {"MfaConfiguration": "OPTIONAL", **_APP, **_TEXT}, SmsConfiguration=_SMS),
        "custom": _pool(emulator, LambdaConfig=dict.fromkeys(triggers, function)),
        "choice": _pool(emulator, Policies={"PasswordPolicy": _LOOSE, "SignInPolicy": choice}),
        "devices": _pool(emulator, {"MfaConfiguration": "OPTIONAL", **_APP}, DeviceConfiguration=prompted),
    }
    invited = {"username": "invited", "password": "Temporary-Horse-9"}
    emulator.client("cognito-idp").admin_create_user(
        UserPoolId=made["totp"]["userPoolId"],
        Username=invited["username"],
        TemporaryPassword=invited["password"],
        MessageAction="SUPPRESS",
    )
    return {"pools": made, "invited": invited}


def with_secret(emulator: Running) -> tuple[str, str, str]:
    """The id of a pool with authenticator apps, and id and secret of its client."""
    pool = _pool(emulator, {"MfaConfiguration": "OPTIONAL", **_APP})["userPoolId"]
    made = emulator.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool, ClientName="server", GenerateSecret=True
    )["UserPoolClient"]
    return pool, made["ClientId"], made["ClientSecret"]


def with_passkeys(emulator: Running, relying_party: str) -> dict[str, str]:
    """Ids (as Amplify is configured with) of a pool whose sign-ins may start with a passkey."""
    factors = {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}
    passkeys = {"RelyingPartyId": relying_party, "UserVerification": "required"}
    return _pool(
        emulator,
        {"MfaConfiguration": "OFF", "WebAuthnConfiguration": passkeys},
        Policies={"PasswordPolicy": _LOOSE, "SignInPolicy": factors},
    )


def _pool(emulator: Running, mfa: dict[str, Any] | None = None, **settings: Any) -> dict[str, str]:
    idp = emulator.client("cognito-idp")
    email = {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True}
    defaults = {"Policies": {"PasswordPolicy": _LOOSE}, "AutoVerifiedAttributes": ["email"], "Schema": [email]}
    pool = idp.create_user_pool(PoolName="factors", **(defaults | settings))["UserPool"]["Id"]
    if mfa:
        idp.set_user_pool_mfa_config(UserPoolId=pool, **mfa)
    flows = [f"ALLOW_{flow}_AUTH" for flow in ("USER_SRP", "CUSTOM", "REFRESH_TOKEN")] + ["ALLOW_USER_AUTH"]
    client = idp.create_user_pool_client(UserPoolId=pool, ClientName="app", ExplicitAuthFlows=flows)
    return {"userPoolId": pool, "userPoolClientId": client["UserPoolClient"]["ClientId"]}


def _function(emulator: Running) -> str:
    """The ARN of a function that asks for a word, twice at most."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", _CUSTOM_CHALLENGES)
    answer = emulator.client("lambda").create_function(
        FunctionName=new_name("custom-challenges-"),
        Runtime="python3.12",
        Role="arn:aws:iam::000000000000:role/custom-challenges",
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
    )
    return str(answer["FunctionArn"])
