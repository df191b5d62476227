"""``amplifyconfiguration.json``: what Amplify Flutter, Android and Swift of Gen 1 read.

https://docs.amplify.aws/gen1/flutter/start/project-setup/create-application/
"""

import json
from typing import Any

from habitr_emulator.amplify.client_formats.facts import Facts

_SOCIAL = {"Facebook": "FACEBOOK", "Google": "GOOGLE", "LoginWithAmazon": "AMAZON", "SignInWithApple": "APPLE"}


def render(facts: Facts) -> str:
    """The file's text."""
    made: dict[str, Any] = {"UserAgent": "aws-amplify-cli/2.0", "Version": "1.0"}
    if facts.pool:
        made["auth"] = {"plugins": {"awsCognitoAuthPlugin": _auth(facts)}}
    apis = _apis(facts)
    if apis:
        made["api"] = {"plugins": {"awsAPIPlugin": apis}}
    if facts.id("bucket"):
        s3 = {"bucket": facts.id("bucket"), "region": facts.region, "defaultAccessLevel": "guest"}
        made["storage"] = {"plugins": {"awsS3StoragePlugin": s3}}
    if facts.id("pinpoint_app_id"):
        pinpoint = {
            "pinpointAnalytics": {"appId": facts.id("pinpoint_app_id"), "region": facts.region},
            "pinpointTargeting": {"region": facts.region},
        }
        made["analytics"] = {"plugins": {"awsPinpointAnalyticsPlugin": pinpoint}}
    return json.dumps(made, indent=2) + "\n"


def _auth(facts: Facts) -> dict[str, Any]:
    client, (mfa, factors) = facts.client("app_client"), facts.mfa
    providers = facts.oauth("app_client").get("providers", ())
    pool: dict[str, Any] = {
        "PoolId": facts.pool.user_pool_id if facts.pool else None,
        "AppClientId": client.client_id if client else None,
        "Region": facts.region,
    }
    if client and client.client_secret:
        pool["AppClientSecret"] = client.client_secret
    if facts.local:
        pool["Endpoint"] = facts.address
    flow: dict[str, Any] = {
        "authenticationFlowType": "USER_SRP_AUTH",
        "socialProviders": [_SOCIAL[name] for name in providers if name in _SOCIAL],
        "usernameAttributes": facts.username_attributes,
        "signupAttributes": [name.upper() for name in facts.required_attributes],
        "passwordProtectionSettings": {
            "passwordPolicyMinLength": facts.password_policy.get("MinimumLength", 8),
            "passwordPolicyCharacters": facts.password_characters,
        },
        "mfaConfiguration": mfa,
        "mfaTypes": factors or ["SMS"],
        "verificationMechanisms": [name.upper() for name in facts.verified_attributes],
    }
    made: dict[str, Any] = {"UserAgent": "aws-amplify/cli", "Version": "0.1.0", "IdentityManager": {"Default": {}}}
    if facts.identity_pool_id:
        identity = {"PoolId": facts.identity_pool_id, "Region": facts.region}
        made["CredentialsProvider"] = {"CognitoIdentity": {"Default": identity}}
    made["CognitoUserPool"] = {"Default": pool}
    made["Auth"] = {"Default": flow | _oauth(facts)}
    return made


def _oauth(facts: Facts) -> dict[str, Any]:
    """Flutter honours a scheme in ``WebDomain``; without one it takes https."""
    oauth, client = facts.oauth("app_client"), facts.client("app_client")
    if not oauth or client is None:
        return {}
    return {
        "OAuth": {
            "WebDomain": f"http://{oauth['domain']}" if facts.local else oauth["domain"],
            "AppClientId": client.client_id,
            "SignInRedirectURI": ",".join(oauth["sign_in"]),
            "SignOutRedirectURI": ",".join(oauth["sign_out"]),
            "Scopes": oauth["scopes"],
        }
    }


def _apis(facts: Facts) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if facts.graphql_modes:
        made[facts.backend.api_sources[0].resource] = {
            "endpointType": "GraphQL",
            "endpoint": facts.graphql_url,
            "region": facts.region,
            "authorizationType": facts.graphql_modes[0],
        }
        if facts.id("graphql_api_key"):
            made[facts.backend.api_sources[0].resource]["apiKey"] = facts.id("graphql_api_key")
    for name, url in facts.rest_urls().items():
        made[name] = {
            "endpointType": "REST",
            "endpoint": url,
            "region": facts.region,
            "authorizationType": "AWS_IAM",
        }
    return made
