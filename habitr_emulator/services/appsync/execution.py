"""Runs an operation: level by level, every instance of a field at a level in one call of its resolver.

https://spec.graphql.org/October2021/#sec-Execution, with AppSync's error objects.
"""

from collections.abc import Callable, Iterable
from typing import Any

from habitr_emulator.services.appsync.calls import Calls
from habitr_emulator.services.appsync.completion import Completion, Level, Propagate, path_of
from habitr_emulator.services.appsync.field_errors import field_error
from habitr_emulator.services.appsync.plan import FieldPlan, Plan
from habitr_emulator.services.appsync.preparation import Prepared
from habitr_emulator.services.appsync.projection import MISFITS, Place
from habitr_emulator.services.appsync.spec import ResolverContext, ResolverError
from habitr_emulator.services.context import Context

#: What is told of a mutation field that succeeded: the field and its answer.
Settled = Callable[[FieldPlan, Any], None]


async def execute(prepared: Prepared, context: Context, settled: Settled | None = None) -> dict[str, Any]:
    """The answer of an operation: ``{"data": …}`` and, if there are any, ``errors``.

    ``settled(field, answer)`` is told of each mutation field that ended with a value and without an error.
    """
    plan = prepared.plan
    api = prepared.schema.api
    if api.query_depth_limit and plan.depth > api.query_depth_limit:
        text = f"Query depth limit exceeded. Query depth: {plan.depth}, max depth: {api.query_depth_limit}."
        return {"data": None, "errors": [{"message": text}]}
    return await Execution(prepared, plan, context, settled).answer()


#: What an API without a limit of its own allows for one request.
#: https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateGraphqlApi.html
MOST_RESOLVERS = 10_000


class _TooMany(Exception):
    """More resolvers than the API allows for one request."""


class Execution:
    """One run of one plan."""

    def __init__(self, prepared: Prepared, plan: Plan, context: Context, settled: Settled | None = None) -> None:
        self._prepared, self._plan, self._context, self._settled = prepared, plan, context, settled
        self._schema = prepared.schema
        self._calls = Calls(prepared, plan.operation, context)
        self.errors: list[dict[str, Any]] = []
        self._data: dict[str, Any] | None = dict.fromkeys(item.key for item in plan.fields)
        self._resolved = 0
        self._limit = self._schema.api.resolver_count_limit or MOST_RESOLVERS

    async def answer(self) -> dict[str, Any]:
        """Run everything."""
        data = self._data
        assert data is not None
        try:
            entries: Level = [(item, data, None, (None, data, item.key, item.nullable)) for item in self._own()]
            if self._plan.operation == "mutation":
                for entry in entries:
                    await self._levels([entry])
                    self._tell(entry)
            else:
                await self._levels(entries)
        except _TooMany:
            limit = self._limit
            return {
                "data": None,
                "errors": [{"message": f"Resolver count limit exceeded. Max resolvers: {limit}."}],
            }
        return {"data": self._data, "errors": self.errors} if self.errors else {"data": self._data}

    def _own(self) -> list[FieldPlan]:
        """The root fields to resolve; ``__typename`` and introspection are answered at once."""
        assert self._data is not None
        if not self._plan.introspects:
            return list(self._plan.fields)
        from habitr_emulator.services.appsync.introspection import introspect

        own = []
        for item in self._plan.fields:
            if not item.name.startswith("__"):
                own.append(item)
            elif item.name == "__typename":
                self._data[item.key] = item.parent
            elif not self._schema.api.introspection:
                self.errors.append(
                    {
                        "path": [item.key],
                        "locations": item.locations,
                        "message": f"Introspection is disabled: {item.name} is not available.",
                    }
                )
            else:
                self._data[item.key] = introspect(
                    self._schema, self._prepared.operation, item, self._prepared.variables
                )
        return own

    def _tell(self, entry: Any) -> None:
        """Tell the subscribers of a mutation field that succeeded."""
        item, data, _, _ = entry
        value = data[item.key]
        if self._settled is None:
            return
        failed = any(error.get("path") == [item.key] for error in self.errors)
        if value is not None and self._data is not None and not failed:
            self._settled(item, value)
        elif item.name in self._schema.listeners:
            reason = "in error" if failed else "null"
            self._context.span.note(published=f"nothing, as {item.name} is {reason}")

    async def _levels(self, level: Level) -> None:
        while level:
            groups: dict[FieldPlan, Level] = {}
            for entry in level:
                groups.setdefault(entry[0], []).append(entry)
            self._count(level)
            level = []
            called = await self._calls.level(groups)
            for (item, entries), (contexts, outcomes) in zip(groups.items(), called, strict=True):
                self._settle_all(item, zip(entries, contexts, outcomes, strict=True), level)

    def _count(self, level: Level) -> None:
        self._resolved += sum(1 for entry in level if entry[0].resolver is not None)
        if self._resolved > self._limit:
            raise _TooMany

    def _settle_all(self, item: FieldPlan, instances: Iterable[Any], level: Level) -> None:
        """Put the outcomes of a field's instances into their objects; the same value is projected once."""
        key, complete = item.key, item.complete
        memo: dict[int, Any] | None = {} if item.pure else None
        for entry, ctx, outcome in instances:
            value = outcome.value
            if ctx is not None and (ctx.errors or ctx.response_headers or ctx.invalidations):
                self._effects(item, entry[3], ctx)
            if outcome.error is not None:
                self._told(item, entry[3], outcome.error)
            if value is None or complete is None:
                self._settle_null(item, entry[3])
                continue
            if memo is not None and (known := memo.get(id(value))) is not None:
                entry[1][key] = known
                continue
            mark = len(level)
            try:
                entry[1][key] = made = complete(value, entry[3], level)
            except MISFITS:
                del level[mark:]
                self._settle_exactly(item, entry, value, level)
            else:
                if memo is not None:
                    memo[id(value)] = made

    def _settle_null(self, item: FieldPlan, place: Place) -> None:
        if not item.nullable:
            Completion(self.errors, []).refuse_null(item, place)
            self._drop(place)

    def _settle_exactly(self, item: FieldPlan, entry: Any, value: Any, level: Level) -> None:
        try:
            entry[1][item.key] = Completion(self.errors, level).value(item, value, entry[3])
        except Propagate:
            self._drop(entry[3])

    def _drop(self, place: Place | None) -> None:
        """A null where none may be: it goes up to the nearest place that may be null."""
        while place is not None and not place[3]:
            place = place[0]
        if place is None:
            self._data = None
        else:
            place[1][place[2]] = None

    def _effects(self, item: FieldPlan, place: Place, ctx: ResolverContext) -> None:
        """What a template did beside its value: appended errors, response headers, ended subscriptions."""
        for error in ctx.errors:
            self._told(item, place, error)
        self._context.response_headers.update(ctx.response_headers)
        if ctx.invalidations:
            from habitr_emulator.services.appsync.realtime.subscriptions import Subscriptions

            registry = self._context.account.part(Subscriptions)
            for wanted in ctx.invalidations[:5]:
                registry.invalidate(self._schema.api.api_id, wanted)

    def _told(self, item: FieldPlan, place: Place, error: ResolverError) -> None:
        self.errors.append(field_error(item, path_of(place), error))
        if error.why:
            self._context.span.facts.setdefault("why", error.why)
            self._context.response_headers.setdefault("x-habitr-why", error.why)
