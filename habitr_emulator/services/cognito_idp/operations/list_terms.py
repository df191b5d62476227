"""ListTerms: the terms of all clients of a pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListTerms.html
"""

from habitr_emulator.services.cognito_idp import paging, pools, terms
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:ListTerms", resources=pools.resource)
async def list_terms(request: Input, ctx: Context) -> Output:
    """A page of terms. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    kind, limit = f"ListTerms {pool.id}", request.get("MaxResults") or paging.PAGE
    after = await paging.after(ctx, kind, request.get("NextToken"))
    found = terms.page(ctx.store, pool, after[0] if after else "", limit + 1)
    output: Output = {"Terms": [terms.listed(document) for document in found[:limit]]}
    if len(found) > limit:
        output["NextToken"] = await paging.token(ctx, kind, found[limit - 1].id)
    return output
