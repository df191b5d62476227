"""DescribeIdentity: an identity and the providers of its logins.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentity.html
"""

from habitr_emulator.services.cognito_identity import identities
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:DescribeIdentity")
async def describe_identity(request: Input, ctx: Context) -> Output:
    """The identity. Raises ResourceNotFoundException."""
    return identities.described(ctx, identities.require(ctx, request["IdentityId"]))
