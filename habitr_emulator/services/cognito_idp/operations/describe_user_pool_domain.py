"""DescribeUserPoolDomain: whose a domain is; empty for an unknown one.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeUserPoolDomain")
async def describe_user_pool_domain(request: Input, ctx: Context) -> Output:
    """The domain's description."""
    sql = "SELECT * FROM cognito_idp_domains WHERE domain = ?"
    row = ctx.store.one(sql, (request["Domain"],))
    if row is None:
        return {"DomainDescription": {}}
    return {
        "DomainDescription": {
            "UserPoolId": row["user_pool_id"],
            "AWSAccountId": ctx.account.account_id,
            "Domain": row["domain"],
            "Status": "ACTIVE",
            "CustomDomainConfig": {},
            "ManagedLoginVersion": row["login_version"],
        }
    }
