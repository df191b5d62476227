"""Functions that run by the clock, as the project's EventBridge rules say.

The emulator's clock counts: moving it forward makes what is due run, once, however many times were passed over.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
"""

import asyncio
import json
import logging

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.services.context import Account, Caller
from habitr_emulator.services.lambda_.functions import Deployed, Function
from habitr_emulator.services.lambda_.schedule_expressions import InvalidSchedule, Schedule, parse

#: Seconds of real time between looks at the emulator's clock, which may have been moved.
INTERVAL = 1.0
_log = logging.getLogger(__name__)


class Schedules:
    """What is due when (an account part). ``run`` looks again and again."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._due: dict[tuple[str, str], float | None] = {}
        self._parsed: dict[str, Schedule | None] = {}
        account.agenda.add(self.due, self.look)

    async def run(self) -> None:
        """Look once a second, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(INTERVAL)

    def due(self) -> float | None:
        """When the next schedule is due; None if there is none."""
        return min((at for at in self._due.values() if at is not None), default=None)

    async def look(self) -> None:
        """Invoke what is due; a schedule that is seen for the first time begins now."""
        now = self._account.clock.now()
        for function in tuple(self._account.part(Deployed).functions.values()):
            for expression in function.schedules:
                schedule = self._schedule(function, expression)
                key = (function.name, expression)
                due = self._due.setdefault(key, schedule.after(now)) if schedule else None
                if schedule is not None and due is not None and due <= now:
                    self._due[key] = schedule.after(now)
                    await self._invoke(function, expression, due)

    def _schedule(self, function: Function, expression: str) -> Schedule | None:
        if expression not in self._parsed:
            try:
                self._parsed[expression] = parse(expression)
            except InvalidSchedule as error:
                _log.warning("function %s does not run by its schedule: %s", function.name, error)
                self._parsed[expression] = None
        return self._parsed[expression]

    async def _invoke(self, function: Function, expression: str, due: float) -> None:
        account = self._account
        event = {
            "version": "0",
            "id": account.ids.uuid(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": account.account_id,
            "time": iso8601(due)[:19] + "Z",
            "region": account.region,
            "resources": [account.arn("events", f"rule/{function.name}")],
            "detail": {},
        }
        _log.info("%s runs by its schedule %s", function.name, expression)
        ctx = account.context(Caller("service", arn="events.amazonaws.com"))
        request = {"FunctionName": function.name, "InvocationType": "Event", "Payload": json.dumps(event).encode()}
        await ctx.services.lambda_.invoke(request)
