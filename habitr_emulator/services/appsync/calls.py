"""Calls resolvers: all instances of a field at one level of a request in one call."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from habitr_emulator.services.appsync.completion import Level
from habitr_emulator.services.appsync.information import LazyFieldInfo
from habitr_emulator.services.appsync.plan import FieldPlan
from habitr_emulator.services.appsync.preparation import Prepared
from habitr_emulator.services.appsync.resolvers import Outcome, run, run_local
from habitr_emulator.services.appsync.spec import Resolver, ResolverContext, ResolverError, Unauthorized
from habitr_emulator.services.context import Context

#: Seconds that one request may take. https://docs.aws.amazon.com/general/latest/gr/appsync.html
LONGEST: Final = 30.0
#: ``$ctx`` (None if no resolver ran) and outcome of each instance of a field.
Called = tuple[Sequence[ResolverContext | None], Sequence[Outcome]]
#: For each instance the number of the call that it shares; None if each has its own.
_Places = list[int] | None
_TEXT_OR_NULL: Final = frozenset({str, type(None)})
_Waiting = tuple[int, _Places, FieldPlan, list[ResolverContext]]


class Calls:
    """The resolver calls of one request; ``operation`` is its kind."""

    def __init__(self, prepared: Prepared, operation: str, context: Context) -> None:
        self._prepared, self._operation, self._context = prepared, operation, context
        self._api = prepared.schema.api
        self._deadline = asyncio.get_running_loop().time() + LONGEST

    async def level(self, groups: Mapping[FieldPlan, Level]) -> list[Called]:
        """Outcomes of each field's instances, in order; several data sources are asked side by side."""
        called: list[Called] = []
        waiting: list[_Waiting] = []
        for item, entries in groups.items():
            if item.denied or item.resolver is None:
                called.append(self._unasked(item, len(entries)))
                continue
            sources, places = _distinct([entry[2] for entry in entries], item.resolver.reads)
            contexts = self.contexts(item, sources)
            outcomes: Sequence[Outcome] = ()
            if not item.resolver.told:
                outcomes = [run_local(item.resolver, ctx) for ctx in contexts]
            else:
                waiting.append((len(called), places, item, contexts))
            called.append(_spread(contexts, outcomes, places))
        if waiting:
            for (number, places, _, contexts), outcomes in zip(waiting, await self._ask(waiting), strict=True):
                called[number] = _spread(contexts, outcomes, places)
        return called

    def _unasked(self, item: FieldPlan, count: int) -> Called:
        """Denied fields, and root fields without a resolver."""
        if not item.denied:
            return [None] * count, [Outcome(None, None)] * count
        mode = self._prepared.requester.mode
        why = self._prepared.schema.why_refused(item.parent, item.name, mode)
        return [None] * count, [Outcome(None, Unauthorized(why=why))] * count

    async def _ask(self, waiting: Sequence[_Waiting]) -> list[Sequence[Outcome]]:
        if asyncio.get_running_loop().time() > self._deadline:
            return _late(waiting)
        if all(item.prompt for _, _, item, _ in waiting):
            return [await self._run(item, contexts) for _, _, item, contexts in waiting]
        try:
            async with asyncio.timeout_at(self._deadline):
                return list(await asyncio.gather(*[self._run(item, contexts) for _, _, item, contexts in waiting]))
        except TimeoutError:
            return _late(waiting)

    async def _run(self, item: FieldPlan, contexts: list[ResolverContext]) -> list[Outcome]:
        with self._context.span.child(f"{item.parent}.{item.name}") as span:
            if len(contexts) > 1:
                span.note(instances=len(contexts))
            return await run(self._api, cast("Resolver", item.resolver), contexts, self._context.within(span))

    def contexts(self, item: FieldPlan, sources: Sequence[Any]) -> list[ResolverContext]:
        """``$ctx`` for each instance of a field."""
        context, who, variables = self._context, self._prepared.requester, self._prepared.variables
        info = LazyFieldInfo(item, variables)
        now, new_id, environment = context.clock.iso, context.ids.uuid, self._api.environment
        arguments, operation, headers = item.arguments, self._operation, context.headers
        return [
            ResolverContext(
                arguments(variables),
                source,
                who.identity,
                who.mode,
                info,
                operation,
                now,
                new_id,
                headers,
                environment=environment,
            )
            for source in sources
        ]


def _late(waiting: Sequence[_Waiting]) -> list[Sequence[Outcome]]:
    late = Outcome(None, ResolverError("Execution timed out.", "ExecutionTimeout"))
    return [[late] * len(contexts) for _, _, _, contexts in waiting]


def _distinct(sources: list[Any], reads: Sequence[str] | None) -> tuple[list[Any], _Places]:
    """One source of all that agree in what the resolver reads (twenty comments by three people: three)."""
    if reads is None or len(sources) == 1:
        return sources, None
    columns = [[source.get(name) for source in sources] for name in reads]
    keys: list[Any] = list(zip(*columns, strict=True)) if columns else [()] * len(sources)
    if not all(_TEXT_OR_NULL.issuperset(map(type, column)) for column in columns):
        keys = list(map(repr, keys))  # 1, 1.0 and true are not alike
    first = dict(zip(reversed(keys), reversed(sources), strict=True))
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return [first[key] for key in numbers], [numbers[key] for key in keys]


def _spread(contexts: list[ResolverContext], outcomes: Sequence[Outcome], places: _Places) -> Called:
    """What was called once, for every instance that shares it."""
    if places is None or not outcomes:
        return contexts, outcomes
    return [contexts[number] for number in places], [outcomes[number] for number in places]
