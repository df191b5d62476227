"""DeleteTerms: remove the terms of a client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteTerms.html
"""

from habitr_emulator.services.cognito_idp import pools, terms
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DeleteTerms", resources=pools.resource)
async def delete_terms(request: Input, ctx: Context) -> Output:
    """Remove the terms. Raises ResourceNotFoundException."""
    await terms.delete(ctx, pools.require(ctx, request["UserPoolId"]), request["TermsId"])
    return {}
