"""SetIdentityPoolRoles: replace the roles of an identity pool.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:SetIdentityPoolRoles", resources=pools.resource)
async def set_identity_pool_roles(request: Input, ctx: Context) -> Output:
    """Replace roles and role mappings. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["IdentityPoolId"])
    roles, mappings = request["Roles"], request.get("RoleMappings") or {}
    await ctx.store.write(lambda tx: pools.save_roles(tx, pool.id, roles, mappings))
    return {}
