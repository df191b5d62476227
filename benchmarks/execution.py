"""The nested feed in this process: our executor beside graphql-core's own, with the same resolvers over the same
rows, and beside the bare reading of these rows.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import graphql
import orjson

from benchmarks.scenarios import FEED, Row
from habitr_emulator.emulator import Emulator
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.authorization import Requester
from habitr_emulator.services.appsync.execution import execute
from habitr_emulator.services.appsync.preparation import Query, prepare
from habitr_emulator.services.appsync.resolvers import run
from habitr_emulator.services.appsync.spec import FieldInfo, ResolverContext
from habitr_emulator.services.dynamodb import tables
from habitr_emulator.settings import Settings

ROUNDS = 40
PEOPLE = 4
WHO = Requester("API_KEY")
USER = 'mutation { createUser(input: {username: "p%d", name: "Person"}) { username } }'
HABIT = 'mutation { createHabit(input: {id: "h%d", tagline: "walk", category: Health, owner: "p%d"}) { id } }'
COMMENT = 'mutation { createComment(input: {habitId: "h%d", comment: "well done", owner: "p%d"}) { id } }'


def measure() -> list[Row]:
    """Processor time, best of several rounds, since other work on the machine comes and goes."""
    return asyncio.run(_measure())


async def _measure() -> list[Row]:
    async with Emulator(Settings(memory=True, port=0, seed=False)) as emulator:
        feed = _Feed(emulator)
        await feed.fill()
        if await feed.planned() != await feed.by_graphql_core():
            raise RuntimeError("the two executors answer differently")
        planned, core, raw = [await _best(work) for work in (feed.planned, feed.by_graphql_core, feed.rows)]
    return [
        Row("nested feed, planned", planned * 1000, "ms"),
        Row("nested feed, by graphql-core's executor", core * 1000, "ms"),
        Row("graphql-core's executor to ours", core / planned, "", None, "15"),
        Row("ours to the bare reading of its rows", planned / raw, ""),
    ]


async def _best(work: Callable[[], Awaitable[Any]]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        await work()
        times.append(time.process_time() - started)
    return min(times)


class _Feed:
    """Twenty habits with ten comments each, by four people, and the query that shows them all."""

    def __init__(self, emulator: Emulator) -> None:
        self._store = emulator.store
        self._context = emulator.account.context()
        self._schema = next(iter(emulator.account.part(Apis).all())).schema
        self._document = graphql.parse(FEED)
        self._prepared = prepare(self._schema, WHO, Query(FEED, {}), self._context)
        self._tables = [
            tables.of(self._context).require(self._schema.api.data_sources[f"{name}Table"].config["table_name"])
            for name in ("Habit", "Comment", "User")
        ]

    async def fill(self) -> None:
        """Make the rows."""
        habits = range(20)
        for text in (
            *(USER % person for person in range(PEOPLE)),
            *(HABIT % (habit, habit % PEOPLE) for habit in habits),
            *(COMMENT % (habit, number % PEOPLE) for habit in habits for number in range(10)),
        ):
            answer = await execute(prepare(self._schema, WHO, Query(text, {}), self._context), self._context)
            if "errors" in answer:
                raise RuntimeError(answer)

    async def planned(self) -> Any:
        """The answer of our executor."""
        return (await execute(self._prepared, self._context))["data"]

    async def by_graphql_core(self) -> Any:
        """The answer of graphql-core's, which calls a resolver for each field of each object."""
        made: Any = graphql.execute(self._schema.types, self._document, field_resolver=self._resolve)
        result = await made
        if result.errors:
            raise RuntimeError(result.errors)
        return result.data

    def _resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        api, context = self._schema.api, self._context
        resolver = api.resolvers.get((info.parent_type.name, info.field_name))
        if resolver is None:
            return source.get(info.field_name)
        shown = FieldInfo(info.field_name, info.parent_type.name, {})
        now, new_id = context.clock.iso, context.ids.uuid
        ctx = ResolverContext(arguments, source, None, WHO.mode, shown, "query", now, new_id)

        async def resolve() -> Any:
            (outcome,) = await run(api, resolver, [ctx], context)
            if outcome.error is not None:
                raise outcome.error
            return outcome.value

        return resolve()

    async def rows(self) -> Any:
        """The rows that the feed needs, found by the same indexes and read as JSON; nothing else."""
        habits, comments, users = self._tables
        index = next(each for each in comments.indexes.values() if each.schema[0].name == "habitId")
        hashed, ordered = index.columns
        by_habit = f"SELECT item FROM {comments.sql_name} WHERE {hashed} = ? ORDER BY {ordered} LIMIT 10"
        one, many = (
            f"SELECT item FROM {users.sql_name} WHERE pk = ?",
            f"SELECT item FROM {habits.sql_name} LIMIT 20",
        )
        read = [orjson.loads(row[0]) for row in self._store.all(many)]
        for habit in tuple(read):
            read += [orjson.loads(row[0]) for row in self._store.all(by_habit, (habit["id"].encode(),))]
        for person in {item["owner"] for item in read}:
            read += [orjson.loads(row[0]) for row in self._store.all(one, (person.encode(),))]
        return read
