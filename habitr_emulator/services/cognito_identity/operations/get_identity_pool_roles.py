"""GetIdentityPoolRoles: the roles of an identity pool.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetIdentityPoolRoles.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:GetIdentityPoolRoles", resources=pools.resource)
async def get_identity_pool_roles(request: Input, ctx: Context) -> Output:
    """Roles and role mappings. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["IdentityPoolId"])
    mappings = {"RoleMappings": dict(pool.role_mappings)} if pool.role_mappings else {}
    return {"IdentityPoolId": pool.id, "Roles": dict(pool.roles), **mappings}
