"""``amplify_outputs.json``: what Amplify's libraries of 2024 and later read.

https://docs.amplify.aws/javascript/reference/amplify_outputs/
"""

import json
from typing import Any

from habitr_emulator.amplify.client_formats.facts import Facts

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
    if facts.pool:
        made["auth"] = _auth(facts)
    if facts.graphql_modes:
        made["data"] = _data(facts)
    if facts.backend.buckets:
        made["storage"] = {"aws_region": facts.region, "bucket_name": facts.id("bucket")}
    if facts.id("pinpoint_app_id"):
        pinpoint = {"aws_region": facts.region, "app_id": facts.id("pinpoint_app_id")}
        made["analytics"] = {"amazon_pinpoint": pinpoint}
    rests = facts.rest_urls()
    if rests:
        apis = {name: {"endpoint": url, "region": facts.region, "apiName": name} for name, url in rests.items()}
        made["custom"] = {"API": apis}
    return json.dumps(made, indent=2) + "\n"


def _auth(facts: Facts) -> dict[str, Any]:
    """``user_pool_endpoint`` is read by Amplify Flutter; aws-amplify passes over it."""
    policy, (mfa, factors) = facts.password_policy, facts.mfa
    client = facts.client("app_clientWeb" if facts.target == "web" else "app_client")
    made: dict[str, Any] = {
        "aws_region": facts.region,
        "user_pool_id": facts.pool.user_pool_id if facts.pool else None,
        "user_pool_client_id": client.client_id if client else None,
        "username_attributes": [name.lower() for name in facts.username_attributes] or ["username"],
        "standard_required_attributes": facts.required_attributes,
        "user_verification_types": facts.verified_attributes,
        "unauthenticated_identities_enabled": facts.guests,
        "mfa_configuration": _MFA.get(mfa, "NONE"),
        "mfa_methods": factors,
        "password_policy": {
            "min_length": policy.get("MinimumLength", 8),
            "require_lowercase": policy.get("RequireLowercase", False),
            "require_uppercase": policy.get("RequireUppercase", False),
            "require_numbers": policy.get("RequireNumbers", False),
            "require_symbols": policy.get("RequireSymbols", False),
        },
    }
    if facts.groups:
        made["groups"] = [{group["GroupName"]: {"precedence": group["Precedence"]}} for group in facts.groups]
    if facts.identity_pool_id:
        made["identity_pool_id"] = facts.identity_pool_id
    if facts.local:
        made["user_pool_endpoint"] = facts.address
    return made | _oauth(facts)


def _oauth(facts: Facts) -> dict[str, Any]:
    oauth = facts.oauth("app_clientWeb" if facts.target == "web" else "app_client")
    if not oauth:
        return {}
    domain = oauth["domain"] if facts.target == "web" or not facts.local else f"http://{oauth['domain']}"
    return {
        "oauth": {
            "identity_providers": [_PROVIDERS[name] for name in oauth["providers"] if name in _PROVIDERS],
            "domain": domain,
            "scopes": oauth["scopes"],
            "redirect_sign_in_uri": oauth["sign_in"],
            "redirect_sign_out_uri": oauth["sign_out"],
            "response_type": oauth["response_type"],
        }
    }


def _data(facts: Facts) -> dict[str, Any]:
    default, *others = facts.graphql_modes
    made: dict[str, Any] = {
        "aws_region": facts.region,
        "url": facts.graphql_url,
        "default_authorization_type": default,
        "authorization_types": others,
    }
    return {**made, "api_key": facts.id("graphql_api_key")} if facts.id("graphql_api_key") else made
