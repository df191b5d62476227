"""Mutations in this process beside what they cannot do without: createHabit beside a bare insert of its row, the
vote's pipeline of templates beside its bare read and two bare updates; each committed by itself.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import orjson

from benchmarks.scenarios import Row
from habitr_emulator.emulator import Emulator
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.authorization import Requester
from habitr_emulator.services.appsync.execution import execute
from habitr_emulator.services.appsync.preparation import Query, prepare
from habitr_emulator.settings import Settings

ROUNDS, EACH, TOGETHER = 8, 20, 50
NAME = "voter"
CLAIMS = {"sub": NAME, "username": NAME, "iss": "i"}
WHO = Requester("AMAZON_COGNITO_USER_POOLS", {"username": NAME, "sub": NAME, "claims": CLAIMS, "groups": None})
USER = 'mutation { createUser(input: {username: "voter"}) { username } }'
CREATE = """mutation C($tagline: String!) { createHabit(input: {tagline: $tagline, category: Health, details: "d",
  ups: 0, downs: 0}) { id tagline category owner createdAt } }"""
VOTE = """mutation V($id: ID!, $type: VoteType!) { vote(habitId: $id, type: $type) { habit { id ups downs } } }"""
ITEM = {"tagline": "walk", "category": "Health", "details": "d", "ups": 0, "downs": 0, "owner": "voter"}


def measure() -> list[Row]:
    """Best of several rounds, since other work on the machine comes and goes."""
    return asyncio.run(_measure())


async def _measure() -> list[Row]:
    with TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder) / "state", port=0, seed=False)
        async with Emulator(settings) as emulator:
            ours, bare = _Mutations(emulator), _Bare(Path(folder) / "bare.db")
            await ours.begin()
            create, insert, vote, least = [
                await _best(work) for work in (ours.create, bare.insert, ours.vote, bare.read_and_update)
            ]
            together = await _best(lambda: asyncio.gather(*(ours.create() for _ in range(TOGETHER)))) / TOGETHER
            bare.close()
    return [
        Row("createHabit, to a bare insert of its row", create * 1e6, "µs", insert / create),
        Row(f"createHabit, {TOGETHER} at once, to a bare insert", together * 1e6, "µs", insert / together),
        Row("vote, to its bare read and two updates", vote * 1e6, "µs", least / vote),
    ]


async def _best(work: Callable[[], Awaitable[Any]]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = perf_counter()
        for _ in range(EACH):
            await work()
        times.append((perf_counter() - started) / EACH)
    return min(times)


class _Mutations:
    def __init__(self, emulator: Emulator) -> None:
        self._account = emulator.account
        self._schema = next(iter(emulator.account.part(Apis).all())).schema
        self._habit, self._up = "", False

    async def _ask(self, text: str, **variables: Any) -> Any:
        context = self._account.context()
        answer = await execute(prepare(self._schema, WHO, Query(text, variables), context), context)
        if "errors" in answer:
            raise RuntimeError(answer)
        return answer["data"]

    async def begin(self) -> None:
        """The voter and a habit."""
        admin = {**CLAIMS, "cognito:groups": ["admin"]}
        who = Requester(WHO.mode, {"username": NAME, "claims": admin, "groups": ["admin"]}, frozenset(("admin",)))
        context = self._account.context()
        await execute(prepare(self._schema, who, Query(USER, {}), context), context)
        self._habit = (await self.create())["createHabit"]["id"]

    async def create(self) -> Any:
        """One habit."""
        return await self._ask(CREATE, tagline="walk")

    async def vote(self) -> Any:
        """One vote, the other way than the last."""
        self._up = not self._up
        return await self._ask(VOTE, id=self._habit, type="upvote" if self._up else "downvote")


class _Bare:
    """The same rows in plain SQLite, each statement committed by itself."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;CREATE TABLE t (pk INTEGER PRIMARY KEY, item TEXT)"
        )

    async def insert(self) -> None:
        """One row."""
        self._connection.execute("INSERT INTO t (item) VALUES (?)", (orjson.dumps(ITEM),))

    async def read_and_update(self) -> None:
        """What a vote reads and writes."""
        (item,) = self._connection.execute("SELECT item FROM t WHERE pk = 1").fetchone()
        for key in (1, 2):
            self._connection.execute("UPDATE t SET item = ? WHERE pk = ?", (item, key))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
