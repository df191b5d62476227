"""What functions write, sent to CloudWatch Logs as Lambda does: a group a function, a stream a worker.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context


async def write(ctx: Context, name: str, stream: str, log: bytes) -> None:
    """Send the log of one invocation, a line an event; the group and the stream are made when they are missing."""
    logs = ctx.as_service("lambda.amazonaws.com").services.logs
    place = {"logGroupName": f"/aws/lambda/{name}", "logStreamName": stream or "unstarted"}
    at = int(ctx.clock.now() * 1000)
    lines = log.decode(errors="replace").splitlines(keepends=True)
    events = {"logEvents": [{"timestamp": at, "message": line} for line in lines if line.strip()]}
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
