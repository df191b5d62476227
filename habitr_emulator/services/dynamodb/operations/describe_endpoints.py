"""DescribeEndpoints: where to send requests to: here.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html
"""

from urllib.parse import urlsplit

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation

CACHE_MINUTES = 1440


@operation(auth=Auth.SIGNED, action="dynamodb:DescribeEndpoints")
async def describe_endpoints(request: Input, ctx: Context) -> Output:
    """``{"Endpoints": [{"Address": "host:port", "CachePeriodInMinutes"}]}``."""
    address = urlsplit(ctx.account.endpoint).netloc
    return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": CACHE_MINUTES}]}
