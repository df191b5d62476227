"""What ``up --watch`` does beside serving: it tells of reloads, and asks before data would be lost."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from habitr_emulator.emulator import Emulator


@asynccontextmanager
async def watching(emulator: "Emulator") -> AsyncIterator[None]:
    """Reload the project whenever its files change, if ``--watch`` says so."""
    if not emulator.settings.watch:
        yield
        return
    from habitr_emulator.emulator import builtin_project
    from habitr_emulator.reload import watch

    async def ask(what: str) -> bool:
        return emulator.settings.allow_destructive_graphql_schema_updates or await _confirmed(what)

    folder = (emulator.settings.project or builtin_project()) / "amplify"
    task = asyncio.create_task(watch(emulator, folder, click.echo, ask))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _confirmed(what: str) -> bool:
    """The answer of whoever sits at the terminal; without one it is no."""
    if not sys.stdin.isatty():
        return False
    click.echo(f"{what}. Go on? [y/N] ", nl=False)
    loop = asyncio.get_running_loop()
    heard: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        line = sys.stdin.readline()
        if not heard.done():
            heard.set_result(line)

    loop.add_reader(sys.stdin, read)
    try:
        return (await heard).strip().lower() in ("y", "yes")
    finally:
        loop.remove_reader(sys.stdin)
