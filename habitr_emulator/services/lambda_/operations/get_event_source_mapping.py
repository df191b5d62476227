"""GetEventSourceMapping: the settings and state of an event source mapping.

https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_sources
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetEventSourceMapping", resources=event_sources.arn_of)
async def get_event_source_mapping(request: Input, ctx: Context) -> Output:
    """The mapping's configuration. Raises ResourceNotFoundException."""
    return event_sources.describe(ctx, event_sources.require(ctx.account, request["UUID"]))
