"""CreateTerms: the terms of use or privacy policy that managed login links to, for a client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateTerms.html
"""

from habitr_emulator.services.cognito_idp import pools, terms
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:CreateTerms", resources=pools.resource)
async def create_terms(request: Input, ctx: Context) -> Output:
    """Keep the terms; a client has each name once. Raises ResourceNotFoundException, TermsExistsException."""
    pool, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    return {"Terms": await terms.create(ctx, pool, client.id, request)}
