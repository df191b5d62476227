"""AssumeRoleWithWebIdentity: temporary credentials for an identity of an identity pool.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam.policies import Principal
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.sts import roles, web_identity
from habitr_emulator.services.sts.errors import AccessDenied, InvalidIdentityToken

_ACTION = "sts:AssumeRoleWithWebIdentity"


@operation(auth=Auth.PUBLIC)
async def assume_role_with_web_identity(request: Input, ctx: Context) -> Output:
    """Take the role if its trust policy allows the identity that the token speaks of.

    Raises InvalidIdentityToken, ExpiredToken, AccessDenied, ValidationError, MalformedPolicyDocument.
    """
    if request.get("ProviderId"):
        raise InvalidIdentityToken(
            why="ProviderId is for OAuth 2.0 access tokens; this is an OpenID Connect token"
        )
    claims = web_identity.verified(ctx, request["WebIdentityToken"])
    role = roles.find(ctx, request["RoleArn"])
    conditions = web_identity.conditions(claims)
    if role is None:
        raise AccessDenied(f"Not authorized to perform {_ACTION}", why=f"no role {request['RoleArn']}")
    principal = Principal("Federated", frozenset({web_identity.PROVIDER}), ctx.account.account_id)
    asked = {**conditions, "sts:RoleSessionName": request["RoleSessionName"]}
    tagged = web_identity.tags(claims)
    asked |= {f"aws:RequestTag/{key}": value for key, value in tagged.items()}
    for action in (_ACTION, "sts:TagSession") if tagged else (_ACTION,):
        decision = roles.trusts(role, action, principal, asked)
        if not decision.allowed:
            raise AccessDenied(
                f"Not authorized to perform {action}", why=f"trust policy of {role.name}: {decision.why}"
            )
    return {
        **roles.assume(ctx, role, request, conditions),
        "SubjectFromWebIdentityToken": claims["sub"],
        "Audience": claims["aud"],
        "Provider": web_identity.PROVIDER,
    }
