"""Calls resolvers: all instances of a field at one level of a request in one call."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

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


class Calls:
    """The resolver calls of one request; ``operation`` is its kind."""

    def __init__(self, prepared: Prepared, operation: str, context: Context) -> None:
        self._prepared, self._operation, self._context = prepared, operation, context
        self._api = prepared.schema.api
        self._deadline = asyncio.get_running_loop().time() + LONGEST

    async def level(self, groups: Mapping[FieldPlan, Level]) -> list[Called]:
        """Outcomes of each field's instances, in order; several data sources are asked side by side."""
        called: list[Called | None] = []
        waiting: list[tuple[int, Resolver, list[ResolverContext]]] = []
        for item, entries in groups.items():
            at_once = self._at_once(item, len(entries))
            if at_once is None and item.resolver is not None:
                contexts = self.contexts(item, [entry[2] for entry in entries])
                if item.local:
                    resolver = item.resolver
                    at_once = contexts, [run_local(resolver, ctx) for ctx in contexts]
                else:
                    waiting.append((len(called), item.resolver, contexts))
            called.append(at_once)
        if waiting:
            for (number, _, contexts), outcomes in zip(waiting, await self._ask(waiting), strict=True):
                called[number] = (contexts, outcomes)
        return [item for item in called if item is not None]

    def _at_once(self, item: FieldPlan, count: int) -> Called | None:
        """What needs no resolver: denied fields, and root fields without one."""
        if item.denied:
            mode = self._prepared.requester.mode
            why = f"{item.parent}.{item.name} is not open to {mode} (its directives, the authorizer or a policy)"
            return [None] * count, [Outcome(None, Unauthorized(why=why))] * count
        return None if item.resolver is not None else ([None] * count, [Outcome(None, None)] * count)

    async def _ask(
        self, waiting: Sequence[tuple[int, Resolver, list[ResolverContext]]]
    ) -> list[Sequence[Outcome]]:
        try:
            async with asyncio.timeout_at(self._deadline):
                calls = [run(self._api, resolver, contexts, self._context) for _, resolver, contexts in waiting]
                return [await calls[0]] if len(calls) == 1 else list(await asyncio.gather(*calls))
        except TimeoutError:
            late = Outcome(None, ResolverError("Execution timed out.", "ExecutionTimeout"))
            return [[late] * len(contexts) for _, _, contexts in waiting]

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
