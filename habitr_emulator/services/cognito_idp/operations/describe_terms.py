"""DescribeTerms: the terms of a client, by id.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeTerms.html
"""

from habitr_emulator.services.cognito_idp import pools, terms
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeTerms", resources=pools.resource)
async def describe_terms(request: Input, ctx: Context) -> Output:
    """The terms. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    return {"Terms": terms.described(pool, terms.require(ctx.store, pool, request["TermsId"]))}
