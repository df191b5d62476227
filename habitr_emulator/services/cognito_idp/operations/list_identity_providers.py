"""ListIdentityProviders: the identity providers of a pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListIdentityProviders.html
"""

from habitr_emulator.services.cognito_idp import identity_providers, paging, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation

_SHOWN = ("ProviderName", "ProviderType", "CreationDate", "LastModifiedDate")


@operation(action="cognito-idp:ListIdentityProviders", resources=pools.resource)
async def list_identity_providers(request: Input, ctx: Context) -> Output:
    """A page of providers, by name. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    limit = min(request.get("MaxResults") or paging.PAGE, paging.PAGE)
    kind = f"ListIdentityProviders {pool.id}"
    after = await paging.after(ctx, kind, request.get("NextToken"))
    rest = [provider for provider in identity_providers.listed(pool) if [provider.name] > after]
    page = [{name: provider.shown[name] for name in _SHOWN} for provider in rest[:limit]]
    output: Output = {"Providers": page}
    if len(rest) > limit:
        output["NextToken"] = await paging.token(ctx, kind, rest[limit - 1].name)
    return output
