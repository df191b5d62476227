"""The rules of an ``@auth`` directive: completed with their defaults, or refused in the transformer's words."""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.amplify.auth.roles import READ_OPERATIONS
from habitr_emulator.amplify.transform.document import Directive, Field, Type
from habitr_emulator.amplify.transform.transformation import Transformation

DEFAULT_PROVIDER = {
    "owner": "userPools",
    "groups": "userPools",
    "private": "userPools",
    "public": "apiKey",
    "custom": "function",
}
#: Providers, and how a refusal lists them.
Allowed = tuple[tuple[str, ...], str]
#: What each strategy allows.
ALLOWED: Mapping[str, Allowed] = {
    "owner": (("userPools", "oidc"), "'userPools' (default) and 'oidc' providers"),
    "public": (("apiKey", "iam"), "'apiKey' (default) and 'identityPool' providers"),
    "private": (("userPools", "iam", "oidc"), "'userPools' (default) and 'identityPool' providers"),
    "custom": (("function",), "'function' (default) provider"),
}
_MODE = {
    "apiKey": "API Key",
    "oidc": "OPENID_CONNECT",
    "userPools": "Cognito User Pools",
    "iam": "IAM",
    "function": "Lambda",
}
_READ = frozenset(READ_OPERATIONS)
_READ_LISTED = "get,list,search,listen,sync"
#: The newer name of a provider.
_SAME = {"identityPool": "iam"}


def read(
    transformation: Transformation, named: str, directive: Directive, *, on_field: bool
) -> list[dict[str, Any]]:
    """The rules with ``provider`` and ``operations`` filled in (``operations`` None means all of them)."""
    given = directive.arguments.get("rules") or ()
    rules = [dict(rule) for rule in (given if isinstance(given, list | tuple) else (given,))]
    for rule in rules:
        _check_operations(transformation, rule, directive, on_field=on_field)
        rule["provider"] = rule.get("provider") or DEFAULT_PROVIDER[rule["allow"]]
        rule["operations"] = _expanded(rule.get("operations"))
    if not rules:
        transformation.refuse(f"@auth on {named} does not have any auth rules.", directive)
    for rule in rules:
        check_strategy(transformation, rule, directive)
        _check_groups(transformation, rule, directive)
        check_provider(transformation, rule, directive)
        check_members(transformation, rule, directive)
        rule["provider"] = _SAME.get(rule["provider"], rule["provider"])
    return rules


def _expanded(operations: list[str] | None) -> list[str] | None:
    if operations is None:
        return None
    return [verb for given in operations for verb in (READ_OPERATIONS if given == "read" else (given,))]


def _check_operations(
    transformation: Transformation, rule: dict[str, Any], directive: Directive, *, on_field: bool
) -> None:
    operations = rule.get("operations") or []
    offending = ",".join(verb for verb in operations if verb in _READ)
    if on_field and offending:
        transformation.refuse(f"'{offending}' operation is not allowed at the field level.", directive)
    if "read" in operations and offending:
        transformation.refuse(
            f"'{offending}' operations are specified in addition to 'read'. Either remove 'read' to limit access "
            f"only to '{offending}' or only keep 'read' to grant all {_READ_LISTED} access.",
            directive,
        )


def _check_groups(transformation: Transformation, rule: dict[str, Any], directive: Directive) -> None:
    if rule["allow"] == "groups" and rule.get("groups") is None and not rule.get("groupsField"):
        transformation.refuse(
            "@auth directive with 'groups' should have a defined groups list or a groupsField.", directive
        )


def check_strategy(
    transformation: Transformation,
    rule: dict[str, Any],
    directive: Directive,
    allowed_by: Mapping[str, Allowed] = ALLOWED,
) -> None:
    """Refuse a provider that the strategy cannot have."""
    strategy, provider = rule["allow"], rule["provider"]
    if strategy == "groups":
        if provider not in ("userPools", "oidc"):
            transformation.refuse(
                "@auth directive with 'groups' strategy only supports 'userPools' and 'oidc' providers, but found "
                f"'{provider}' assigned.",
                directive,
            )
        return
    allowed, listed = allowed_by[strategy]
    if _SAME.get(provider, provider) not in allowed:
        transformation.refuse(
            f"@auth directive with '{strategy}' strategy only supports {listed}, but found '{provider}' assigned.",
            directive,
        )


def check_provider(transformation: Transformation, rule: dict[str, Any], directive: Directive) -> None:
    """Refuse a provider that the API lacks."""
    provider = rule["provider"]
    mode = _SAME.get(provider, provider)
    if mode not in transformation.providers:
        transformation.refuse(
            f"@auth directive with '{provider}' provider found, but the project has no {_MODE[mode]} "
            "authentication provider configured.",
            directive,
        )


def check_members(transformation: Transformation, rule: dict[str, Any], directive: Directive) -> None:
    """Refuse arguments that do not belong together."""
    strategy = rule["allow"]
    if strategy == "groups" and rule.get("identityClaim"):
        transformation.refuse("\n          @auth identityClaim can only be used for 'allow: owner'", directive)
    if strategy == "owner" and rule.get("groupClaim"):
        transformation.refuse("\n          @auth groupClaim can only be used 'allow: groups'", directive)
    if rule.get("groupsField") and rule.get("groups"):
        transformation.refuse("This rule has groupsField and groups, please use one or the other", directive)
    if strategy == "groups" and rule.get("groups") is not None and not rule["groups"]:
        transformation.refuse("@auth rules using groups cannot have an empty list", directive)


def check_field(
    transformation: Transformation, owner: Type, field: Field, directive: Directive, *, is_model: bool
) -> None:
    """Refuse what cannot stand on a field's rules: operations, where there are none to choose from."""
    rules = directive.arguments.get("rules") or ()
    if not rules and transformation.version == 2:
        transformation.refuse(f"@auth on {field.name} does not have any auth rules.", directive)
    if not any(rule.get("operations") for rule in rules if isinstance(rule, dict)):
        return
    if owner.name in transformation.document.roots.values():
        transformation.refuse(
            "@auth rules on fields within Query, Mutation, Subscription cannot specify 'operations' argument as "
            "these rules are already on an operation already.",
            directive,
        )
    if not is_model:
        transformation.refuse(
            "@auth rules on fields within types that does not have @model directive cannot specify 'operations' "
            "argument as there are operations will be generated by the CLI.",
            directive,
        )
