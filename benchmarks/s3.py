"""Objects put and got in four sizes against a bare aiohttp file server in the same run, and a listing of 100,000.

Every request is signed and verified; the emulator keeps its state on disk. The CPU ratio compares the processor
time of the two servers for one request, which other work on the machine does not change.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from benchmarks.load import Connection, Figure, Request, run
from benchmarks.scenarios import Row
from benchmarks.signatures import signed
from benchmarks.target import ROOT, Target, emulator

KIB, MIB = 1024, 1024 * 1024
#: Name, bytes, how many requests, aims for put and get at one connection and at 32.
SIZES = (
    ("1 KiB", KIB, 1500, ("", "0.4")),
    ("100 KiB", 100 * KIB, 800, ("", "")),
    ("8 MiB", 8 * MIB, 32, ("put 0.8, get 1.0", "")),
)
LISTED = 100_000
BUCKET = "benchmark"
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """Throughput, and the server's processor time for one request in seconds."""

    figure: Figure
    cpu: float


def cpu(pid: int) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def peak(pid: int) -> float:
    """The most memory that a process has had, in MB."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


async def measured(pid: int, url: str, requests: Sequence[Request], count: int, connections: int) -> Measured:
    before = cpu(pid)
    figure = await run(url, requests, count, connections)
    return Measured(figure, (cpu(pid) - before) / count)


@contextlib.contextmanager
def files() -> Iterator[tuple[int, str]]:
    """The bare file server: process id and URL."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.files"], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    try:
        yield process.pid, f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait(10)


def measure() -> list[Row]:
    """All of it."""
    with tempfile.TemporaryDirectory() as folder, emulator("--data-dir", folder) as target, files() as raw:
        return asyncio.run(_measure(target, raw))


async def _measure(target: Target, raw: tuple[int, str]) -> list[Row]:
    connection = await Connection.open(target.config["endpoint"])
    status, said = await connection.request(*signed(target.config, "s3", "PUT", f"/{BUCKET}", b""))
    assert status == 200, said
    connection.close()
    rows = []
    for size in SIZES:
        rows += await _size(target, raw, size)
    rows += await _large(target)
    return [*rows, *await _listing(target)]


async def _size(target: Target, raw: tuple[int, str], size: tuple[str, int, int, tuple[str, str]]) -> list[Row]:
    name, length, count, aims = size
    body, rows = os.urandom(length), []
    names = [f"{name.replace(' ', '')}-{number}" for number in range(min(count, 64))]
    for verb in ("PUT", "GET"):
        ours = [signed(target.config, "s3", verb, f"/{BUCKET}/{n}", body if verb == "PUT" else b"") for n in names]
        theirs: list[Request] = [(verb, f"/{n}", {}, body if verb == "PUT" else b"") for n in names]
        for connections, aim in zip((1, 32), aims, strict=True):
            total = max(connections, count if connections > 1 else count // 4)
            bare = await measured(*raw, theirs, total, connections)
            mine = await measured(target.pid, target.config["endpoint"], ours, total, connections)
            rows.append(_row(f"{verb.lower()} {name} at {connections}", mine, bare, aim))
    return rows


def _row(name: str, mine: Measured, bare: Measured, aim: str) -> Row:
    ratio = mine.figure.per_second / bare.figure.per_second
    work = bare.cpu / mine.cpu if mine.cpu else 0.0
    return Row(
        f"{name} (CPU {work:.2f})", mine.figure.per_second, "/s", ratio, aim, mine.figure.p50, mine.figure.p99
    )


async def _large(target: Target) -> list[Row]:
    """One object of 1 GiB, sent and fetched piece by piece; the emulator's peak of memory."""
    piece, pieces = os.urandom(MIB), 1024
    before = peak(target.pid)
    sent = await _send(target, _unsigned(target, f"/{BUCKET}/large", piece), pieces)
    got = await _fetch(target, signed(target.config, "s3", "GET", f"/{BUCKET}/large", b""), pieces * MIB)
    return [
        Row("put 1 GiB", 1024 / sent, "MB/s"),
        Row("get 1 GiB", 1024 / got, "MB/s"),
        Row("peak memory with 1 GiB in and out", peak(target.pid), "MB", peak(target.pid) / before),
    ]


def _unsigned(target: Target, path: str, piece: bytes) -> Request:
    """A signed PUT whose signature says nothing of the body, as SDKs send large ones over TLS."""

    class Unsigned(S3SigV4Auth):  # type: ignore[misc]
        def payload(self, request: AWSRequest) -> str:
            return "UNSIGNED-PAYLOAD"

    request = AWSRequest("PUT", target.config["endpoint"] + path)
    keys = Credentials(target.config["access_key_id"], target.config["secret_access_key"])
    Unsigned(keys, "s3", target.config["region"]).add_auth(request)
    return "PUT", path, dict(request.headers.items()), piece


async def _send(target: Target, request: Request, pieces: int) -> float:
    method, path, headers, piece = request
    reader, writer = await asyncio.open_connection("127.0.0.1", int(target.config["endpoint"].rpartition(":")[2]))
    lines = {
        "Host": target.config["endpoint"].rpartition("/")[2],
        **headers,
        "Content-Length": len(piece) * pieces,
    }
    started = time.perf_counter()
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode())
    for _ in range(pieces):
        writer.write(piece)
        await writer.drain()
    assert b" 200 " in await reader.readline()
    writer.close()
    return time.perf_counter() - started


async def _fetch(target: Target, request: Request, length: int) -> float:
    method, path, headers, _ = request
    reader, writer = await asyncio.open_connection("127.0.0.1", int(target.config["endpoint"].rpartition(":")[2]))
    lines = {"Host": target.config["endpoint"].rpartition("/")[2], **headers}
    started = time.perf_counter()
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    got = 0
    while got < length and (piece := await reader.read(MIB)):
        got += len(piece)
    assert got == length
    writer.close()
    return time.perf_counter() - started


async def _listing(target: Target) -> list[Row]:
    """All pages of 100,000 keys, and one page of the prefixes below which they are."""
    puts = [
        signed(target.config, "s3", "PUT", f"/{BUCKET}/list/{number % 1000:03}/{number}", b"")
        for number in range(LISTED)
    ]
    await run(target.config["endpoint"], puts, LISTED, 32)
    connection = await Connection.open(target.config["endpoint"])
    started, pages, token = time.perf_counter(), 0, ""
    while True:
        path = f"/{BUCKET}?list-type=2&prefix=list%2F" + (f"&continuation-token={token}" if token else "")
        _, body = await connection.request(*signed(target.config, "s3", "GET", path, b""))
        assert b"<ListBucketResult" in body, body[:300]
        pages += 1
        found = body.partition(b"<NextContinuationToken>")[2].partition(b"<")[0]
        if not found:
            break
        token = found.decode().replace("=", "%3D")
    elapsed = time.perf_counter() - started
    path = f"/{BUCKET}?list-type=2&prefix=list%2F&delimiter=%2F"
    rolled = time.perf_counter()
    _, body = await connection.request(*signed(target.config, "s3", "GET", path, b""))
    assert body.count(b"<CommonPrefixes>") == 1000
    connection.close()
    return [
        Row(f"list {LISTED:,} keys, {pages} pages", elapsed * 1000, "ms", None, "", elapsed / pages * 1000),
        Row("one page of 1,000 prefixes", (time.perf_counter() - rolled) * 1000, "ms"),
        Row("memory after it", target.memory(), "MB"),
    ]
