"""The raw limits: a bare aiohttp server that echoes and broadcasts, and SQLite commits, on the same machine in the
same run.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from aiohttp import web


async def serve() -> None:
    """A server that sends a body back, or (``/broadcast``) as a text to every WebSocket; prints its port."""
    sockets: set[web.WebSocketResponse] = set()

    async def socket(request: web.BaseRequest) -> web.WebSocketResponse:
        made = web.WebSocketResponse(compress=False)
        await made.prepare(request)
        sockets.add(made)
        async for _ in made:
            pass
        sockets.discard(made)
        return made

    async def echo(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/socket":
            return await socket(request)
        if request.path == "/broadcast":
            text = (await request.read()).decode()
            for each in tuple(sockets):
                await each.send_str(text)
        return web.Response(body=await request.read(), content_type="application/json")

    server = web.Server(echo, access_log=None)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


def commits(count: int = 2000) -> float:
    """Vote-like updates a second in one transaction on one thread (the floor of any store)."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        database.execute("CREATE TABLE habit (id TEXT PRIMARY KEY, item TEXT)")
        database.execute("INSERT INTO habit VALUES ('h', '{\"ups\": 0}')")
        started = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        for number in range(count):
            database.execute("SELECT item FROM habit WHERE id = 'h'").fetchone()
            database.execute("UPDATE habit SET item = ? WHERE id = 'h'", (f'{{"ups": {number}}}',))
        database.execute("COMMIT")
        elapsed = time.perf_counter() - started
        database.close()
    return count / elapsed


if __name__ == "__main__":
    try:
        import uvloop
    except ImportError:
        asyncio.run(serve())
    else:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve())
    sys.exit(0)
