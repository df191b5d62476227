"""ExecuteStatement: one PartiQL statement.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import changes, return_values
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.partiql import parser, reads, writes
from habitr_emulator.services.dynamodb.partiql.statements import Change, Exists, Insert, Select
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.wire.typed_value import decode


@operation(auth=Auth.SIGNED)
async def execute_statement(request: Input, ctx: Context) -> Output:
    """``{"Items": [Item], "NextToken"?}``; of a write what RETURNING asks for."""
    parameters = [decode(value) for value in request.get("Parameters") or ()]
    statement = parser.parse(request["Statement"], parameters)
    if isinstance(statement, Select):
        return await reads.page(ctx, statement, request)
    if isinstance(statement, Exists):
        raise ValidationException("EXISTS is only supported in ExecuteTransaction")  # guess: wording
    return await _write(ctx, statement, request)


async def _write(ctx: Context, statement: Insert | Change, request: Input) -> Output:
    shows_item = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    change = writes.of(ctx, statement, shows_item=shows_item)
    outcome = await changes.commit(ctx, change)
    wanted = statement.returning if isinstance(statement, Change) else None
    returned = return_values.attributes(wanted, outcome, change.paths)
    meter = Meter(request)
    meter.write(outcome.table, outcome.old, outcome.new)
    return {"Items": list(returned.values()), **meter.one()}
