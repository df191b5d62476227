"""Feeds the records of a stream to a function: in order, in batches, again until they are dealt with.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
"""

import asyncio
import json
import logging
from dataclasses import dataclass, replace
from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.lambda_ import event_filters, event_sources
from habitr_emulator.services.lambda_.event_sources import EventSourceMapping

#: The topic on which streams are announced that were written to.
TOPIC = "dynamodb.stream"
#: Seconds without an announcement after which a stream is looked at again.
IDLE = 1.0
FIRST_BACKOFF, LONGEST_BACKOFF = 0.25, 30.0
#: How long a stream keeps a record; older ones are never delivered.
RETENTION = 86_400.0
#: A batch takes no further page of records beyond this many bytes; a payload may have six megabytes.
LARGEST_BATCH = 4 << 20
#: Instead of an iterator: the stream has ended and everything was read.
_END = ""
_log = logging.getLogger(__name__)

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that are delivered together; when they are dealt with, all up to ``through`` is."""

    records: list[Record]
    through: str
    failures: int = 0


class EventSources:
    """The pollers of all enabled mappings (an account part; asking for it starts them)."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._pollers: dict[str, Poller] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        account.bus.subscribe(TOPIC, self._announced)
        account.bus.subscribe("store.restored", self._restored)
        self.start()

    def start(self) -> None:
        """Start the pollers that should run and do not; they end by themselves."""
        for row in self._account.store.all("SELECT uuid FROM lambda_event_source_mapping WHERE enabled"):
            task = self._tasks.get(row["uuid"])
            if task is None or task.done():
                poller = self._pollers[row["uuid"]] = Poller(self._account, row["uuid"])
                self._tasks[row["uuid"]] = asyncio.create_task(poller.run())

    def _announced(self, arn: str) -> None:
        for poller in self._pollers.values():
            poller.wake(arn)

    async def _restored(self, _: object) -> None:
        await self.close()
        self.start()

    async def close(self) -> None:
        """Stop every poller."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        self._pollers.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Poller:
    """One mapping at work. ``run`` ends when the mapping is disabled or gone."""

    def __init__(self, account: Account, uuid: str) -> None:
        self._account = account
        self._uuid = uuid
        self._written = asyncio.Event()
        self._arn = ""
        self._iterator: str | None = None
        self._pending: list[Batch] = []

    def wake(self, arn: str) -> None:
        """Note that a stream was written to."""
        if arn == self._arn:
            self._written.set()

    async def run(self) -> None:
        """Read and deliver for as long as the mapping is enabled."""
        while True:
            mapping = event_sources.find(self._account, self._uuid)
            if mapping is None or not mapping.enabled:
                return
            self._arn = mapping.event_source_arn
            try:
                await self.step(mapping)
            except Exception as error:
                _log.warning("the event source mapping %s failed: %s", self._uuid, error)
                self._iterator = None
                await self._record(f"PROBLEM: {getattr(error, 'message', error)}")
                await asyncio.sleep(IDLE)

    async def step(self, mapping: EventSourceMapping) -> None:
        """Deliver the next batch, or read one, or wait for one."""
        ctx = self._account.context(Caller("service", arn="lambda.amazonaws.com"))
        if not self._pending:
            self._written.clear()
            await self._read(ctx, mapping)
        if self._pending:
            await self._deliver(ctx, mapping, self._pending.pop())
        elif not self._written.is_set():
            await self._wait(IDLE)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._written.wait(), seconds)
        except TimeoutError:
            return

    async def _read(self, ctx: Context, mapping: EventSourceMapping) -> None:
        """Read up to a batch; what the filters leave of it is pending then."""
        found = await self._gather(ctx, mapping)
        if not found:
            return
        batch = Batch(_filtered(mapping, found), _number(found[-1]))
        if batch.records:
            self._pending.append(batch)
        else:
            await self._checkpoint(batch.through, mapping.last_result)

    async def _gather(self, ctx: Context, mapping: EventSourceMapping) -> list[Record]:
        """Records until there are enough, or no more and the batching window is over."""
        most, window = _setting(mapping, "BatchSize"), _setting(mapping, "MaximumBatchingWindowInSeconds")
        found: list[Record] = []
        size, until = 0, None
        while len(found) < most and size < LARGEST_BATCH:
            self._written.clear()
            page = await self._page(ctx, mapping, most - len(found))
            found += page
            size += sum(len(json.dumps(record)) for record in page)
            now = self._account.clock.monotonic()
            until = now + window if until is None and found else until
            if not page:
                if until is None or now >= until:
                    break
                await self._wait(until - now)
        return found

    async def _page(self, ctx: Context, mapping: EventSourceMapping, limit: int) -> list[Record]:
        if self._iterator is None:
            self._iterator = await _position(ctx, mapping)
        if self._iterator == _END:
            return []
        request = {"ShardIterator": self._iterator, "Limit": min(limit, 1000)}
        try:
            answer = await ctx.services.dynamodb.get_records(request)
        except AwsError as error:
            if error.code != "TrimmedDataAccessException":
                raise
            self._iterator = await _horizon(ctx, mapping)
            return []
        self._iterator = answer.get("NextShardIterator", _END)
        return [_event_record(record, mapping.event_source_arn) for record in answer["Records"]]

    async def _deliver(self, ctx: Context, mapping: EventSourceMapping, batch: Batch) -> None:
        fresh = _fresh(mapping, batch.records, self._account.clock.now())
        if len(fresh) < len(batch.records):
            _log.warning("%s: %d records too old, discarded", self._uuid, len(batch.records) - len(fresh))
        if not fresh:
            await self._checkpoint(batch.through, "PROBLEM: Function call failed")
            return
        done = await _invoke(ctx, mapping, fresh)
        if done == len(fresh):
            await self._checkpoint(batch.through, "OK")
        else:
            await self._fail(mapping, replace(batch, records=fresh), max(done, 0), told=done >= 0)

    async def _fail(self, mapping: EventSourceMapping, batch: Batch, done: int, *, told: bool) -> None:
        """Go on with what is left of a batch; ``told``: the function said where it failed."""
        result = "PROBLEM: Function call failed"
        if done:
            await self._checkpoint(_number(batch.records[done - 1]), result)
        left = batch.records[done:]
        retries = _setting(mapping, "MaximumRetryAttempts")
        if not told and len(left) > 1 and _setting(mapping, "BisectBatchOnFunctionError"):
            middle = len(left) // 2
            halves = Batch(left[:middle], _number(left[middle - 1])), Batch(left[middle:], batch.through)
            self._pending += [replace(half, failures=batch.failures) for half in reversed(halves)]
        elif 0 <= retries <= batch.failures:
            _log.warning("%s failed %d times; %d records discarded", self._uuid, batch.failures + 1, len(left))
            await self._checkpoint(batch.through, result)
        else:
            self._pending.append(Batch(left, batch.through, batch.failures + 1))
            await self._record(result)
            await asyncio.sleep(min(FIRST_BACKOFF * 2**batch.failures, LONGEST_BACKOFF))

    async def _checkpoint(self, number: str, result: str) -> None:
        """Note that everything up to a sequence number was dealt with."""
        sql = "UPDATE lambda_event_source_mapping SET sequence_number = ?, last_result = ? WHERE uuid = ?"
        await self._write(sql, number, result, self._uuid)

    async def _record(self, result: str) -> None:
        sql = "UPDATE lambda_event_source_mapping SET last_result = ? WHERE uuid = ?"
        await self._write(sql, result, self._uuid)

    async def _write(self, sql: str, *parameters: str) -> None:
        def write(tx: Transaction) -> None:
            tx.execute(sql, parameters)

        await self._account.store.write(write)


def _setting(mapping: EventSourceMapping, name: str) -> Any:
    return mapping.settings.get(name, event_sources.DEFAULTS.get(name))


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


async def _position(ctx: Context, mapping: EventSourceMapping) -> str:
    """Where to go on: behind what was dealt with, or, if that is trimmed, at the oldest record there is."""
    if mapping.sequence_number is None:
        return mapping.iterator
    position = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": mapping.sequence_number}
    try:
        return await event_sources.shard_iterator(ctx, mapping.event_source_arn, **position)
    except AwsError as error:
        if error.code != "TrimmedDataAccessException":
            raise
        return await _horizon(ctx, mapping)


async def _horizon(ctx: Context, mapping: EventSourceMapping) -> str:
    return await event_sources.shard_iterator(ctx, mapping.event_source_arn, ShardIteratorType="TRIM_HORIZON")


def _event_record(record: Record, arn: str) -> Record:
    """A stream's record as functions see it."""
    change = record["dynamodb"]
    at = change["ApproximateCreationDateTime"]
    shown = {**record, "dynamodb": {**change, "ApproximateCreationDateTime": int(at)}, "eventSourceARN": arn}
    identity = shown.pop("userIdentity", None)
    if identity:
        shown["userIdentity"] = {"type": identity["Type"], "principalId": identity["PrincipalId"]}
    return shown


def _filtered(mapping: EventSourceMapping, records: list[Record]) -> list[Record]:
    filters = (mapping.settings.get("FilterCriteria") or {}).get("Filters") or ()
    patterns = [event_filters.parse(each["Pattern"]) for each in filters]
    return [
        record for record in records if not patterns or any(event_filters.matches(p, record) for p in patterns)
    ]


def _fresh(mapping: EventSourceMapping, records: list[Record], now: float) -> list[Record]:
    given = _setting(mapping, "MaximumRecordAgeInSeconds")
    oldest = now - (RETENTION if given == -1 else min(given, RETENTION))
    return [record for record in records if record["dynamodb"]["ApproximateCreationDateTime"] >= oldest]


async def _invoke(ctx: Context, mapping: EventSourceMapping, records: list[Record]) -> int:
    """How many records, from the first on, the function dealt with; -1 if it failed without saying."""
    payload = json.dumps({"Records": records}).encode()
    try:
        answer = await ctx.services.lambda_.invoke({"FunctionName": mapping.function_name, "Payload": payload})
    except AwsError as error:
        _log.warning("%s cannot be invoked: %s", mapping.function_name, error.message)
        return -1
    if "FunctionError" in answer:
        return -1
    if "ReportBatchItemFailures" not in _setting(mapping, "FunctionResponseTypes"):
        return len(records)
    return _reported(json.loads(answer["Payload"] or b"null"), [_number(record) for record in records])


def _reported(answer: Any, numbers: list[str]) -> int:
    """The place of the first failure that a function reports; -1 if its report makes no sense.

    https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
    """
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else answer
    if not failures:
        return len(numbers) if failures in (None, []) else -1
    try:
        return min(numbers.index(failure["itemIdentifier"]) for failure in failures)
    except (KeyError, TypeError, ValueError):
        return -1
