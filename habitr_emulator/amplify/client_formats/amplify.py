"""``amplifyconfiguration.json``: what Amplify Flutter, Android and Swift of Gen 1 read.

https://docs.amplify.aws/gen1/flutter/start/project-setup/create-application/
"""

import json
from typing import Any

from habitr_emulator.amplify.client_formats.facts import Facts, SignIn

_SOCIAL = {"Facebook": "FACEBOOK", "Google": "GOOGLE", "LoginWithAmazon": "AMAZON", "SignInWithApple": "APPLE"}


def render(facts: Facts) -> str:
    """The file's text."""
    made: dict[str, Any] = {"UserAgent": "aws-amplify-cli/2.0", "Version": "1.0"}
    if facts.sign_in:
        made["auth"] = {"plugins": {"awsCognitoAuthPlugin": _auth(facts, facts.sign_in)}}
    apis = _apis(facts)
    if apis:
        made["api"] = {"plugins": {"awsAPIPlugin": apis}}
    if facts.bucket:
        s3 = {"bucket": facts.bucket, "region": facts.region, "defaultAccessLevel": "guest"}
        made["storage"] = {"plugins": {"awsS3StoragePlugin": s3}}
    if facts.pinpoint_app_id:
        pinpoint = {
            "pinpointAnalytics": {"appId": facts.pinpoint_app_id, "region": facts.region},
            "pinpointTargeting": {"region": facts.region},
        }
        made["analytics"] = {"plugins": {"awsPinpointAnalyticsPlugin": pinpoint}}
    return json.dumps(made, indent=2) + "\n"


def _auth(facts: Facts, known: SignIn) -> dict[str, Any]:
    pool: dict[str, Any] = {
        "PoolId": known.user_pool_id,
        "AppClientId": known.app.client_id,
        "Region": facts.region,
    }
    if known.app.client_secret:
        pool["AppClientSecret"] = known.app.client_secret
    if facts.local:
        pool["Endpoint"] = facts.address
    made: dict[str, Any] = {"UserAgent": "aws-amplify/cli", "Version": "0.1.0", "IdentityManager": {"Default": {}}}
    if known.identity_pool_id:
        identity = {"PoolId": known.identity_pool_id, "Region": facts.region}
        made["CredentialsProvider"] = {"CognitoIdentity": {"Default": identity}}
    made["CognitoUserPool"] = {"Default": pool}
    made["Auth"] = {"Default": _flow(known) | _oauth(facts, known)}
    return made


def _flow(known: SignIn) -> dict[str, Any]:
    providers = known.oauth.providers if known.oauth else ()
    return {
        "authenticationFlowType": "USER_SRP_AUTH",
        "socialProviders": [_SOCIAL[name] for name in providers if name in _SOCIAL],
        "usernameAttributes": known.names,
        "signupAttributes": [name.upper() for name in known.required],
        "passwordProtectionSettings": {
            "passwordPolicyMinLength": known.password_policy["MinimumLength"],
            "passwordPolicyCharacters": known.password_characters,
        },
        "mfaConfiguration": known.mfa,
        "mfaTypes": known.factors or ["SMS"],
        "verificationMechanisms": [name.upper() for name in known.verified],
    }


def _oauth(facts: Facts, known: SignIn) -> dict[str, Any]:
    """Flutter honours a scheme in ``WebDomain``; without one it takes https."""
    oauth = known.oauth
    if oauth is None:
        return {}
    return {
        "OAuth": {
            "WebDomain": f"http://{oauth.domain}" if facts.local else oauth.domain,
            "AppClientId": known.app.client_id,
            "SignInRedirectURI": ",".join(oauth.sign_in),
            "SignOutRedirectURI": ",".join(oauth.sign_out),
            "Scopes": oauth.scopes,
        }
    }


def _apis(facts: Facts) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if facts.graphql:
        made[facts.graphql.name] = {
            "endpointType": "GraphQL",
            "endpoint": facts.graphql.url,
            "region": facts.region,
            "authorizationType": facts.graphql.modes[0],
        }
        if facts.graphql.api_key:
            made[facts.graphql.name]["apiKey"] = facts.graphql.api_key
    for name, url in facts.rest_urls.items():
        made[name] = {
            "endpointType": "REST",
            "endpoint": url,
            "region": facts.region,
            "authorizationType": "AWS_IAM",
        }
    return made
