"""Asynchronous events: kept until they are done, retried when they fail, and told to destinations.

An event is written before its sender hears 202, so that it survives ``kill -9``; it is then run at least once.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.clock import iso8601
from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.lambda_ import event_invoke, failures, invocations, settings, versions
from habitr_emulator.services.lambda_.errors import TooManyRequestsException
from habitr_emulator.services.lambda_.functions import Function
from habitr_emulator.services.lambda_.sandbox import Invocation

#: Seconds by the emulator's clock before the second and the third try.
RETRY_AFTER = (60.0, 120.0)
#: Seconds before an event that was throttled is tried again.
#: guess: AWS begins with one second and doubles up to five minutes
THROTTLED_AFTER = 1.0
#: Seconds of real time between looks at that clock, which may have been moved.
_LOOK = 1.0
_INSERT = "INSERT INTO lambda_event VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)"
_log = logging.getLogger(__name__)


class Events:
    """The events that wait (an account part; asking for it takes up what an earlier run left)."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._under_way: set[str] = set()
        account.bus.subscribe("store.restored", lambda _: self._begin_all())
        self._begin_all()

    def _begin_all(self) -> None:
        for row in self._account.store.all("SELECT request_id FROM lambda_event"):
            self._begin(row["request_id"])

    async def accept(self, ctx: Context, function: Function, qualifier: str, invocation: Invocation) -> None:
        """Keep an event and begin with it."""
        now = ctx.clock.now()
        row = (
            invocation.request_id,
            function.name,
            qualifier,
            invocation.event,
            invocation.client_context,
            invocation.trace_id,
            now,
            now,
        )
        await ctx.store.write(lambda tx: tx.execute(_INSERT, row))
        self._begin(invocation.request_id)

    def _begin(self, request_id: str) -> None:
        if request_id not in self._under_way:
            self._under_way.add(request_id)
            self._account.bus.spawn(self._deliver(request_id))

    async def _deliver(self, request_id: str) -> None:
        ctx = self._account.context(Caller("service", arn="lambda.amazonaws.com"))
        try:
            while (
                row := ctx.store.one("SELECT * FROM lambda_event WHERE request_id = ?", (request_id,))
            ) is not None:
                if row["due"] > ctx.clock.now():
                    await asyncio.sleep(min(_LOOK, row["due"] - ctx.clock.now()))
                else:
                    await _try(ctx, row)
        finally:
            self._under_way.discard(request_id)


async def _try(ctx: Context, row: Row) -> None:
    """One try: the event is done, or will be tried again."""
    try:
        function = versions.resolve(ctx.account, row["function_name"], row["qualifier"] or None)
    except AwsError:
        await _forget(ctx, row)
        return
    wanted = event_invoke.wanted(ctx.account, function, row["qualifier"])
    invocation = invocations.made(
        function, row["request_id"], row["payload"], client_context=row["client_context"], trace_id=row["trace_id"]
    )
    try:
        answer = await invocations.run(ctx, function, invocation)
    except AwsError as refused:
        await _wait(ctx, function, row, wanted, refused)
        return
    failed, tries = "FunctionError" in answer.output, row["failures"] + 1
    due = ctx.clock.now() + RETRY_AFTER[min(tries, len(RETRY_AFTER)) - 1]
    expired = due - row["accepted"] > wanted["MaximumEventAgeInSeconds"]
    if failed and tries <= wanted["MaximumRetryAttempts"] and not expired:
        _log.warning("%s failed for an event; tried again in %d s", function.name, due - ctx.clock.now())
        sql = "UPDATE lambda_event SET failures = ?, due = ? WHERE request_id = ?"
        await ctx.store.write(lambda tx: tx.execute(sql, (tries, due, row["request_id"])) and None)
        return
    if failed:
        _log.warning("%s failed for an event %d times; the event is dropped", function.name, tries)
    await _forget(ctx, row)
    await _tell(ctx, function, row, answer.output, wanted, tries)


async def _wait(ctx: Context, function: Function, row: Row, wanted: Mapping[str, Any], refused: AwsError) -> None:
    """An event that met its function's concurrency waits: that is no failure, until the event is too old.

    A function without any concurrency, or that cannot be run here, takes no events.
    """
    now = ctx.clock.now()
    reserved = settings.get(ctx.account, function.name, settings.RESERVED_CONCURRENCY)
    throttled = isinstance(refused, TooManyRequestsException) and reserved != 0
    if throttled and now - row["accepted"] < wanted["MaximumEventAgeInSeconds"]:
        sql = "UPDATE lambda_event SET due = ? WHERE request_id = ?"
        await ctx.store.write(lambda tx: tx.execute(sql, (now + THROTTLED_AFTER, row["request_id"])))
        return
    _log.warning("%s takes no event: %s; the event is dropped", function.name, refused.why or refused.message)
    await _forget(ctx, row)
    output = {"FunctionError": refused.code, "Payload": failures.error(refused.code, refused.message)}
    await _tell(ctx, function, row, output, wanted, row["failures"])


async def _forget(ctx: Context, row: Row) -> None:
    sql = "DELETE FROM lambda_event WHERE request_id = ?"
    await ctx.store.write(lambda tx: tx.execute(sql, (row["request_id"],)) and None)


async def _tell(
    ctx: Context, function: Function, row: Row, output: Mapping[str, Any], wanted: Mapping[str, Any], tries: int
) -> None:
    """Send the record of an event to the destination for its end, which is a function.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    failed = "FunctionError" in output
    side = (wanted.get("DestinationConfig") or {}).get("OnFailure" if failed else "OnSuccess") or {}
    if not side.get("Destination"):
        return
    payload = {
        "version": "1.0",
        "timestamp": iso8601(ctx.clock.now()),
        "requestContext": {
            "requestId": row["request_id"],
            "functionArn": f"{function.arn}:{function.version}" if not row["qualifier"] else function.arn,
            "condition": "RetriesExhausted" if failed else "Success",
            "approximateInvokeCount": tries,
        },
        "requestPayload": json.loads(row["payload"]),
        "responseContext": {
            "statusCode": 200,
            "executedVersion": function.version,
            **({"functionError": output["FunctionError"]} if failed else {}),
        },
        "responsePayload": json.loads(output["Payload"] or b"null"),
    }
    request = {
        "FunctionName": side["Destination"],
        "InvocationType": "Event",
        "Payload": json.dumps(payload).encode(),
    }
    await ctx.services.lambda_.invoke(request)
