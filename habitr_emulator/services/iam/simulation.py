"""The policy simulator: decisions without doing anything.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import identities
from habitr_emulator.services.iam.attached import AttachedPolicies
from habitr_emulator.services.iam.documents import compiled, read
from habitr_emulator.services.iam.errors import InvalidInput
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.iam.policies import AccessRequest, Decision, Principal, deciding, evaluate

_KINDS: dict[str, identities.Kind] = {"role": "role", "user": "user", "group": "group"}
_VARIABLE = re.compile(r"\$\{\s*([^,\s{}*?$]+)\s*(?:,[^{}]*)?\}")

_NOT_BUILT = ("PolicyExclusionList", "ResourceHandlingOption")


@dataclass(frozen=True, slots=True)
class Source:
    """A policy under simulation: how the answer names it, what it is attached to, its document."""

    id: str
    kind: str
    document: Mapping[str, Any]


def given(texts: Sequence[str], name: str = "PolicyInputList") -> list[Source]:
    """Policies given as JSON; raises MalformedPolicyDocument."""
    return [Source(f"{name}.{number}", "none", read(text, "identity")) for number, text in enumerate(texts, 1)]


def of_principal(ctx: Context, arn: str) -> list[Source]:
    """What binds the role, user or group named by ``arn``; raises InvalidInput, NoSuchEntity."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind not in _KINDS:
        raise InvalidInput(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    row = identities.require(ctx, _KINDS[kind], name.rpartition("/")[2])
    bound = ctx.account.part(AttachedPolicies).of(_KINDS[kind], row["name"])
    return [Source(f"{kind}_{row['name']}_{number}", kind, each) for number, each in enumerate(bound, 1)]


def simulate(ctx: Context, request: dict[str, Any], bound: Sequence[Source]) -> dict[str, Any]:
    """The decision for every action on every resource of ``request``, in pages. Raises NotBuilt."""
    for option in _NOT_BUILT:
        if request.get(option):
            raise NotBuilt(
                f"{option} is not built in habitr-emulator.", why=f"not built: {option} of the simulator"
            )
    keys = {entry["ContextKeyName"]: entry["ContextKeyValues"] for entry in request.get("ContextEntries", [])}
    resource_policy = read(request["ResourcePolicy"], "resource") if request.get("ResourcePolicy") else None
    boundary = given(request.get("PermissionsBoundaryPolicyInputList", []), "PermissionsBoundaryPolicyInputList")
    principal = _principal(ctx, request)
    known = {key.lower() for key in keys}
    missing = [key for key in keys_of([*bound, *boundary]) if key.lower() not in known]
    results = []
    for action in request["ActionNames"]:
        for resource in request.get("ResourceArns") or ["*"]:
            asked = AccessRequest(action, resource, keys, principal)
            own, limits = [each.document for each in bound], [each.document for each in boundary]
            decision = evaluate(asked, own, limits, resource_policy)
            result = _result(asked, decision, [*bound, *boundary], resource_policy)
            results.append({**result, "MissingContextValues": missing})
    return page("EvaluationResults", results, request)


def keys_of(sources: Sequence[Source]) -> list[str]:
    """The condition keys that policies mention, in conditions and as variables."""
    found: dict[str, None] = {}
    for source in sources:
        policy = compiled(source.document, "identity")
        for statement in policy.statements:
            found |= dict.fromkeys(condition.key for condition in statement.conditions)
            texts = [*(statement.resources or ()), *(statement.not_resources or ())]
            texts += [value for condition in statement.conditions for value in condition.values]
            if policy.variables:
                found |= dict.fromkeys(key for text in texts for key in _VARIABLE.findall(text))
    return list(found)


def _principal(ctx: Context, request: Mapping[str, Any]) -> Principal:
    arn = request.get("CallerArn") or request.get("PolicySourceArn") or ""
    return Principal("AWS", frozenset({arn}), ctx.account.account_id) if arn else Principal()


def _result(
    asked: AccessRequest, decision: Decision, sources: Sequence[Source], resource_policy: Mapping[str, Any] | None
) -> dict[str, Any]:
    denied = "explicit deny" in decision.because
    outcome = "allowed" if decision.allowed else "explicitDeny" if denied else "implicitDeny"
    matched = []
    if decision.allowed or denied:
        for source in sources:
            statements = deciding(asked, source.document, allows=decision.allowed)
            matched += [{"SourcePolicyId": source.id, "SourcePolicyType": source.kind} for _ in statements]
        if resource_policy is not None:
            found = deciding(asked, resource_policy, allows=decision.allowed, kind="resource")
            matched += [{"SourcePolicyId": "ResourcePolicy", "SourcePolicyType": "resource"} for _ in found]
    return {
        "EvalActionName": asked.action,
        "EvalResourceName": asked.resource,
        "EvalDecision": outcome,
        "MatchedStatements": matched,
    }
