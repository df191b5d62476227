"""DescribeLimits: the account's throughput quotas, AWS's defaults.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation

ACCOUNT_UNITS = 80_000
TABLE_UNITS = 40_000


@operation(auth=Auth.SIGNED, action="dynamodb:DescribeLimits")
async def describe_limits(request: Input, ctx: Context) -> Output:
    """Four capacity figures; the emulator throttles nothing."""
    return {
        "AccountMaxReadCapacityUnits": ACCOUNT_UNITS,
        "AccountMaxWriteCapacityUnits": ACCOUNT_UNITS,
        "TableMaxReadCapacityUnits": TABLE_UNITS,
        "TableMaxWriteCapacityUnits": TABLE_UNITS,
    }
