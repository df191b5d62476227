"""MergeDeveloperIdentities: make one identity of those of two of the developer's users.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html
"""

from habitr_emulator.services.cognito_identity import developers, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:MergeDeveloperIdentities", resources=pools.resource)
async def merge_developer_identities(request: Input, ctx: Context) -> Output:
    """The identity that stays.

    Raises ResourceNotFoundException, InvalidParameterException, ResourceConflictException.
    """
    pool = pools.require(ctx, request["IdentityPoolId"])
    developers.provider_of(pool, request["DeveloperProviderName"])
    source, destination = request["SourceUserIdentifier"], request["DestinationUserIdentifier"]
    return {"IdentityId": await developers.merge(ctx, pool, source, destination)}
