"""GetLogEvents: the events of one log stream, page by page in both directions.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import events, groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:GetLogEvents", resources=groups.stream_arn_of)
async def get_log_events(request: Input, ctx: Context) -> Output:
    """A page of events, oldest first; from the newest ones unless ``startFromHead``."""
    return events.page_of_stream(ctx, groups.name_of(request), request)
