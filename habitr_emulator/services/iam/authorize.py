"""May this caller do this? The account's Authorizer.

It gathers the caller's policies and the request's condition keys, evaluates, and refuses in the words of the
service's protocol.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.services.context import Caller, Context
from habitr_emulator.services.iam.near_misses import nearest
from habitr_emulator.services.iam.policies import AccessRequest, Decision, Principal, evaluate
from habitr_emulator.wire.refusals import refuse

Conditions = Mapping[str, str | Sequence[str]]
#: Nobody can lock the root user out of a bucket's policy.
_ROOT_ALWAYS = ("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def authorize(
    context: Context,
    action: str,
    resource: str,
    conditions: Conditions,
    resource_policy: Mapping[str, Any] | None,
) -> None:
    """Return if the caller may do ``action`` on ``resource``; else raise the protocol's refusal.

    Services may do everything, and the administrator, as AWS's root user, what ``resource_policy`` does not deny;
    it alone binds who brings no signature.
    """
    caller = context.caller
    if caller.kind == "service" or (caller.root and (resource_policy is None or action in _ROOT_ALWAYS)):
        return
    if caller.kind != "signed" and resource_policy is None:
        raise refuse(
            "missing_authentication",
            context.protocol,
            why=f"{action or 'this operation'} needs a signature, and the request has none",
        )
    decision = decide(context, action, resource, conditions, resource_policy)
    if not decision.allowed:
        raise refuse(
            "access_denied",
            context.protocol,
            message=_message(caller, action, resource, decision),
            why=_why(context, asked(context, action, resource, conditions), decision),
        )


def _why(context: Context, request: AccessRequest, decision: Decision) -> str:
    """The statement that denied; or what nobody allowed, and the statement that came nearest."""
    caller = context.caller
    who = f"{request.action} on {request.resource}, asked by {caller.arn or 'nobody known'}"
    if "explicit deny" in decision.because:
        return f"{decision.why}: {who}"
    documents = caller.session_policies if "session policy" in decision.because else caller.policies
    near = nearest(request, documents)
    return f"{decision.why}: {who}{'; ' if near else ''}{near}"


def decide(
    context: Context,
    action: str,
    resource: str,
    conditions: Conditions,
    resource_policy: Mapping[str, Any] | None = None,
) -> Decision:
    """The decision of the caller's policies and ``resource_policy``, without refusing anybody."""
    caller = context.caller
    request = asked(context, action, resource, conditions)
    policies = (_EVERYTHING,) if caller.root else caller.policies
    return evaluate(request, policies, caller.session_policies, resource_policy)


def asked(context: Context, action: str, resource: str, conditions: Conditions) -> AccessRequest:
    """The question, with every condition key that request and caller bring."""
    caller = context.caller
    keys = {**global_conditions(context), **caller.conditions, **conditions}
    return AccessRequest(action, resource, keys, principal_of(caller, context.account.account_id))


def principal_of(caller: Caller, account_id: str) -> Principal:
    """The caller as resource policies name it: a session also by its role."""
    if caller.kind == "service":
        return Principal("Service", frozenset({caller.arn}))
    if caller.kind != "signed":
        return Principal()
    role = caller.conditions.get("aws:PrincipalArn", caller.arn)
    names = {caller.arn, role if isinstance(role, str) else caller.arn}
    return Principal("AWS", frozenset(names), account_id)


def global_conditions(context: Context) -> dict[str, str]:
    """The ``aws:`` keys that every request has; those of the principal come with the caller."""
    caller, now = context.caller, context.clock.now()
    keys = {
        "aws:SourceIp": context.source_ip,
        "aws:SecureTransport": "true" if context.secure else "false",
        "aws:CurrentTime": iso8601(now),
        "aws:EpochTime": str(int(now)),
        "aws:UserAgent": context.user_agent,
        "aws:Referer": context.headers.get("referer", ""),
        "aws:RequestedRegion": context.account.region,
        "aws:ResourceAccount": context.account.account_id,
        "aws:PrincipalType": "Anonymous",
    }
    if caller.kind == "signed":
        kind = "AssumedRole" if ":assumed-role/" in caller.arn else "User"
        keys |= {
            "aws:PrincipalArn": caller.arn,
            "aws:PrincipalAccount": context.account.account_id,
            "aws:PrincipalType": kind,
            "aws:userid": caller.user_id,
        }
    return {key: value for key, value in keys.items() if value}


def _message(caller: Caller, action: str, resource: str, decision: Decision) -> str:
    if caller.kind != "signed":
        return "Access Denied" if action.startswith("s3:") else f"User is not authorized to perform: {action}"
    shown = f'"{resource}"' if action.startswith("s3:") else resource
    return f"User: {caller.arn} is not authorized to perform: {action} on resource: {shown} {decision.because}"
