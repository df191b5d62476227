"""LookupDeveloperIdentity: the identity of a developer's user, or the users of an identity.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_LookupDeveloperIdentity.html
"""

from habitr_emulator.services.cognito_identity import developers, identities, paging, pools
from habitr_emulator.services.cognito_identity.errors import InvalidParameterException, ResourceConflictException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation

MOST = 60


@operation(action="cognito-identity:LookupDeveloperIdentity", resources=pools.resource)
async def lookup_developer_identity(request: Input, ctx: Context) -> Output:
    """Identity and user identifiers, in pages.

    Raises ResourceNotFoundException, InvalidParameterException, ResourceConflictException if they do not belong
    together.
    """
    pool, identity = pools.require(ctx, request["IdentityPoolId"]), request.get("IdentityId")
    user, limit = request.get("DeveloperUserIdentifier"), request.get("MaxResults") or MOST
    if not user and not identity:
        raise InvalidParameterException("Please provide either an IdentityId or a DeveloperUserIdentifier.")
    if user:
        found = developers.find(ctx, pool, user)
        if identity not in (None, found):
            raise ResourceConflictException("The developer user identifier belongs to another identity.")
        return {"IdentityId": found, "DeveloperUserIdentifierList": [user]}
    identities.require(ctx, str(identity), pool)
    users = developers.identifiers(ctx, pool, str(identity), paging.after(request.get("NextToken")), limit + 1)
    more = {"NextToken": paging.token(users[limit - 1])} if len(users) > limit else {}
    return {"IdentityId": identity, "DeveloperUserIdentifierList": users[:limit], **more}
