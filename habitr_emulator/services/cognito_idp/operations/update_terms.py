"""UpdateTerms: change the terms of a client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateTerms.html
"""

from habitr_emulator.services.cognito_idp import pools, terms
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:UpdateTerms", resources=pools.resource)
async def update_terms(request: Input, ctx: Context) -> Output:
    """Replace what the request names. Raises ResourceNotFoundException, TermsExistsException."""
    return {"Terms": await terms.update(ctx, pools.require(ctx, request["UserPoolId"]), request)}
