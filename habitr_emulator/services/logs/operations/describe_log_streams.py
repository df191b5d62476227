"""DescribeLogStreams: the log streams of a group.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:DescribeLogStreams", resources=groups.arn_of)
async def describe_log_streams(request: Input, ctx: Context) -> Output:
    """List streams by name, or by their last event; raises ResourceNotFoundException."""
    name, prefix = groups.name_of(request), request.get("logStreamNamePrefix") or ""
    groups.require(ctx, name)
    rows = ctx.store.all("SELECT * FROM logs_stream WHERE group_name = ? ORDER BY name", (name,))
    found = [row for row in rows if row["name"].startswith(prefix)]
    if request.get("orderBy") == "LastEventTime":
        found.sort(key=lambda row: row["last_event"] or 0)
    if request.get("descending"):
        found.reverse()
    answer = groups.page("logStreams", found, request)
    return {**answer, "logStreams": [groups.shown_stream(ctx, row) for row in answer["logStreams"]]}
