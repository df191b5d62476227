"""What functions write, sent to CloudWatch Logs as Lambda does: a group a function, a stream a worker.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

import asyncio

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Account, Context


class Logs:
    """Sends logs one after the other, in the order of the invocations' ends (an account part)."""

    def __init__(self, account: Account) -> None:
        self._turn = asyncio.Lock()

    async def write(self, ctx: Context, name: str, stream: str, log: bytes) -> None:
        """Send the log of one invocation, a line an event; group and stream are made when they are missing."""
        at = int(ctx.clock.now() * 1000)
        place = {"logGroupName": f"/aws/lambda/{name}", "logStreamName": stream or "unstarted"}
        lines = log.decode(errors="replace").splitlines(keepends=True)
        events = {"logEvents": [{"timestamp": at, "message": line} for line in lines if line.strip()]}
        async with self._turn:
            await _put(ctx, place, events)


async def _put(ctx: Context, place: dict[str, str], events: dict[str, list[dict[str, object]]]) -> None:
    logs = ctx.as_service("lambda.amazonaws.com").services.logs
    try:
        await logs.put_log_events({**place, **events})
    except AwsError as missing:
        if missing.code != "ResourceNotFoundException":
            raise
        await _made(ctx, place)
        await logs.put_log_events({**place, **events})


async def _made(ctx: Context, place: dict[str, str]) -> None:
    logs = ctx.as_service("lambda.amazonaws.com").services.logs
    for operation, request in (
        (logs.create_log_group, {"logGroupName": place["logGroupName"]}),
        (logs.create_log_stream, place),
    ):
        try:
            await operation(request)
        except AwsError as error:
            if error.code != "ResourceAlreadyExistsException":
                raise
