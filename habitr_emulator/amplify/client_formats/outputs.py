"""``amplify_outputs.json``: what Amplify's libraries of 2024 and later read.

https://docs.amplify.aws/javascript/reference/amplify_outputs/
"""

import json
from typing import Any

from habitr_emulator.amplify.client_formats.facts import Facts, GraphqlFacts, OAuth, SignIn

_PROVIDERS = {
    "Facebook": "FACEBOOK",
    "Google": "GOOGLE",
    "LoginWithAmazon": "LOGIN_WITH_AMAZON",
    "SignInWithApple": "SIGN_IN_WITH_APPLE",
}
_MFA = {"OFF": "NONE", "OPTIONAL": "OPTIONAL", "ON": "REQUIRED"}


def render(facts: Facts) -> str:
    """The file's text."""
    made: dict[str, Any] = {"version": "1"}
    if facts.sign_in:
        made["auth"] = _auth(facts, facts.sign_in)
    if facts.graphql:
        made["data"] = _data(facts, facts.graphql)
    if facts.bucket:
        made["storage"] = {"aws_region": facts.region, "bucket_name": facts.bucket}
    if facts.pinpoint_app_id:
        pinpoint = {"aws_region": facts.region, "app_id": facts.pinpoint_app_id}
        made["analytics"] = {"amazon_pinpoint": pinpoint}
    if facts.rest_urls:
        urls = facts.rest_urls.items()
        apis = {name: {"endpoint": url, "region": facts.region, "apiName": name} for name, url in urls}
        made["custom"] = {"API": apis}
    return json.dumps(made, indent=2) + "\n"


def _auth(facts: Facts, known: SignIn) -> dict[str, Any]:
    """``user_pool_endpoint`` is read by Amplify Flutter; aws-amplify passes over it."""
    policy = known.password_policy
    made: dict[str, Any] = {
        "aws_region": facts.region,
        "user_pool_id": known.user_pool_id,
        "user_pool_client_id": (known.web if facts.target == "web" else known.app).client_id,
        "username_attributes": [name.lower() for name in known.names] or ["username"],
        "standard_required_attributes": known.required,
        "user_verification_types": known.verified,
        "unauthenticated_identities_enabled": known.guests,
        "mfa_configuration": _MFA.get(known.mfa, "NONE"),
        "mfa_methods": known.factors,
        "password_policy": {
            "min_length": policy["MinimumLength"],
            "require_lowercase": policy["RequireLowercase"],
            "require_uppercase": policy["RequireUppercase"],
            "require_numbers": policy["RequireNumbers"],
            "require_symbols": policy["RequireSymbols"],
        },
    }
    if known.groups:
        made["groups"] = [{name: {"precedence": precedence}} for name, precedence in known.groups]
    if known.identity_pool_id:
        made["identity_pool_id"] = known.identity_pool_id
    if facts.local:
        made["user_pool_endpoint"] = facts.address
    return made | _oauth(facts, known.oauth)


def _oauth(facts: Facts, oauth: OAuth | None) -> dict[str, Any]:
    if oauth is None:
        return {}
    return {
        "oauth": {
            "identity_providers": [_PROVIDERS[name] for name in oauth.providers if name in _PROVIDERS],
            "domain": oauth.domain if facts.target == "web" or not facts.local else f"http://{oauth.domain}",
            "scopes": oauth.scopes,
            "redirect_sign_in_uri": oauth.sign_in,
            "redirect_sign_out_uri": oauth.sign_out,
            "response_type": oauth.response_type,
        }
    }


def _data(facts: Facts, graphql: GraphqlFacts) -> dict[str, Any]:
    default, *others = graphql.modes
    made: dict[str, Any] = {
        "aws_region": facts.region,
        "url": graphql.url,
        "default_authorization_type": default,
        "authorization_types": others,
    }
    return {**made, "api_key": graphql.api_key} if graphql.api_key else made
