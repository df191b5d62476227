"""SetIdentityPoolRoles: replace the roles of an identity pool.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.cognito_identity.roles import check
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:SetIdentityPoolRoles", resources=pools.resource)
async def set_identity_pool_roles(request: Input, ctx: Context) -> Output:
    """Replace roles and role mappings. Raises ResourceNotFoundException,
    InvalidParameterException.
    """
    for role in request["Roles"].values():
        ctx.authorize("iam:PassRole", role, {"iam:PassedToService": "cognito-identity.amazonaws.com"})
    pool = pools.require(ctx, request["IdentityPoolId"])
    roles, mappings = request["Roles"], request.get("RoleMappings") or {}
    check(roles, mappings)
    await ctx.store.write(lambda tx: pools.save_roles(tx, pool.id, roles, mappings))
    return {}
