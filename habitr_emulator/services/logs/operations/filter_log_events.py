"""FilterLogEvents: the events of a group that match a pattern.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import events, groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:FilterLogEvents", resources=groups.arn_of)
async def filter_log_events(request: Input, ctx: Context) -> Output:
    """A page of matching events by time; raises ResourceNotFoundException, NotBuilt (JSON patterns)."""
    return events.filtered(ctx, groups.name_of(request), request)
