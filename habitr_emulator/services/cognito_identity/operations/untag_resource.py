"""UntagResource: remove tags of an identity pool.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UntagResource.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:UntagResource", resources=pools.named_resource)
async def untag_resource(request: Input, ctx: Context) -> Output:
    """Remove the tags. Raises ResourceNotFoundException, InvalidParameterException."""
    await pools.tag(ctx, request["ResourceArn"], {}, request["TagKeys"])
    return {}
