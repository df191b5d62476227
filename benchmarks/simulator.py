"""Our GraphQL against ``@aws-amplify/amplify-appsync-simulator`` on DynamoDB Local, in one run by the same client.

It needs Node, Java, and the folder of an npm install in ``HABITR_SIMULATOR``::

    mkdir simulator && cd simulator && npm init -y
    npm install --ignore-scripts @aws-amplify/amplify-appsync-simulator amplify-dynamodb-simulator graphql@15
    HABITR_SIMULATOR=$PWD python -m benchmarks simulator      # from the checkout

(``graphql`` by name, since npm else installs it twice, and the simulator's two halves refuse each other's schema.)
Both serve Habitr's SDL and its vote's own pipeline. Ours runs the whole pipelines that Amplify generates and
checks tokens' signatures; the simulator has plain unit resolvers and trusts any token. Both keep tables in memory.
The simulator's processor time is Node's and Java's.
"""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import dynamodb
from benchmarks.load import SERVERS, Connection, Figure, Request, run
from benchmarks.scenarios import CONCURRENCY, CREATE, VOTE, Row, graphql, voters
from benchmarks.simulator_api import TABLES, api
from benchmarks.target import ROOT, emulator, free_port

GET = "query G($id: ID!) { getHabit(id: $id) { id tagline category owner ups } }"
LIST = "{ listHabits(limit: 20) { items { id tagline category owner ups } } }"
AIM = "10 times the simulator"
SIMULATOR, DYNAMODB = "@aws-amplify/amplify-appsync-simulator", "amplify-dynamodb-simulator"
WARM_UP, COUNT = 500, 1000
#: Many voters of few votes: the vote walks through what its voter voted for before.
VOTERS = 64
#: Habits voted on: to warm up, and measured.
WARM_VOTED, VOTED = 4, 8


@dataclass(frozen=True)
class Side:
    """One of the two: its URL, the API key, and a token of each voter."""

    url: str
    key: str
    tokens: list[str]

    def by_key(self, query: str, variables: dict[str, Any] | None = None) -> Request:
        return graphql(query, variables, {"x-api-key": self.key})

    async def answer(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        return await self.sent(self.by_key(query, variables))

    async def sent(self, request: Request) -> Any:
        """The data of the answer; raises RuntimeError if anything went wrong."""
        connection = await Connection.open(self.url)
        status, body = await connection.request(*request)
        connection.close()
        answer = json.loads(body)
        if status != 200 or answer.get("errors") or None in (answer.get("data") or {"": None}).values():
            raise RuntimeError(f"{self.url}: {status}: {body[:500]!r}")
        return answer["data"]


def lacking(folder: Path) -> str | None:
    """What the machine lacks for this group, as the end of a sentence."""
    if not all((folder / "node_modules" / name).is_dir() for name in (SIMULATOR, DYNAMODB)):
        return "HABITR_SIMULATOR does not name the folder of an npm install with the simulator and DynamoDB Local"
    return next((f"there is no {name}" for name in ("node", "java") if not shutil.which(name)), None)


def measure() -> list[Row]:
    """The rows of the group ``simulator``; none, and a sentence, where it cannot run."""
    folder = Path(os.environ.get("HABITR_SIMULATOR") or os.devnull)
    why = lacking(folder)
    if why:
        print(f"The group simulator is skipped: {why}.")
        return []
    jar = folder / "node_modules" / DYNAMODB / "emulator"
    with emulator() as target, dynamodb.dynamodb_local(jar) as local:
        key, tokens = target.config["graphql_api_key"], asyncio.run(voters(target, VOTERS))
        asyncio.run(create_tables(local))
        with simulator(folder, local, key) as url:
            ours = Side(target.config["endpoint"], key, tokens)
            theirs = Side(url, key, [of_cognito(token) for token in tokens])
            return asyncio.run(compared(ours, theirs))


@contextlib.contextmanager
def simulator(folder: Path, local: dynamodb.Server, key: str) -> Iterator[str]:
    """Amplify's AppSync simulator, on the loopback interface; its URL."""
    port = free_port()
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "api.json"
        file.write_text(json.dumps(api(local.endpoint, key)))
        script = str(ROOT / "benchmarks/simulator.cjs")
        command = ["node", "--no-warnings", script, str(folder.resolve()), str(file), str(port)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        try:
            if process.stdout.readline() != b"listening\n":
                raise RuntimeError("the simulator ended before it listened")
            url = f"http://127.0.0.1:{port}"
            SERVERS[url] = (process.pid, *SERVERS[local.endpoint])
            yield url
        finally:
            process.terminate()
            process.wait(10)
            process.stdout.close()


async def create_tables(server: dynamodb.Server) -> None:
    """Habitr's two tables with bare keys: none of the measured fields reads an index."""
    connection = await Connection.open(server.endpoint)
    for table, key in TABLES.items():
        members = {
            "TableName": table,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
        }
        await dynamodb.answer(connection, server.request("CreateTable", members))
    connection.close()


def of_cognito(token: str) -> str:
    """Our token with an issuer by which the simulator, which checks no signature, knows a user pool."""
    head, claims, signature = token.split(".")
    found = json.loads(base64.urlsafe_b64decode(claims + "=="))
    found["iss"] = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_simulator"
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(found).encode()).decode().rstrip('=')}.{signature}"


async def compared(ours: Side, theirs: Side) -> list[Row]:
    """Case by case; ours before and after theirs, since other work on the machine comes and goes."""
    cases = {
        "createHabit": creating,
        "getHabit": getting,
        "listHabits of 20": listing,
        "vote, a pipeline of 3 functions": voting,
    }
    rows = []
    for name, work in cases.items():
        before, other, after = await work(ours), await work(theirs), await work(ours)
        rows += shown(name, both(before, after), other)
    return rows


def both(one: Figure, two: Figure) -> Figure:
    """Two measurements of the same as one; the worse latencies."""
    each = None if one.worked is None or two.worked is None else (one.worked + two.worked) / 2
    rate = 2 / (1 / one.per_second + 1 / two.per_second)
    return Figure(rate, max(one.p50, two.p50), max(one.p99, two.p99), one.seconds + two.seconds, each)


def shown(name: str, ours: Figure, theirs: Figure) -> list[Row]:
    ratio = ours.per_second / theirs.per_second
    share = theirs.worked / ours.worked if theirs.worked and ours.worked else None
    return [
        Row(f"simulator: {name}", theirs.per_second, "/s", None, "", theirs.p50, theirs.p99, theirs.worked),
        Row(f"ours: {name}", ours.per_second, "/s", ratio, AIM, ours.p50, ours.p99, ours.worked, share),
    ]


async def warm(side: Side, requests: list[Request]) -> Figure:
    """The figure, once an answer proved whole and both languages' compilers had their time."""
    await side.sent(requests[0])
    await run(side.url, requests, WARM_UP, CONCURRENCY)
    return await run(side.url, requests, COUNT, CONCURRENCY)


def habit(number: int) -> dict[str, Any]:
    return {"i": {"tagline": f"walk {number}", "category": "Health", "details": "daily", "ups": 0, "downs": 0}}


async def creating(side: Side) -> Figure:
    return await warm(side, [side.by_key(CREATE, habit(number)) for number in range(64)])


async def listed(side: Side) -> list[str]:
    items = (await side.answer(LIST))["listHabits"]["items"]
    if len(items) != 20:
        raise RuntimeError(f"{side.url}: 20 habits asked for, {len(items)} listed")
    return [item["id"] for item in items]


async def getting(side: Side) -> Figure:
    return await warm(side, [side.by_key(GET, {"id": each}) for each in await listed(side)])


async def listing(side: Side) -> Figure:
    await listed(side)
    return await warm(side, [side.by_key(LIST)])


async def voting(side: Side) -> Figure:
    """Every voter votes once on each of some new habits; the totals must be exact on either side."""
    made = [
        (await side.answer(CREATE, habit(number)))["createHabit"]["id"] for number in range(WARM_VOTED + VOTED)
    ]
    requests = [graphql(VOTE, {"h": each}, {"authorization": token}) for each in made for token in side.tokens]
    first = WARM_VOTED * len(side.tokens)
    await run(side.url, requests[:first], first, CONCURRENCY)
    figure = await run(side.url, requests[first:], len(requests) - first, CONCURRENCY)
    for each in made:
        ups = (await side.answer(GET, {"id": each}))["getHabit"]["ups"]
        if ups != len(side.tokens):
            raise RuntimeError(f"{side.url}: {len(side.tokens)} votes, {ups} counted")
    return figure
