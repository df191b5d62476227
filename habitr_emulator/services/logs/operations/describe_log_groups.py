"""DescribeLogGroups: the log groups by name.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:DescribeLogGroups")
async def describe_log_groups(request: Input, ctx: Context) -> Output:
    """List groups, 50 at a time, by prefix or by a part of their name."""
    prefix, part = request.get("logGroupNamePrefix") or "", request.get("logGroupNamePattern") or ""
    rows = [
        row
        for row in ctx.store.all("SELECT * FROM logs_group ORDER BY name")
        if row["name"].startswith(prefix) and part in row["name"]
    ]
    answer = groups.page("logGroups", rows, request)
    return {**answer, "logGroups": [groups.shown_group(ctx, row) for row in answer["logGroups"]]}
