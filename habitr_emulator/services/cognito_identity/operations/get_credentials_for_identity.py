"""GetCredentialsForIdentity: temporary AWS credentials of an identity (the enhanced flow).

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
"""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.cognito_identity import guests, identities, logins, open_id, pools, roles
from habitr_emulator.services.cognito_identity.errors import InvalidIdentityPoolConfigurationException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def get_credentials_for_identity(request: Input, ctx: Context) -> Output:
    """Credentials of the role that the pool gives the identity; STS asks the role's trust policy.

    The answered identity may be another than the asked one: that which the login has already. Raises
    ResourceNotFoundException, NotAuthorizedException, ResourceConflictException,
    InvalidIdentityPoolConfigurationException.
    """
    asked = identities.require(ctx, request["IdentityId"])
    pool = pools.require(ctx, asked["identity_pool_id"])
    given = await logins.verified(ctx, pool, request.get("Logins") or {})
    identity = await identities.settle(ctx, pool, request["IdentityId"], given)
    role = roles.choose(pool, given[0] if given else None, request.get("CustomRoleArn"))
    assume = {
        "RoleArn": role,
        "RoleSessionName": "CognitoIdentityCredentials",
        "WebIdentityToken": await open_id.token(ctx, pool, identity, given),
    } | ({} if given else {"Policy": guests.session_policy()})
    try:
        session = await ctx.services.sts.assume_role_with_web_identity(assume)
    except AwsError as error:
        raise InvalidIdentityPoolConfigurationException(why=error.why or error.message) from error
    credentials = session["Credentials"]
    return {
        "IdentityId": identity,
        "Credentials": {
            "AccessKeyId": credentials["AccessKeyId"],
            "SecretKey": credentials["SecretAccessKey"],
            "SessionToken": credentials["SessionToken"],
            "Expiration": credentials["Expiration"],
        },
    }
