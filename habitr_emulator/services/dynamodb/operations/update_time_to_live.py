"""UpdateTimeToLive: let a table's items expire by an attribute, or no longer.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, layout, tables, ttl
from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:UpdateTimeToLive", resources=access.table_arn)
async def update_time_to_live(request: Input, ctx: Context) -> Output:
    """``{"TimeToLiveSpecification": …}`` as it was given."""
    known = tables.of(ctx)
    name = known.require_named(request["TableName"]).name
    wanted = request["TimeToLiveSpecification"]
    enabled, attribute = bool(wanted["Enabled"]), wanted["AttributeName"]

    def write(tx: Transaction) -> None:
        table = layout.require(tx, name)
        _check(enabled, attribute, table.ttl_attribute)
        known.changing(table, ttl.follow(tx, table, attribute if enabled else None))

    try:
        await ctx.store.write(write, long=True)
    finally:
        known.forget(name)
    return {"TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": attribute}}


def _check(enabled: bool, attribute: str, current: str | None) -> None:
    if not enabled and current is None:
        raise ValidationException("TimeToLive is already disabled")
    if enabled and current == attribute:
        raise ValidationException("TimeToLive is already enabled")
    if current not in (None, attribute):
        raise ValidationException(
            f"TimeToLive is active on a different AttributeName: current AttributeName is {current}"
        )
