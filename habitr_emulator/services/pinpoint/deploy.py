"""Makes the project's Pinpoint applications known."""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint.spec import App


async def deploy(context: Context, spec: App) -> None:
    """Make the application, or give it its name; endpoints and events stay."""
    now = context.clock.now()
    await context.store.write(lambda tx: _put(tx, spec, now))


def _put(tx: Transaction, spec: App, now: float) -> None:
    tx.execute(
        "INSERT INTO pinpoint_app (application_id, name, created, tags) VALUES (?, ?, ?, '{}') "
        "ON CONFLICT DO UPDATE SET name = excluded.name",
        (spec.application_id, spec.name, now),
    )
