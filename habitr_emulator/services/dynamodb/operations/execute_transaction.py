"""ExecuteTransaction: up to 100 PartiQL statements, all reads or all writes, that happen at one moment.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import transactions
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.changes import Change
from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.partiql import parser, reads, writes
from habitr_emulator.services.dynamodb.partiql.statements import Exists, Select, Statement
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.wire.typed_value import decode


@operation(auth=Auth.SIGNED)
async def execute_transaction(request: Input, ctx: Context) -> Output:
    """``{"Responses": [{"Item"?: Item}]}`` in the order of the statements; writes answer empty members.

    Raises TransactionCanceledException, IdempotentParameterMismatchException, ValidationException.
    """
    given = request["TransactStatements"]
    parsed = [parser.parse(each["Statement"], [decode(v) for v in each.get("Parameters") or ()]) for each in given]
    kinds = {isinstance(statement, Select) for statement in parsed}
    if len(kinds) > 1:
        raise ValidationException(
            "ExecuteTransaction API does not support both read and write operations in the same request."
        )
    meter = Meter(request, factor=2, kind="Read" if True in kinds else "Write")
    if True in kinds:
        return await _read(ctx, [each for each in parsed if isinstance(each, Select)], meter)
    prepared = [_change(ctx, one, statement) for one, statement in zip(given, parsed, strict=True)]
    outcomes = await transactions.commit(ctx, prepared, request.get("ClientRequestToken"), given)
    for outcome in outcomes:
        meter.write(outcome.table, outcome.old, outcome.new)
    return {"Responses": [], **meter.each()}


def _change(ctx: Context, request: Input, statement: Statement) -> Change:
    if isinstance(statement, Select | Exists):
        return writes.check(reads.point(ctx, statement))
    shows_item = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    return writes.of(ctx, statement, shows_item=shows_item)


async def _read(ctx: Context, selects: list[Select], meter: Meter) -> Output:
    points = [reads.point(ctx, select) for select in selects]

    def read(one: reads.ReadOne) -> list[tuple[Output, int]]:
        return [point.read(one, point.table) for point in points]

    found = ctx.store.moment(read)
    for point, (_, size) in zip(points, found, strict=True):
        meter.read(point.table, size, consistent=True)
    return {"Responses": [shown for shown, _ in found], **meter.each()}
