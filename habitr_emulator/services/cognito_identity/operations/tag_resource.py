"""TagResource: add or replace tags of an identity pool.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_TagResource.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:TagResource", resources=pools.named_resource)
async def tag_resource(request: Input, ctx: Context) -> Output:
    """Tag the pool. Raises ResourceNotFoundException, InvalidParameterException."""
    await pools.tag(ctx, request["ResourceArn"], request["Tags"])
    return {}
