"""Warm workers: reused, grown with the load, bounded, replaced when code or configuration change.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.lambda_ import code, credentials, failures, layers, packages, runtimes, settings
from habitr_emulator.services.lambda_.environment import process_environment
from habitr_emulator.services.lambda_.errors import TooManyRequestsException
from habitr_emulator.services.lambda_.functions import Function
from habitr_emulator.services.lambda_.sandbox import Invocation, Launch, Reply, Sandbox, Untaken

#: Workers of one function; further invocations wait.
WORKERS = 10
#: Invocations of one function that may wait.
WAITING = 5_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """How an invocation went: durations in seconds (``init`` None on a warm worker), ``log`` as written to the
    worker's log ``stream``.
    """

    reply: Reply
    log: bytes
    duration: float
    init: float | None
    stream: str = ""


@dataclass(frozen=True, slots=True)
class _Worker:
    sandbox: Sandbox
    stamp: tuple[str, int]
    expires: float
    stream: str


class _Lane:
    """The workers of one function."""

    def __init__(self) -> None:
        self.limit = asyncio.Semaphore(WORKERS)
        self.idle: list[_Worker] = []
        self.waiting = 0


class Pool:
    """Every function's workers."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._lanes: defaultdict[tuple[str, str], _Lane] = defaultdict(_Lane)
        self._under_way: defaultdict[str, int] = defaultdict(int)
        self._workers: set[Sandbox] = set()
        self._watch = code.Watch(account.clock)
        self._closed = False

    async def run(self, context: Context, function: Function, invocation: Invocation) -> Run:
        """Run one invocation on a worker of ``function``.

        Raises TooManyRequestsException if far too many wait already, NotBuilt for an unknown runtime.
        """
        lane = self._lanes[function.name, function.version]
        if lane.waiting >= WAITING:
            raise TooManyRequestsException(why=f"{WAITING} invocations of {function.name} wait for a worker")
        self._reserve(function.name)
        lane.waiting += 1
        try:
            try:
                await lane.limit.acquire()
            finally:
                lane.waiting -= 1
            try:
                return await self._run(context, lane, function, invocation)
            finally:
                lane.limit.release()
        finally:
            self._under_way[function.name] -= 1

    def _reserve(self, name: str) -> None:
        """Count an invocation; raises TooManyRequestsException if the reserved concurrency is used up."""
        reserved = settings.get(self._account, name, settings.RESERVED_CONCURRENCY)
        if reserved is not None and self._under_way[name] >= reserved:
            raise TooManyRequestsException(
                "Rate Exceeded.",
                why=f"{name} has a reserved concurrency of {reserved}",
                Reason="ReservedFunctionConcurrentInvocationLimitExceeded",
            )
        self._under_way[name] += 1

    async def _run(self, context: Context, lane: _Lane, function: Function, invocation: Invocation) -> Run:
        clock = context.clock
        began = clock.monotonic()
        try:
            worker, fresh = await self._worker(context, lane, function)
        except OSError as error:
            _log.warning("function %s cannot start: %s", function.name, error)
            return Run(Reply(failures.no_entrypoint(str(error)), failed=True), b"", 0.0, 0.0)
        sandbox = worker.sandbox
        try:
            failure = await sandbox.initialise() if fresh else None
            ready = clock.monotonic()
            deadline = int((clock.real() + invocation.timeout) * 1000)
            reply = failure or await sandbox.invoke(invocation, deadline)
            ended = clock.monotonic()
            await asyncio.sleep(0)  # what the process wrote before its answer is read in this turn of the loop
            log = sandbox.process.take_log()
            return Run(reply, log, ended - ready, ready - began if fresh else None, worker.stream)
        except Untaken:
            if fresh:
                return Run(Reply(failures.exited(0), failed=True), sandbox.process.take_log(), 0.0, None)
            return await self._run(context, lane, function, invocation)
        finally:
            await self._put_back(lane, worker)

    async def _worker(self, context: Context, lane: _Lane, function: Function) -> tuple[_Worker, bool]:
        """A warm worker of the current code, or a new one (True)."""
        await self._unpack(function)
        stamp = (function.revision, self._watch.look(function.folder))
        while lane.idle:
            worker = lane.idle.pop()
            if worker.stamp == stamp and worker.sandbox.usable and context.clock.now() < worker.expires:
                return worker, False
            await self._retire(worker.sandbox)
        return await self._start(context, function, stamp), True

    async def _start(self, context: Context, function: Function, stamp: tuple[str, int]) -> _Worker:
        keys = await credentials.of_function(context, function)
        day, worker = context.clock.iso()[:10].replace("-", "/"), context.ids.uuid().replace("-", "")
        stream = f"{day}/[{function.version}]{worker}"
        environment = process_environment(context.account, function, keys, stream)
        roots = [*await layers.unpacked(self._account, function.configuration), *function.layers]
        environment |= layers.search_paths(roots, environment)
        built = self._account.store.folder / "lambda" if function.code_sha256 is None else None
        launch = Launch(function.folder, str(function.configuration["Handler"]), environment, built)
        sandbox = await runtime_of(function).start(launch)
        self._workers.add(sandbox)
        return _Worker(sandbox, stamp, keys.expires, stream)

    async def _unpack(self, function: Function) -> None:
        if function.code_sha256 is None or function.folder.is_dir():
            return
        current = packages.digests(self._account)
        package = packages.get(self._account, function.code_sha256)
        if package is not None:
            await asyncio.to_thread(code.unpack, package, function.folder)
            await asyncio.to_thread(code.sweep, function.folder.parent, current)

    async def _put_back(self, lane: _Lane, worker: _Worker) -> None:
        if worker.sandbox.usable and not self._closed:
            lane.idle.append(worker)
        else:
            await self._retire(worker.sandbox)

    async def _retire(self, sandbox: Sandbox) -> None:
        self._workers.discard(sandbox)
        await sandbox.close()

    async def forget(self, name: str) -> None:
        """End the idle workers of a function that is no more."""
        for (owner, _), lane in tuple(self._lanes.items()):
            while owner == name and lane.idle:
                await self._retire(lane.idle.pop().sandbox)

    async def close(self) -> None:
        """End every worker."""
        self._closed = True
        for sandbox in tuple(self._workers):
            await self._retire(sandbox)


def runtime_of(function: Function) -> runtimes.Runtime:
    """What runs a function; raises NotBuilt."""
    return runtimes.find(check_runtime(str(function.configuration["Runtime"])))


def check_runtime(runtime: str) -> str:
    """The family of a runtime identifier; raises NotBuilt, naming the file to add."""
    family = runtimes.family(runtime)
    if family is None:
        why = f"not built: to add {runtime}, create a file in habitr_emulator/services/lambda_/runtimes/"
        raise NotBuilt(f"The runtime {runtime} is not built in habitr-emulator.", why=why)
    return family
