"""The raw limit of an object store: a bare aiohttp server that writes bodies to files and sends files."""

import asyncio
import sys
import tempfile
from pathlib import Path

from aiohttp import web


async def serve(folder: Path) -> None:
    """PUT /name writes a file aside and renames it, GET /name sends it; prints its port."""

    async def put(request: web.Request) -> web.Response:
        path = folder / request.match_info["name"]
        with path.with_suffix(".partial").open("wb", buffering=0) as file:
            async for piece in request.content.iter_any():
                file.write(piece)
        path.with_suffix(".partial").replace(path)
        return web.Response()

    async def get(request: web.Request) -> web.FileResponse:
        return web.FileResponse(folder / request.match_info["name"])

    app = web.Application(client_max_size=0)
    app.router.add_put("/{name}", put)
    app.router.add_get("/{name}", get)
    runner = web.AppRunner(app, access_log=None, read_bufsize=262_144)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        try:
            import uvloop
        except ImportError:
            asyncio.run(serve(Path(made)))
        else:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
                loop.run(serve(Path(made)))
    sys.exit(0)
