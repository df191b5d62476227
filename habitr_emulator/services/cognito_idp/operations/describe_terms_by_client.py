"""DescribeTermsByClient: the terms of a client, by name.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeTermsByClient.html
"""

from habitr_emulator.services.cognito_idp import pools, terms
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeTermsByClient", resources=pools.resource)
async def describe_terms_by_client(request: Input, ctx: Context) -> Output:
    """The terms. Raises ResourceNotFoundException."""
    pool, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    return {"Terms": terms.described(pool, terms.named(ctx.store, pool, client.id, request["TermsName"]))}
