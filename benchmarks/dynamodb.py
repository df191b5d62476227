"""The DynamoDB API: single items, queries, batches, transactions and a long scan, against bare SQLite statements
in the same run, and against DynamoDB Local where ``DYNAMODB_LOCAL`` names the folder of its jar (it needs Java).
"""

import asyncio
import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.load import SERVERS, Connection, Figure, Request, run
from benchmarks.scenarios import CONCURRENCY, Row
from benchmarks.target import Target, free_port

TABLE = "benchmark"
PARTITIONS, ITEMS = 100, 10
SCANNED = 100_000
COUNT = 3000
Item = dict[str, Any]


@dataclass(frozen=True)
class Server:
    """Where DynamoDB answers, and with which keys."""

    endpoint: str
    key: str
    secret: str

    def request(self, operation: str, members: dict[str, Any]) -> Request:
        """A signed request."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        headers = {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"DynamoDB_20120810.{operation}",
        }
        body = json.dumps(members).encode()
        request = AWSRequest("POST", f"{self.endpoint}/", headers=headers, data=body)
        SigV4Auth(Credentials(self.key, self.secret), "dynamodb", "us-east-1").add_auth(request)
        return "POST", "/", {name: value for name, value in request.headers.items() if name != "Host"}, body


def key(partition: int, number: int) -> Item:
    return {"pk": {"S": f"p{partition:05}"}, "sk": {"S": f"s{number:05}"}}


def item(partition: int, number: int) -> Item:
    """About 200 bytes."""
    return {
        **key(partition, number),
        "title": {"S": "walk the dog every morning before breakfast"},
        "count": {"N": str(number)},
        "details": {"M": {"category": {"S": "Health"}, "ups": {"N": "12"}, "done": {"BOOL": False}}},
        "tags": {"L": [{"S": "outdoors"}, {"S": "daily"}]},
    }


def place(number: int) -> tuple[int, int]:
    return number % PARTITIONS, number // PARTITIONS % ITEMS


def put(server: Server, number: int) -> Request:
    return server.request("PutItem", {"TableName": TABLE, "Item": item(*place(number))})


def get(server: Server, number: int) -> Request:
    return server.request("GetItem", {"TableName": TABLE, "Key": key(*place(number))})


def updating(number: int) -> dict[str, Any]:
    return {
        "TableName": TABLE,
        "Key": key(*place(number)),
        "UpdateExpression": "SET #c = if_not_exists(#c, :zero) + :one",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": {"#c": "count"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":zero": {"N": "0"}},
    }


def update(server: Server, number: int) -> Request:
    return server.request("UpdateItem", updating(number))


def query(server: Server, number: int) -> Request:
    values = {":p": {"S": f"p{number % PARTITIONS:05}"}}
    members = {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": values, "Limit": ITEMS}
    return server.request("Query", {"TableName": TABLE, **members})


def batch(server: Server, number: int) -> Request:
    puts = [{"PutRequest": {"Item": item(PARTITIONS + number, each)}} for each in range(25)]
    return server.request("BatchWriteItem", {"RequestItems": {TABLE: puts}})


def transaction(server: Server, number: int) -> Request:
    writes = [{"Update": updating(number)}, {"Put": {"TableName": TABLE, "Item": item(*place(number + 1))}}]
    return server.request("TransactWriteItems", {"TransactItems": writes})


CASES: tuple[tuple[str, Callable[[Server, int], Request], int, str], ...] = (
    ("GetItem", get, COUNT, "one"),
    ("PutItem", put, COUNT, "write"),
    ("UpdateItem with a condition", update, COUNT, "update"),
    ("Query of 10 items", query, COUNT, "ten"),
    ("BatchWriteItem of 25", batch, COUNT // 10, "batch"),
    ("TransactWriteItems of 2", transaction, COUNT // 2, "two"),
)


async def measured(server: Server) -> dict[str, Figure]:
    """Every case on a fresh table, then a scan of 100,000 items in pages (its figure: items a second)."""
    connection = await Connection.open(server.endpoint)
    keys = [{"AttributeName": name, "KeyType": kind} for name, kind in (("pk", "HASH"), ("sk", "RANGE"))]
    members = {
        "TableName": TABLE,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": keys,
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    }
    await answer(connection, server.request("CreateTable", members))
    connection.close()
    await run(server.endpoint, [put(server, number) for number in range(PARTITIONS * ITEMS)], 1000, CONCURRENCY)
    figures = {}
    for name, make, count, _ in CASES:
        requests = [make(server, number) for number in range(min(count, 1000))]
        await run(server.endpoint, requests, count // 10, CONCURRENCY)
        figures[name] = await run(server.endpoint, requests, count, CONCURRENCY)
    batches = (SCANNED - PARTITIONS * ITEMS) // 25
    await run(server.endpoint, lambda number: batch(server, number), batches, CONCURRENCY)
    figures["Scan"] = scan(server)
    return figures


def scan(server: Server) -> Figure:
    """Page after page by one client, the standard library's: DynamoDB Local answers in chunks."""
    client = HTTPConnection(server.endpoint.removeprefix("http://"))
    seen, began = 0, time.perf_counter()
    times: list[float] = []
    start: dict[str, Any] = {}
    while True:
        method, path, headers, body = server.request("Scan", {"TableName": TABLE, **start})
        sent = time.perf_counter()
        client.request(method, path, body, headers)
        page = json.loads(client.getresponse().read())
        times.append(time.perf_counter() - sent)
        seen += page["Count"]
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    if seen != SCANNED:
        raise RuntimeError(f"{SCANNED} items, {seen} scanned")
    elapsed = time.perf_counter() - began
    client.close()
    times.sort()
    return Figure(seen / elapsed, times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3, elapsed)


async def answer(connection: Connection, request: Request) -> Any:
    status, body = await connection.request(*request)
    if status != 200:
        raise RuntimeError(f"{status}: {body[:500]!r}")
    return json.loads(body)


def bare() -> dict[str, float]:
    """The same in SQLite statements on one thread, a second: what no server could pass."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
            "CREATE TABLE item (pk TEXT, sk TEXT, item TEXT, PRIMARY KEY (pk, sk)) WITHOUT ROWID;"
        )
        try:
            return _bare(database)
        finally:
            database.close()


def _bare(database: sqlite3.Connection) -> dict[str, float]:
    one, insert = "SELECT item FROM item WHERE pk = ? AND sk = ?", "INSERT OR REPLACE INTO item VALUES (?, ?, ?)"
    rows = [(f"p{n % PARTITIONS}", f"s{n // PARTITIONS}", json.dumps(item(*place(n)))) for n in range(SCANNED)]
    database.execute("BEGIN")
    database.executemany(insert, rows)
    database.execute("COMMIT")

    def rate(work: Callable[[int], Any], count: int = COUNT) -> float:
        began = time.perf_counter()
        for number in range(count):
            work(number)
        return count / (time.perf_counter() - began)

    def commit(*statements: tuple[str, Sequence[Any]]) -> None:
        database.execute("BEGIN IMMEDIATE")
        for sql, parameters in statements:
            database.execute(sql, parameters).fetchone()
        database.execute("COMMIT")

    ten = f"SELECT item FROM item WHERE pk = ? ORDER BY sk LIMIT {ITEMS}"
    return {
        "one": rate(lambda n: database.execute(one, rows[n][:2]).fetchone()),
        "write": rate(lambda n: commit((insert, rows[n]))),
        "update": rate(lambda n: commit((one, rows[n][:2]), (insert, rows[n]))),
        "ten": rate(lambda n: database.execute(ten, rows[n][:1]).fetchall()),
        "batch": rate(lambda n: commit(*((insert, row) for row in rows[n * 25 : n * 25 + 25])), COUNT // 10),
        "two": rate(lambda n: commit((one, rows[n][:2]), (insert, rows[n]), (insert, rows[n + 1])), COUNT // 2),
        "all": SCANNED * rate(lambda _: database.execute("SELECT item FROM item ORDER BY pk, sk").fetchall(), 1),
    }


@contextlib.contextmanager
def dynamodb_local(folder: Path) -> Iterator[Server]:
    """DynamoDB Local in memory, without the telemetry that it would send to AWS since its version 1.24."""
    port = free_port()
    libraries = f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}"
    command = ["java", libraries, "-jar", "DynamoDBLocal.jar", "-inMemory", "-port", str(port)]
    environment = os.environ | {"DDB_LOCAL_TELEMETRY": "0"}
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=environment)
    try:
        wait_for(port, process)
        server = Server(f"http://127.0.0.1:{port}", "test", "test")
        SERVERS[server.endpoint] = (process.pid,)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until the port takes connections; raises RuntimeError if the process ends before."""
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return
        time.sleep(0.05)
    raise RuntimeError("DynamoDB Local ended before it answered")


def measure(target: Target) -> list[Row]:
    """The rows of the group ``dynamodb``."""
    config = target.config
    server = Server(config["endpoint"], config["access_key_id"], config["secret_access_key"])
    figures, limits = asyncio.run(measured(server)), bare()
    rows = []
    for name, limit in [*((name, limit) for name, _, _, limit in CASES), ("Scan", "all")]:
        shown = f"{name} of {SCANNED:,}: items" if name == "Scan" else name
        rows.append(_row(shown, figures[name], figures[name].per_second / limits[limit], "ratio to SQLite"))
    folder = os.environ.get("DYNAMODB_LOCAL")
    if folder:
        with dynamodb_local(Path(folder)) as other:
            for name, figure in asyncio.run(measured(other)).items():
                ratio = figures[name].per_second / figure.per_second
                rows.append(_row(f"DynamoDB Local: {name}", figure, ratio, "we are so many times faster"))
    return rows


def _row(name: str, figure: Figure, ratio: float, aim: str) -> Row:
    return Row(name, figure.per_second, "/s", ratio, aim, figure.p50, figure.p99)
