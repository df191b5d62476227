"""GetAccountSettings: the limits of the account, and what is used of them.

https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, code, functions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetAccountSettings")
async def get_account_settings(request: Input, ctx: Context) -> Output:
    """AWS's default limits; concurrency is what AWS gives, a function's workers here are fewer."""
    sizes = [
        int(changes.described(ctx, functions.require(ctx.account, name)).get("CodeSize", 0))
        for name in functions.names(ctx.account)
    ]
    return {
        "AccountLimit": {
            "TotalCodeSize": 80_530_636_800,
            "CodeSizeUnzipped": code.MAXIMUM_UNZIPPED,
            "CodeSizeZipped": code.MAXIMUM_ZIPPED,
            "ConcurrentExecutions": 1000,
            "UnreservedConcurrentExecutions": 1000,
        },
        "AccountUsage": {"TotalCodeSize": sum(sizes), "FunctionCount": len(sizes)},
    }
