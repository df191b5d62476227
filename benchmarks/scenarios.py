"""What is measured: each scenario gives rows of (name, figure, unit, ratio to the raw limit, aim)."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.load import Connection, Figure, Request, run
from benchmarks.people import Proof, headers, sign_in, sign_up
from benchmarks.raw import commits
from benchmarks.target import Target, emulator

CONCURRENCY = 8
CREATE = (
    "mutation C($i: CreateHabitInput!) { createHabit(input: $i) "
    "{ id tagline category details owner ups downs createdAt updatedAt } }"
)
FEED = (
    "{ listHabits(limit: 20) { items { id tagline category details owner ups downs createdAt updatedAt "
    "author { username name displayUsername avatar { key } } "
    "comments(limit: 10) { items { id comment owner createdAt by { username name } } nextToken } } nextToken } }"
)
VOTE = "mutation($h: ID!) { vote(habitId: $h, type: upvote) { habit { id ups } } }"


@dataclass(frozen=True)
class Row:
    """One line of the result. ``worked`` is the server's processor time for one operation, in microseconds, and
    ``worked_ratio`` that of the raw limit to it.
    """

    name: str
    figure: float
    unit: str
    ratio: float | None = None
    aim: str = ""
    p50: float | None = None
    p99: float | None = None
    worked: float | None = None
    worked_ratio: float | None = None


def graphql(query: str, variables: dict[str, Any] | None, authorization: dict[str, str]) -> Request:
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    return "POST", "/graphql", {"content-type": "application/json", **authorization}, body


def rated(name: str, figure: Figure, raw: Figure, aim: str) -> Row:
    ratio = figure.per_second / raw.per_second
    share = raw.worked / figure.worked if raw.worked and figure.worked else None
    return Row(name, figure.per_second, "/s", ratio, aim, figure.p50, figure.p99, figure.worked, share)


def start_up() -> list[Row]:
    """Spawn to first answered request, best and median of five; memory at rest."""
    times, memory = [], 0.0
    for _ in range(5):
        with emulator() as target:
            times.append(target.first_answer)
            time.sleep(0.5)
            memory = target.memory()
    times.sort()
    return [
        Row("start-up, spawn to first answer (median)", times[2] * 1000, "ms", None, "300 ms"),
        Row("start-up (best)", times[0] * 1000, "ms"),
        Row("memory at rest", memory, "MB", None, "60 MB"),
    ]


async def echo_limit(echo: str, body: bytes, connections: int = CONCURRENCY) -> Figure:
    return await run(echo, [("POST", "/", {"content-type": "application/json"}, body)], 4000, connections)


async def beside(
    name: str, endpoint: str, requests: list[Request], echo: str, aim: str = "", count: int = 3000
) -> Row:
    """Measured between two measurements of the echo, since other work on the machine comes and goes."""
    before = await echo_limit(echo, requests[0][3])
    figure = await run(endpoint, requests, count, CONCURRENCY)
    after = await echo_limit(echo, requests[0][3])
    raw = replace(after, per_second=(before.per_second + after.per_second) / 2)
    if before.worked and after.worked:
        raw = replace(raw, worked=min(before.worked, after.worked))
    return rated(name, figure, raw, aim)


async def habits(target: Target, echo: str, token: str) -> list[Row]:
    """createHabit, getHabit, listHabits of 20, and the nested feed, against an echo of the same body."""
    config, rows = target.config, []
    authorization = {"authorization": token}
    create = [
        graphql(CREATE, {"i": {"tagline": f"walk {n}", "category": "Health", "details": "daily"}}, authorization)
        for n in range(64)
    ]
    await run(config["endpoint"], create, 200, CONCURRENCY)
    rows.append(await beside("createHabit", config["endpoint"], create, echo, "0.25"))
    connection = await Connection.open(config["endpoint"])
    _, answer = await connection.request(
        *graphql("{ listHabits(limit: 20) { items { id } } }", None, authorization)
    )
    ids = [item["id"] for item in json.loads(answer)["data"]["listHabits"]["items"]]
    comment = 'mutation C($h: ID!) { createComment(input: { habitId: $h, comment: "well done" }) { id } }'
    for habit in ids:
        for _ in range(10):
            await connection.request(*graphql(comment, {"h": habit}, authorization))
    connection.close()
    get = [
        graphql("query G($id: ID!) { getHabit(id: $id) { id tagline owner ups } }", {"id": i}, authorization)
        for i in ids
    ]
    rows.append(await beside("getHabit", config["endpoint"], get, echo, "0.4"))
    flat = [graphql("{ listHabits(limit: 20) { items { id tagline category owner ups } } }", None, authorization)]
    rows.append(await beside("listHabits of 20", config["endpoint"], flat, echo, "0.2", 2000))
    feed = [graphql(FEED, None, authorization)]
    nested = "nested feed (20 habits, 200 comments, authors)"
    return [*rows, await beside(nested, config["endpoint"], feed, echo, count=300)]


def sign_up_request(config: dict[str, Any], name: str) -> Request:
    """SignUp of one newcomer."""
    body = {
        "ClientId": config["app_client_id"],
        "Username": name,
        "Password": "correct-Horse-9",
        "UserAttributes": [{"Name": "email", "Value": f"{name}@example.com"}],
    }
    return "POST", "/", headers("SignUp"), json.dumps(body).encode()


async def sign_ins(target: Target, echo: str, names: list[str]) -> list[Row]:
    """SignUp; USER_SRP_AUTH with the proof, two requests each; and USER_PASSWORD_AUTH."""
    config = target.config
    raw = await echo_limit(echo, b"x" * 900)
    pool = ThreadPoolExecutor(1)
    loop = asyncio.get_running_loop()
    count = 300
    proofs = [Proof(config["user_pool_id"]) for _ in range(8)]
    numbers = iter(range(count))

    async def work(connection: Connection) -> None:
        for number in numbers:
            proof, name = proofs[number % len(proofs)], names[number % len(names)]
            start = {
                "ClientId": config["app_client_id"],
                "AuthFlow": "USER_SRP_AUTH",
                "AuthParameters": {"USERNAME": name, "SRP_A": f"{proof.a:x}"},
            }
            _, body = await connection.request("POST", "/", headers("InitiateAuth"), json.dumps(start).encode())
            challenge = json.loads(body)
            responses = await loop.run_in_executor(pool, proof.answer, challenge["ChallengeParameters"])
            answer = {
                "ClientId": config["app_client_id"],
                "ChallengeName": "PASSWORD_VERIFIER",
                "ChallengeResponses": responses,
                **({"Session": challenge["Session"]} if "Session" in challenge else {}),
            }
            status, body = await connection.request(
                "POST", "/", headers("RespondToAuthChallenge"), json.dumps(answer).encode()
            )
            assert status == 200, body

    connections = [await Connection.open(config["endpoint"]) for _ in range(CONCURRENCY)]
    started = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in connections))
    per_second = count / (time.perf_counter() - started)
    for connection in connections:
        connection.close()
    body = {
        "ClientId": config["script_client_id"],
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": names[0], "PASSWORD": "correct-Horse-9"},
    }
    password = [("POST", "/", headers("InitiateAuth"), json.dumps(body).encode())]
    figure = await run(config["endpoint"], password, 500, CONCURRENCY)
    newcomers = [sign_up_request(config, f"newcomer{number}") for number in range(500)]
    signed_up = await run(config["endpoint"], newcomers, len(newcomers), CONCURRENCY)
    return [
        rated("SignUp", signed_up, raw, ""),
        Row("SRP sign-in", per_second, "/s", per_second / raw.per_second, "300/s with gmpy2"),
        rated("password sign-in", figure, raw, "0.15"),
    ]


async def votes(target: Target, echo: str, token: str, count: int = 1000) -> list[Row]:
    """``count`` users vote on one habit at the same moment; the total must be exact."""
    endpoint = target.config["endpoint"]
    key = {"x-api-key": target.config["graphql_api_key"]}
    tokens = await voters(target, count)
    connection = await Connection.open(endpoint)
    _, made = await connection.request(
        *graphql(CREATE, {"i": {"tagline": "vote on me", "category": "Health", "ups": 0, "downs": 0}}, key)
    )
    habit = json.loads(made)["data"]["createHabit"]["id"]
    started = time.perf_counter()
    opened = await asyncio.gather(*(Connection.open(endpoint) for _ in range(100)))
    mine = iter(tokens)

    async def cast_votes(each: Connection) -> None:
        for token in mine:
            _, body = await each.request(*graphql(VOTE, {"h": habit}, {"authorization": token}))
            assert b'"ups"' in body, body

    started = time.perf_counter()
    await asyncio.gather(*(cast_votes(each) for each in opened))
    elapsed = time.perf_counter() - started
    _, body = await connection.request(*graphql("query($h: ID!) { getHabit(id: $h) { ups } }", {"h": habit}, key))
    ups = json.loads(body)["data"]["getHabit"]["ups"]
    if ups != count:
        raise RuntimeError(f"{count} votes, {ups} counted")
    for each in (*opened, connection):
        each.close()
    raw = await echo_limit(echo, b"x" * 300, 100)
    return [
        Row(
            f"{count} votes at once, exact",
            elapsed * 1000,
            "ms",
            count / elapsed / raw.per_second,
            "under 1000 ms, 0.6",
        ),
        Row("the same in bare SQLite, one transaction", count / commits() * 1000, "ms"),
    ]


async def voters(target: Target, count: int) -> list[str]:
    """Access tokens of ``count`` users, made by the administrator's API."""
    import boto3

    config = target.config
    idp = boto3.client(
        "cognito-idp",
        endpoint_url=config["endpoint"],
        region_name=config["region"],
        aws_access_key_id=config["access_key_id"],
        aws_secret_access_key=config["secret_access_key"],
    )
    key = {"x-api-key": config["graphql_api_key"]}

    def make(number: int) -> str:
        name, pool = f"voter{number}", config["user_pool_id"]
        idp.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
        idp.admin_set_user_password(UserPoolId=pool, Username=name, Password="correct-Horse-9", Permanent=True)
        return sign_in(config, name)

    with ThreadPoolExecutor(4) as pool:
        tokens = list(pool.map(make, range(count)))
    create = "mutation($u: String!) { createUser(input: { username: $u }) { username } }"
    requests = [graphql(create, {"u": f"voter{n}"}, key) for n in range(count)]
    await run(config["endpoint"], requests, count, CONCURRENCY)
    return tokens


def people(target: Target, count: int = 8) -> tuple[list[str], str]:
    """A few users who signed up as people do; their names and one access token."""
    names = [f"person{n}" for n in range(count)]
    for name in names:
        sign_up(target.config, name)
    return names, sign_in(target.config, names[0])
