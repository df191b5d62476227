"""AddCustomAttributes: add custom attributes to a pool's schema; they stay for ever.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html
"""

from habitr_emulator.services.cognito_idp import pool_settings, pools
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.pool_settings import Settings
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AddCustomAttributes", resources=pools.resource)
async def add_custom_attributes(request: Input, ctx: Context) -> Output:
    """Add the attributes. Raises ResourceNotFoundException, InvalidParameterException for one that is there."""
    pool = pools.require(ctx, request["UserPoolId"])
    added = [pool_settings.custom_attribute(entry) for entry in request["CustomAttributes"]]

    def schema(fresh: Pool) -> list[Settings]:
        attributes = list(fresh.settings["SchemaAttributes"])
        for attribute in added:
            if any(other["Name"] == attribute["Name"] for other in attributes):
                raise InvalidParameterException(f"{attribute['Name']}: Existing attribute already has name.")
            attributes.append(attribute)
        return attributes

    await pool_settings.change_part(ctx, pool, "SchemaAttributes", schema)
    return {}
