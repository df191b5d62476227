"""AssumeRole: temporary credentials of a role that trusts the caller.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.iam.policies import AccessRequest, Principal, evaluate
from habitr_emulator.services.registry import Input, Output, operation
from habitr_emulator.services.sts import roles
from habitr_emulator.services.sts.errors import AccessDenied, ValidationError
from habitr_emulator.services.sts.roles import Conditions, Role

_CHAINED_SECONDS = 3600
_NOT_BUILT = ("SerialNumber", "TokenCode", "TransitiveTagKeys", "ProvidedContexts")


@operation()
async def assume_role(request: Input, ctx: Context) -> Output:
    """Take the role if its trust policy, or the account that it trusts, lets the caller.

    Tags and SourceIdentity of the session need the trust policy's word too (sts:TagSession,
    sts:SetSourceIdentity). Raises AccessDenied, ValidationError, MalformedPolicyDocument.
    """
    _refuse_unsupported(request, ctx)
    role = roles.find(ctx, request["RoleArn"])
    asked = _asked(request)
    for action in _actions(request):
        if role is None or not _allowed(ctx, role, action, asked):
            raise AccessDenied(
                f"User: {ctx.caller.arn} is not authorized to perform: {action} on resource: {request['RoleArn']}",
                why="there is no such role"
                if role is None
                else f"the role's trust policy does not let the caller {action}",
            )
    assert role is not None
    source = request.get("SourceIdentity")
    brought = {f"aws:PrincipalTag/{tag['Key']}": tag["Value"] for tag in request.get("Tags") or ()}
    if source:
        brought["aws:SourceIdentity"] = source
    return roles.assume(ctx, role, request, brought) | ({"SourceIdentity": source} if source else {})


def _refuse_unsupported(request: Mapping[str, Any], ctx: Context) -> None:
    for name in _NOT_BUILT:
        if request.get(name):
            raise NotBuilt(f"{name} is not built in habitr-emulator.", why=f"not built for AssumeRole: {name}")
    chained = ":assumed-role/" in ctx.caller.arn
    if chained and (request.get("DurationSeconds") or 0) > _CHAINED_SECONDS:
        raise ValidationError(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        )


def _actions(request: Mapping[str, Any]) -> list[str]:
    actions = ["sts:AssumeRole"]
    if request.get("Tags"):
        actions.append("sts:TagSession")
    if request.get("SourceIdentity"):
        actions.append("sts:SetSourceIdentity")
    return actions


def _asked(request: Mapping[str, Any]) -> Conditions:
    """The condition keys of the request itself."""
    tags = request.get("Tags") or []
    keys: dict[str, str | Sequence[str]] = {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags}
    keys["sts:RoleSessionName"] = request["RoleSessionName"]
    if tags:
        keys["aws:TagKeys"] = [tag["Key"] for tag in tags]
    for name in ("ExternalId", "SourceIdentity"):
        if request.get(name):
            keys[f"sts:{name}"] = request[name]
    return keys


def _allowed(ctx: Context, role: Role, action: str, asked: Conditions) -> bool:
    """The administrator may take any role; for others the trust policy names the caller, or it names the account
    and the caller's own policies allow it.
    """
    caller = ctx.caller
    if caller.root or caller.kind == "service":
        return True
    names = frozenset(filter(None, (caller.arn, str(caller.conditions.get("aws:PrincipalArn", "")))))
    principal = Principal("AWS", names, ctx.account.account_id)
    conditions = {**caller.conditions, **asked}
    request = AccessRequest(action, role.arn, conditions, principal)
    own, within = caller.policies, caller.session_policies
    if not evaluate(request, own, within, role.trust_policy, resource_kind="trust").allowed:
        return False
    # An identity policy alone does not open a role: the trust policy must name the caller or the account.
    account = Principal("AWS", names | {_root(ctx)}, ctx.account.account_id)
    return roles.trusts(role, action, account, conditions).allowed


def _root(ctx: Context) -> str:
    return ctx.account.arn("iam", "root", region=False)
