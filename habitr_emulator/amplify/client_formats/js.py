"""``aws-exports.js``: what the Amplify CLI writes for aws-amplify, as default export.

That form has no place for the addresses of Cognito and the identity pool, so with local hosts a second export,
``local``, is the same in aws-amplify 6's own form, with them: ``Amplify.configure(local)``.

https://docs.amplify.aws/gen1/javascript/tools/libraries/configure-categories/
"""

import json
from typing import Any

from habitr_emulator.amplify.client_formats.facts import Facts, SignIn

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
    region, graphql = facts.region, facts.graphql
    made: dict[str, Any] = {"aws_project_region": region}
    if facts.sign_in:
        made |= _auth(facts, facts.sign_in)
    if graphql:
        made |= {
            "aws_appsync_graphqlEndpoint": graphql.url,
            "aws_appsync_region": region,
            "aws_appsync_authenticationType": graphql.modes[0],
        }
        if graphql.api_key:
            made["aws_appsync_apiKey"] = graphql.api_key
    if facts.rest_urls:
        urls = facts.rest_urls.items()
        made["aws_cloud_logic_custom"] = [{"name": name, "endpoint": url, "region": region} for name, url in urls]
    if facts.bucket:
        made |= {"aws_user_files_s3_bucket": facts.bucket, "aws_user_files_s3_bucket_region": region}
    if facts.pinpoint_app_id:
        made |= {
            "aws_mobile_analytics_app_id": facts.pinpoint_app_id,
            "aws_mobile_analytics_app_region": region,
        }
    return made


def _auth(facts: Facts, known: SignIn) -> dict[str, Any]:
    oauth = known.oauth
    providers = oauth.providers if oauth else ()
    made: dict[str, Any] = {
        "aws_cognito_region": facts.region,
        "aws_user_pools_id": known.user_pool_id,
        "aws_user_pools_web_client_id": known.web.client_id,
        "oauth": {},
        "aws_cognito_username_attributes": known.names,
        "aws_cognito_social_providers": [_SOCIAL[name] for name in providers if name in _SOCIAL],
        "aws_cognito_signup_attributes": [name.upper() for name in known.required],
        "aws_cognito_mfa_configuration": known.mfa,
        "aws_cognito_mfa_types": known.factors or ["SMS"],
        "aws_cognito_password_protection_settings": {
            "passwordPolicyMinLength": known.password_policy["MinimumLength"],
            "passwordPolicyCharacters": known.password_characters,
        },
        "aws_cognito_verification_mechanisms": [name.upper() for name in known.verified],
    }
    if known.identity_pool_id:
        made["aws_cognito_identity_pool_id"] = known.identity_pool_id
    if not known.guests:
        made["aws_mandatory_sign_in"] = "enable"
    if oauth:
        made["oauth"] = {
            "domain": oauth.domain,
            "scope": oauth.scopes,
            "redirectSignIn": ",".join(oauth.sign_in),
            "redirectSignOut": ",".join(oauth.sign_out),
            "responseType": oauth.response_type,
        }
        made["federationTarget"] = "COGNITO_USER_POOLS"
    return made


def resources_config(facts: Facts) -> dict[str, Any]:
    """aws-amplify 6's ``ResourcesConfig``, with the addresses that the CLI's form has no place for."""
    made: dict[str, Any] = {}
    if facts.sign_in:
        made["Auth"] = {"Cognito": _cognito(facts, facts.sign_in)}
    api: dict[str, Any] = {}
    if facts.graphql:
        graphql = {
            "endpoint": facts.graphql.url,
            "region": facts.region,
            "defaultAuthMode": _MODES[facts.graphql.modes[0]],
        }
        api["GraphQL"] = graphql | ({"apiKey": facts.graphql.api_key} if facts.graphql.api_key else {})
    if facts.rest_urls:
        urls = facts.rest_urls.items()
        api["REST"] = {name: {"endpoint": url, "region": facts.region} for name, url in urls}
    if api:
        made["API"] = api
    if facts.bucket:
        made["Storage"] = {"S3": {"bucket": facts.bucket, "region": facts.region}}
    if facts.pinpoint_app_id:
        made["Analytics"] = {"Pinpoint": {"appId": facts.pinpoint_app_id, "region": facts.region}}
    return made


def _cognito(facts: Facts, known: SignIn) -> dict[str, Any]:
    oauth = known.oauth
    login: dict[str, Any] = {
        "username": not known.names,
        "email": "EMAIL" in known.names,
        "phone": "PHONE_NUMBER" in known.names,
    }
    if oauth:
        login["oauth"] = {
            "domain": oauth.domain,
            "scopes": oauth.scopes,
            "redirectSignIn": oauth.sign_in,
            "redirectSignOut": oauth.sign_out,
            "responseType": oauth.response_type,
            "providers": [_PROVIDERS[name] for name in oauth.providers if name in _PROVIDERS],
        }
    made: dict[str, Any] = {
        "userPoolId": known.user_pool_id,
        "userPoolClientId": known.web.client_id,
        "userPoolEndpoint": facts.address,
        "allowGuestAccess": known.guests,
        "loginWith": login,
        "userAttributes": {name: {"required": True} for name in known.required},
    }
    if known.identity_pool_id:
        made |= {"identityPoolId": known.identity_pool_id, "identityPoolEndpoint": facts.address}
    return made
