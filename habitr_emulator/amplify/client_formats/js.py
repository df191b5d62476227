"""``aws-exports.js``: what the Amplify CLI writes for aws-amplify, as default export.

That form has no place for the addresses of Cognito and the identity pool, so with local hosts a second export,
``local``, is the same in aws-amplify 6's own form, with them: ``Amplify.configure(local)``.

https://docs.amplify.aws/gen1/javascript/tools/libraries/configure-categories/
"""

import json
from typing import Any

from habitr_emulator.amplify.client_formats.facts import Facts

_SOCIAL = {"Facebook": "FACEBOOK", "Google": "GOOGLE", "LoginWithAmazon": "AMAZON", "SignInWithApple": "APPLE"}
_PROVIDERS = {"Facebook": "Facebook", "Google": "Google", "LoginWithAmazon": "Amazon", "SignInWithApple": "Apple"}
_MODES = {
    "API_KEY": "apiKey",
    "AWS_IAM": "iam",
    "AMAZON_COGNITO_USER_POOLS": "userPool",
    "OPENID_CONNECT": "oidc",
    "AWS_LAMBDA": "lambda",
}


def render(facts: Facts) -> str:
    """The file's text, an ES module."""
    lines = [f"const awsmobile = {json.dumps(exports(facts), indent=4)};", "", "export default awsmobile;"]
    if facts.local:
        lines += ["", f"export const local = {json.dumps(resources_config(facts), indent=4)};"]
    return "\n".join(lines) + "\n"


def exports(facts: Facts) -> dict[str, Any]:
    """The CLI's form."""
    region = facts.region
    made: dict[str, Any] = {"aws_project_region": region}
    if facts.pool:
        made |= _auth(facts)
    if facts.graphql_modes:
        made |= {
            "aws_appsync_graphqlEndpoint": facts.graphql_url,
            "aws_appsync_region": region,
            "aws_appsync_authenticationType": facts.graphql_modes[0],
        }
        if facts.id("graphql_api_key"):
            made["aws_appsync_apiKey"] = facts.id("graphql_api_key")
    rests = facts.rest_urls()
    if rests:
        made["aws_cloud_logic_custom"] = [
            {"name": name, "endpoint": url, "region": region} for name, url in rests.items()
        ]
    if facts.id("bucket"):
        made |= {"aws_user_files_s3_bucket": facts.id("bucket"), "aws_user_files_s3_bucket_region": region}
    if facts.id("pinpoint_app_id"):
        made |= {
            "aws_mobile_analytics_app_id": facts.id("pinpoint_app_id"),
            "aws_mobile_analytics_app_region": region,
        }
    return made


def _auth(facts: Facts) -> dict[str, Any]:
    web, (mfa, factors), oauth = facts.client("app_clientWeb"), facts.mfa, facts.oauth("app_clientWeb")
    made: dict[str, Any] = {
        "aws_cognito_region": facts.region,
        "aws_user_pools_id": facts.pool.user_pool_id if facts.pool else None,
        "aws_user_pools_web_client_id": web.client_id if web else None,
        "oauth": {},
        "aws_cognito_username_attributes": facts.username_attributes,
        "aws_cognito_social_providers": [_SOCIAL[name] for name in oauth.get("providers", ()) if name in _SOCIAL],
        "aws_cognito_signup_attributes": [name.upper() for name in facts.required_attributes],
        "aws_cognito_mfa_configuration": mfa,
        "aws_cognito_mfa_types": factors or ["SMS"],
        "aws_cognito_password_protection_settings": {
            "passwordPolicyMinLength": facts.password_policy.get("MinimumLength", 8),
            "passwordPolicyCharacters": facts.password_characters,
        },
        "aws_cognito_verification_mechanisms": [name.upper() for name in facts.verified_attributes],
    }
    if facts.identity_pool_id:
        made["aws_cognito_identity_pool_id"] = facts.identity_pool_id
    if not facts.guests:
        made["aws_mandatory_sign_in"] = "enable"
    if oauth:
        made["oauth"] = {
            "domain": oauth["domain"],
            "scope": oauth["scopes"],
            "redirectSignIn": ",".join(oauth["sign_in"]),
            "redirectSignOut": ",".join(oauth["sign_out"]),
            "responseType": oauth["response_type"],
        }
        made["federationTarget"] = "COGNITO_USER_POOLS"
    return made


def resources_config(facts: Facts) -> dict[str, Any]:
    """aws-amplify 6's ``ResourcesConfig``, with the addresses that the CLI's form has no place for."""
    made: dict[str, Any] = {}
    if facts.pool:
        made["Auth"] = {"Cognito": _cognito(facts)}
    api: dict[str, Any] = {}
    if facts.graphql_modes:
        api["GraphQL"] = {
            "endpoint": facts.graphql_url,
            "region": facts.region,
            "defaultAuthMode": _MODES[facts.graphql_modes[0]],
        }
        if facts.id("graphql_api_key"):
            api["GraphQL"]["apiKey"] = facts.id("graphql_api_key")
    rests = facts.rest_urls()
    if rests:
        api["REST"] = {name: {"endpoint": url, "region": facts.region} for name, url in rests.items()}
    if api:
        made["API"] = api
    if facts.id("bucket"):
        made["Storage"] = {"S3": {"bucket": facts.id("bucket"), "region": facts.region}}
    if facts.id("pinpoint_app_id"):
        made["Analytics"] = {"Pinpoint": {"appId": facts.id("pinpoint_app_id"), "region": facts.region}}
    return made


def _cognito(facts: Facts) -> dict[str, Any]:
    web, oauth, names = facts.client("app_clientWeb"), facts.oauth("app_clientWeb"), facts.username_attributes
    login: dict[str, Any] = {
        "username": not names,
        "email": "EMAIL" in names,
        "phone": "PHONE_NUMBER" in names,
    }
    if oauth:
        login["oauth"] = {
            "domain": oauth["domain"],
            "scopes": oauth["scopes"],
            "redirectSignIn": oauth["sign_in"],
            "redirectSignOut": oauth["sign_out"],
            "responseType": oauth["response_type"],
            "providers": [_PROVIDERS[name] for name in oauth["providers"] if name in _PROVIDERS],
        }
    made: dict[str, Any] = {
        "userPoolId": facts.pool.user_pool_id if facts.pool else None,
        "userPoolClientId": web.client_id if web else None,
        "userPoolEndpoint": facts.address,
        "allowGuestAccess": facts.guests,
        "loginWith": login,
        "userAttributes": {name: {"required": True} for name in facts.required_attributes},
    }
    if facts.identity_pool_id:
        made |= {"identityPoolId": facts.identity_pool_id, "identityPoolEndpoint": facts.address}
    return made
