"""DescribeTimeToLive: by which attribute a table's items expire.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, tables
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:DescribeTimeToLive", resources=access.table_arn)
async def describe_time_to_live(request: Input, ctx: Context) -> Output:
    """``{"TimeToLiveDescription": {"TimeToLiveStatus", "AttributeName"?}}``."""
    attribute = tables.of(ctx).require_named(request["TableName"]).ttl_attribute
    if attribute is None:
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    return {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": attribute}}
