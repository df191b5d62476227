"""PutLogEvents: add events to a log stream.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import events, groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:PutLogEvents", resources=groups.stream_arn_of)
async def put_log_events(request: Input, ctx: Context) -> Output:
    """Add ``logEvents``, oldest first; raises ResourceNotFoundException, InvalidParameterException."""
    await events.put(ctx, request["logGroupName"], request["logStreamName"], request["logEvents"])
    return {"nextSequenceToken": "0"}
