"""GetCallerIdentity: who a signature belongs to; no policy can deny it.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation()
async def get_caller_identity(request: Input, ctx: Context) -> Output:
    """The caller's user id, account and ARN."""
    return {"UserId": ctx.caller.user_id, "Account": ctx.account.account_id, "Arn": ctx.caller.arn}
