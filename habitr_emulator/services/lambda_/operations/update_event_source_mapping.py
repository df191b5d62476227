"""UpdateEventSourceMapping: change how a stream feeds a function, or stop and start it.

https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
"""

from dataclasses import replace

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_sources, functions
from habitr_emulator.services.lambda_.errors import ResourceNotFoundException
from habitr_emulator.services.lambda_.event_sources import EventSourceMapping
from habitr_emulator.services.lambda_.stream_poller import EventSources
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:UpdateEventSourceMapping", resources=event_sources.arn_of)
async def update_event_source_mapping(request: Input, ctx: Context) -> Output:
    """The mapping's new configuration, in state Updating, Enabling or Disabling; where it is stays.

    Raises ResourceNotFoundException, InvalidParameterValueException, NotBuilt.
    """
    old = event_sources.require(ctx.account, request["UUID"])
    settings = event_sources.settings_of(request)
    name = request.get("FunctionName")
    function_name = functions.require(ctx.account, name).name if name else old.function_name
    enabled = request.get("Enabled", old.enabled)
    now = ctx.clock.now()

    def update(tx: Transaction) -> EventSourceMapping:
        row = tx.one("SELECT * FROM lambda_event_source_mapping WHERE uuid = ?", (old.uuid,))
        if row is None:
            raise ResourceNotFoundException("The resource you requested does not exist.")
        current = event_sources.of_row(row)
        merged = {**current.settings, **settings}
        new = replace(current, function_name=function_name, enabled=enabled, settings=merged, last_modified=now)
        event_sources.put(tx, new)
        return new

    new = await ctx.store.write(update)
    ctx.account.part(EventSources).start()
    state = "Updating" if new.enabled == old.enabled else "Enabling" if new.enabled else "Disabling"
    return event_sources.describe(ctx, new, state)
