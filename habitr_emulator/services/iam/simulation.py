"""The policy simulator: decisions without doing anything.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import identities
from habitr_emulator.services.iam.attached import AttachedPolicies
from habitr_emulator.services.iam.documents import read
from habitr_emulator.services.iam.errors import InvalidInput
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.iam.policies import AccessRequest, Decision, evaluate


def documents(texts: Sequence[str]) -> list[Mapping[str, Any]]:
    """Policy documents given as JSON; raises MalformedPolicyDocument."""
    return [read(text, "identity") for text in texts]


def of_principal(ctx: Context, arn: str) -> list[Mapping[str, Any]]:
    """What binds the role or user named by ``arn``; raises InvalidInput, NoSuchEntity."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind not in ("role", "user"):
        raise InvalidInput(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    owner: identities.Kind = "role" if kind == "role" else "user"
    row = identities.require(ctx, owner, name.rpartition("/")[2])
    return list(ctx.account.part(AttachedPolicies).of(owner, row["name"]))


def simulate(ctx: Context, request: dict[str, Any], bound: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The decision for every action on every resource of ``request``, in pages."""
    keys = {entry["ContextKeyName"]: entry["ContextKeyValues"] for entry in request.get("ContextEntries", [])}
    resource_policy = read(request["ResourcePolicy"], "resource") if request.get("ResourcePolicy") else None
    results = [
        _result(action, resource, evaluate(AccessRequest(action, resource, keys), bound, (), resource_policy))
        for action in request["ActionNames"]
        for resource in request.get("ResourceArns") or ["*"]
    ]
    return page("EvaluationResults", results, request)


def _result(action: str, resource: str, decision: Decision) -> dict[str, Any]:
    refused = "explicitDeny" if "explicit deny" in decision.because else "implicitDeny"
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": "allowed" if decision.allowed else refused,
        "MatchedStatements": [],
        "MissingContextValues": [],
    }
