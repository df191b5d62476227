"""CreateEventSourceMapping: let a function be invoked with what changes in a table.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_sources, functions
from habitr_emulator.services.lambda_.event_sources import EventSourceMapping
from habitr_emulator.services.lambda_.stream_poller import EventSources
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:CreateEventSourceMapping")
async def create_event_source_mapping(request: Input, ctx: Context) -> Output:
    """The mapping's configuration, in state Creating; it works at once.

    Raises ResourceConflictException, ResourceNotFoundException, InvalidParameterValueException, NotBuilt.
    """
    settings = event_sources.settings_of(request)
    function = functions.require(ctx.account, request["FunctionName"])
    iterator = await event_sources.starting_iterator(ctx, request)
    mapping = EventSourceMapping(
        uuid=ctx.ids.uuid(),
        function_name=function.name,
        event_source_arn=request["EventSourceArn"],
        enabled=request.get("Enabled", True) is not False,
        settings={**settings, "StartingPosition": request["StartingPosition"]},
        iterator=iterator,
        sequence_number=None,
        last_modified=ctx.clock.now(),
        last_result="No records processed",
    )
    await ctx.store.write(lambda tx: event_sources.put(tx, mapping))
    ctx.account.part(EventSources).start()
    return event_sources.describe(ctx, mapping, "Creating")
