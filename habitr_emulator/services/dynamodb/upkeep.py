"""What happens to tables by the passing of time: items expire, old stream records go."""

import asyncio
import logging

from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.dynamodb import streams, ttl

#: Seconds of real time between looks at the emulator's clock, which may have been moved.
INTERVAL = 1.0
_log = logging.getLogger(__name__)


class Upkeep:
    """Looks once a second, in the background, for what is due (an account part; asking for it starts it)."""

    def __init__(self, account: Account) -> None:
        self._context = account.context(Caller("service", arn="dynamodb.amazonaws.com"))
        account.agenda.add(lambda: ttl.next_expiry(self._context), lambda: look(self._context))
        account.bus.spawn(self._run())

    async def _run(self) -> None:
        while True:
            try:
                await look(self._context)
            except Exception:  # the next look may do better; nobody else would
                _log.exception("the upkeep of tables failed")
            await asyncio.sleep(INTERVAL)


async def look(ctx: Context) -> None:
    """Do what is due by the emulator's clock."""
    await ttl.sweep(ctx)
    if streams.overdue(ctx):
        now = ctx.clock.now()
        await ctx.store.write(lambda tx: streams.trim(tx, now), long=True)
