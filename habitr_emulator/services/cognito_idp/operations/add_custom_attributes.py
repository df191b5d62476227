"""AddCustomAttributes: add custom attributes to a pool's schema; they stay for ever.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddCustomAttributes.html
"""

import orjson

from habitr_emulator.services.cognito_idp import pool_settings, pools
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AddCustomAttributes", resources=pools.resource)
async def add_custom_attributes(request: Input, ctx: Context) -> Output:
    """Add the attributes. Raises ResourceNotFoundException, InvalidParameterException for one that is there."""
    pool = pools.require(ctx, request["UserPoolId"])
    added = [pool_settings.custom_attribute(entry) for entry in request["CustomAttributes"]]
    there = {attribute["Name"] for attribute in pool.settings["SchemaAttributes"]}
    for attribute in added:
        if attribute["Name"] in there:
            raise InvalidParameterException(f"{attribute['Name']}: Existing attribute already has name.")
    settings = {**pool.settings, "SchemaAttributes": [*pool.settings["SchemaAttributes"], *added]}
    text, now = orjson.dumps(settings).decode(), ctx.clock.now()
    await ctx.store.write(lambda tx: pool_settings.save(tx, pool.id, text, now))
    return {}
