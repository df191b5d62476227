"""A small HTTP/1.1 load generator: keep-alive connections on plain asyncio streams, cheap for the machine."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Figure:
    """Operations a second, latencies in milliseconds, and the processor time that each operation cost the server
    (``worked``, microseconds, where it is known): it hardly depends on what else the machine does.
    """

    per_second: float
    p50: float
    p99: float
    seconds: float
    worked: float | None = None


#: The process ids of servers under measurement, by their URLs.
SERVERS: dict[str, tuple[int, ...]] = {}


def worked(url: str) -> float | None:
    """Microseconds of processor time that a server has used so far, in all of its threads; only Linux tells."""
    try:
        tasks = [task for server in SERVERS[url] for task in Path(f"/proc/{server}/task").iterdir()]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1000
    except (KeyError, OSError):
        return None


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

    before, started = worked(url), time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in opened))
    elapsed, after = time.perf_counter() - started, worked(url)
    for connection in opened:
        connection.close()
    times.sort()
    p50, p99 = (times[int(len(times) * share)] * 1e3 for share in (0.5, 0.99))
    each = None if before is None or after is None else (after - before) / count
    return Figure(count / elapsed, p50, p99, elapsed, each)
