"""BatchExecuteStatement: up to 25 PartiQL statements, all reads or all writes, each on its own.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
"""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import changes
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.partiql import parser, reads, writes
from habitr_emulator.services.dynamodb.partiql.statements import Exists, Select, Statement
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.wire.typed_value import decode

_CODES = {"ValidationException": "ValidationError", "AccessDeniedException": "AccessDenied"}


@operation(auth=Auth.SIGNED)
async def batch_execute_statement(request: Input, ctx: Context) -> Output:
    """``{"Responses": [{"TableName", "Item"?, "Error"?}]}`` in the order of the statements."""
    parsed = [_parse(each) for each in request["Statements"]]
    kinds = {isinstance(each, Select) for each in parsed if not isinstance(each, AwsError)}
    if len(kinds) > 1:
        raise ValidationException("Read and write requests together in the same batch is not supported.")
    meter = Meter(request)
    pairs = zip(request["Statements"], parsed, strict=True)
    return {"Responses": [await _run(ctx, *pair, meter) for pair in pairs], **meter.each()}


def _parse(request: Input) -> Statement | AwsError:
    try:
        return parser.parse(request["Statement"], [decode(value) for value in request.get("Parameters") or ()])
    except AwsError as error:
        return error


async def _run(ctx: Context, request: Input, statement: Statement | AwsError, meter: Meter) -> Output:
    shown: Output = {} if isinstance(statement, AwsError) else {"TableName": statement.table}
    try:
        if isinstance(statement, AwsError):
            raise statement
        if isinstance(statement, Select):
            return shown | _read(ctx, request, statement, meter)
        await _write(ctx, request, statement, meter)
    except AwsError as error:
        code = _CODES.get(error.code, error.code.removesuffix("Exception"))
        shown["Error"] = {"Code": code, "Message": error.message, **error.fields}
    return shown


def _read(ctx: Context, request: Input, statement: Select, meter: Meter) -> Output:
    point = reads.point(ctx, statement)
    found, size = point.read(ctx.store.one, point.table)
    meter.read(point.table, size, consistent=bool(request.get("ConsistentRead")))
    return found


async def _write(ctx: Context, request: Input, statement: Statement, meter: Meter) -> None:
    if isinstance(statement, Select | Exists):
        raise ValidationException("EXISTS is only supported in ExecuteTransaction")  # guess: wording
    shows_item = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
    outcome = await changes.commit(ctx, writes.of(ctx, statement, shows_item=shows_item))
    meter.write(outcome.table, outcome.old, outcome.new)
