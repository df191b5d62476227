"""Makes the project's functions known."""

from habitr_emulator.kernel.ids import derived_uuid
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, packages
from habitr_emulator.services.lambda_.spec import EventSource, Function


async def deploy(context: Context, spec: Function | EventSource) -> None:
    """Know ``spec``; what API calls changed of this function gives way to what the project says.

    A mapping that is there stays, with how far it has come. Raises what CreateEventSourceMapping raises.
    """
    if isinstance(spec, EventSource):
        await _feed(context, spec)
    else:
        await _know(context, spec)


async def _feed(context: Context, spec: EventSource) -> None:
    described = await context.services.dynamodb.describe_table({"TableName": spec.table_name})
    arn = described["Table"].get("LatestStreamArn", "")
    sql = "SELECT 1 FROM lambda_event_source_mapping WHERE event_source_arn = ? AND function_name = ?"
    if context.store.one(sql, (arn, spec.function_name)) is None:
        request = {"FunctionName": spec.function_name, "EventSourceArn": arn, **spec.settings}
        await context.services.lambda_.create_event_source_mapping(request)


async def _know(context: Context, spec: Function) -> None:
    account, name = context.account, spec.function_name
    settings = {
        "Runtime": spec.runtime,
        "Handler": spec.handler,
        "Role": spec.role_arn,
        "Description": spec.description,
        "Timeout": spec.timeout,
        "MemorySize": spec.memory_size,
        "Environment": {"Variables": dict(spec.environment)},
    }
    revision = derived_uuid("lambda-revision", repr(spec))
    configuration = functions.configuration(account, name, revision, settings)
    account.part(functions.Deployed).functions[name] = functions.Function(
        configuration, spec.code, True, layers=tuple(spec.layers), schedules=tuple(spec.schedules)
    )
    if context.store.one("SELECT 1 FROM lambda_function WHERE function_name = ?", (name,)):
        await context.store.write(lambda tx: _forget(tx, name))


def _forget(tx: Transaction, name: str) -> None:
    tx.execute("DELETE FROM lambda_function WHERE function_name = ?", (name,))
    packages.drop_unused(tx)
