"""AssumeRole: temporary credentials of a role that trusts the caller.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from collections.abc import Mapping

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam.policies import AccessRequest, Principal, evaluate
from habitr_emulator.services.registry import Input, Output, operation
from habitr_emulator.services.sts import roles
from habitr_emulator.services.sts.errors import AccessDenied
from habitr_emulator.services.sts.roles import Role

_ACTION = "sts:AssumeRole"


@operation()
async def assume_role(request: Input, ctx: Context) -> Output:
    """Take the role if its trust policy, or the account that it trusts, lets the caller.

    Raises AccessDenied, ValidationError, MalformedPolicyDocument.
    """
    role = roles.find(ctx, request["RoleArn"])
    external = {"sts:ExternalId": request["ExternalId"]} if request.get("ExternalId") else {}
    if role is None or not _allowed(ctx, role, external):
        raise AccessDenied(
            f"User: {ctx.caller.arn} is not authorized to perform: {_ACTION} on resource: {request['RoleArn']}",
            why="there is no such role" if role is None else "the role's trust policy does not let the caller in",
        )
    tags = {f"aws:PrincipalTag/{tag['Key']}": tag["Value"] for tag in request.get("Tags") or ()}
    return roles.assume(ctx, role, request, tags)


def _allowed(ctx: Context, role: Role, external: Mapping[str, str]) -> bool:
    """The administrator may take any role; for others the trust policy names the caller, or it names the account
    and the caller's own policies allow it.
    """
    caller = ctx.caller
    if caller.root or caller.kind == "service":
        return True
    names = frozenset(filter(None, (caller.arn, str(caller.conditions.get("aws:PrincipalArn", "")))))
    principal = Principal("AWS", names, ctx.account.account_id)
    conditions = {**caller.conditions, **external}
    request = AccessRequest(_ACTION, role.arn, conditions, principal)
    own, within = caller.policies, caller.session_policies
    if not evaluate(request, own, within, role.trust_policy, resource_kind="trust").allowed:
        return False
    # An identity policy alone does not open a role: the trust policy must name the caller or the account.
    account = Principal("AWS", names | {_root(ctx)}, ctx.account.account_id)
    return roles.trusts(role, _ACTION, account, conditions).allowed


def _root(ctx: Context) -> str:
    return ctx.account.arn("iam", "root", region=False)
