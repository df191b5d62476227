"""A small HTTP/1.1 load generator: keep-alive connections on plain asyncio streams, cheap for the machine."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Figure:
    """Operations a second, and latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float
    seconds: float


class Connection:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer, self._host = reader, writer, host

    @classmethod
    async def open(cls, url: str) -> "Connection":
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection("127.0.0.1", parts.port, limit=1 << 24)
        return cls(reader, writer, parts.netloc)

    async def request(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\n{lines}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        status = int(answer[9:12])
        lower = answer.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 : lower.index(b"\r\n", at)]) if at >= 0 else 0
        return status, await self._reader.readexactly(length) if length else b""

    def close(self) -> None:
        self._writer.close()


Request = tuple[str, str, dict[str, str], bytes]


async def run(
    url: str, requests: Sequence[Request] | Callable[[int], Request], count: int, connections: int
) -> Figure:
    """Send ``count`` requests over ``connections``; every answer must be a 2xx."""
    make = requests if callable(requests) else lambda number: requests[number % len(requests)]
    opened = await asyncio.gather(*(Connection.open(url) for _ in range(connections)))
    times: list[float] = []
    numbers = iter(range(count))

    async def work(connection: Connection) -> None:
        for number in numbers:
            started = time.perf_counter()
            status, body = await connection.request(*make(number))
            times.append(time.perf_counter() - started)
            if not 200 <= status < 300 or b'"errors":[' in body[:400]:
                raise RuntimeError(f"{status}: {body[:500]!r}")

    started = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in opened))
    elapsed = time.perf_counter() - started
    for connection in opened:
        connection.close()
    times.sort()
    return Figure(count / elapsed, times[len(times) // 2] * 1e3, times[int(len(times) * 0.99)] * 1e3, elapsed)
