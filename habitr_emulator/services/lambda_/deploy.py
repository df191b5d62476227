"""Makes the project's functions known."""

from habitr_emulator.kernel.ids import derived_uuid
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, spec


async def deploy(context: Context, spec: spec.Function) -> None:
    """Know ``spec``; what API calls changed of this function gives way to what the project says."""
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
    account.part(functions.Deployed).functions[name] = functions.Function(configuration, spec.code, True)
    if context.store.one("SELECT 1 FROM lambda_function WHERE function_name = ?", (name,)):
        await context.store.write(lambda tx: _forget(tx, name))


def _forget(tx: Transaction, name: str) -> None:
    tx.execute("DELETE FROM lambda_function WHERE function_name = ?", (name,))
