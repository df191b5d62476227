"""DescribeIdentityProvider: a provider with its details and mapping.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeIdentityProvider.html
"""

from habitr_emulator.services.cognito_idp import identity_providers, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeIdentityProvider", resources=pools.resource)
async def describe_identity_provider(request: Input, ctx: Context) -> Output:
    """The provider. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    return {"IdentityProvider": dict(identity_providers.require(pool, request["ProviderName"]).shown)}
