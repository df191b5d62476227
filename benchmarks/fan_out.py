"""Events to many subscribers, against a bare aiohttp server that sends one text to as many sockets."""

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable
from typing import cast
from urllib.parse import urlsplit

from benchmarks.load import Connection
from benchmarks.scenarios import CREATE, Row, graphql
from benchmarks.target import Target

SUBSCRIPTION = "subscription { onCreateHabit { id tagline category owner ups downs createdAt } }"
SUBSCRIBERS = (100, 1000)


class Subscriber(asyncio.Protocol):
    """The client of one WebSocket, no more than is needed to count its frames; ``counted`` is told of each."""

    def __init__(self, upgrade: bytes, counted: Callable[[int], None]) -> None:
        self._upgrade, self._counted = upgrade, counted
        self._received = bytearray()
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._upgrade)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._upgraded:
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                return
            assert self._received.startswith(b"HTTP/1.1 101"), bytes(self._received)
            self._upgraded = True
            del self._received[: end + 4]
        self._counted(self._frames())

    def _frames(self) -> int:
        count, at, held = 0, 0, self._received
        while len(held) >= at + 2:
            length, start = held[at + 1] & 127, at + 2
            if length == 126:
                length, start = int.from_bytes(held[at + 2 : at + 4], "big"), at + 4
            if len(held) < start + length:
                break
            count, at = count + 1, start + length
        del held[:at]
        return count

    def send(self, message: object) -> None:
        """Send a text frame, masked with zeros."""
        body = json.dumps(message).encode()
        size = bytes([0x80 | len(body)]) if len(body) < 126 else b"\xfe" + len(body).to_bytes(2, "big")
        self.transport.write(b"\x81" + size + bytes(4) + body)


class Audience:
    """Subscribers that count together."""

    def __init__(self) -> None:
        self.subscribers: list[Subscriber] = []
        self._count, self._wanted = 0, 0
        self._reached = asyncio.Event()

    async def connect(self, url: str, path: str, count: int, more: str = "") -> None:
        """Open ``count`` WebSockets."""
        parts = urlsplit(url)
        upgrade = (
            f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\n{more}\r\n"
        ).encode()
        loop = asyncio.get_running_loop()
        for _ in range(count):
            _, made = await loop.create_connection(
                lambda: Subscriber(upgrade, self._add), "127.0.0.1", parts.port or 0
            )
            self.subscribers.append(made)

    def _add(self, count: int) -> None:
        self._count += count
        if self._count >= self._wanted:
            self._reached.set()

    async def hear(self, each: int, work: Callable[[], Awaitable[object]]) -> None:
        """Do ``work`` and wait until every subscriber has got ``each`` frames more."""
        self._wanted, self._count = each * len(self.subscribers), 0
        self._reached.clear()
        await work()
        async with asyncio.timeout(60):
            await self._reached.wait()

    def close(self) -> None:
        for each in self.subscribers:
            each.transport.close()


async def fan_out(target: Target, echo: str) -> list[Row]:
    """Messages a second to 100 and to 1,000 subscribers of one mutation, all of them waited for."""
    rows = []
    for count in SUBSCRIBERS:
        rounds = 6_000 // count
        raw = await _broadcast(echo, count, rounds)
        figure = await _publish(target, count, rounds)
        rows.append(Row(f"fan-out to {count} subscribers", figure, "/s", figure / raw, "0.5"))
    return rows


async def _publish(target: Target, count: int, rounds: int) -> float:
    config, audience = target.config, Audience()
    host = urlsplit(config["endpoint"]).netloc
    key = {"host": host, "x-api-key": config["graphql_api_key"]}
    blob = base64.b64encode(json.dumps(key).encode()).decode()
    protocol = "Sec-WebSocket-Protocol: graphql-ws\r\n"
    await audience.connect(config["endpoint"], f"/graphql?header={blob}&payload=e30=", count, protocol)
    data = json.dumps({"query": SUBSCRIPTION, "variables": {}})
    start = {"id": "1", "type": "start", "payload": {"data": data, "extensions": {"authorization": key}}}

    async def begin() -> None:
        for each in audience.subscribers:
            each.send({"type": "connection_init"})
            each.send(start)

    await audience.hear(3, begin)  # connection_ack, ka, start_ack
    mutation = graphql(CREATE, {"i": {"tagline": "heard", "category": "Health"}}, {"x-api-key": key["x-api-key"]})
    return await _rounds(config["endpoint"], audience, rounds, mutation)


async def _broadcast(echo: str, count: int, rounds: int) -> float:
    audience = Audience()
    await audience.connect(echo, "/socket", count)
    return await _rounds(echo, audience, rounds, ("POST", "/broadcast", {}, b"x" * 300))


async def _rounds(
    url: str, audience: Audience, rounds: int, request: tuple[str, str, dict[str, str], bytes]
) -> float:
    connection = await Connection.open(url)
    await audience.hear(1, lambda: connection.request(*request))
    started = time.perf_counter()
    for _ in range(rounds):
        await audience.hear(1, lambda: connection.request(*request))
    elapsed = time.perf_counter() - started
    connection.close()
    audience.close()
    return rounds * len(audience.subscribers) / elapsed
