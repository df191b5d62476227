"""up: start the emulator and serve until it is told to stop."""

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from habitr_emulator.cli._settings import flags, settings_of
from habitr_emulator.state.claim import ENDPOINT_FILE

if TYPE_CHECKING:
    from habitr_emulator.emulator import Emulator


@click.command(epilog="Example: habitr-emulator up --memory --port 4566")
@flags
@click.option("--detach", is_flag=True, help="Go on in the background; end it with: habitr-emulator down")
def command(detach: bool, **given: Any) -> None:
    """Start the emulator; without --project it runs Habitr."""
    settings = settings_of(given)
    if detach:
        from habitr_emulator.cli._detach import detached

        raise SystemExit(detached(sys.argv[1:], settings))
    from habitr_emulator.cli._run import run

    code = run(settings, _serve)
    if code == 0 and settings.memory:
        from habitr_emulator.cli._detach import forget_log

        forget_log()
    raise SystemExit(code)


async def _serve(emulator: "Emulator") -> int:
    from habitr_emulator.cli._watch import watching

    with _noted(emulator):
        for line in _greeting(emulator):
            click.echo(line)
        click.echo("Ready.")
        async with watching(emulator):
            await emulator.stopping.wait()
    return 0


@contextmanager
def _noted(emulator: "Emulator") -> Iterator[None]:
    """Note the endpoint in the data folder, so that other verbs find this emulator from there."""
    if emulator.settings.memory:
        yield
        return
    note = Path(emulator.store.folder) / ENDPOINT_FILE
    note.write_text(emulator.endpoint + "\n")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def _hints(emulator: "Emulator") -> list[str]:
    if emulator.settings.project is None and Path("amplify").is_dir():
        return ["Habitr runs, not the project of this folder, which holds amplify/: for that, --project ."]
    return []


def _greeting(emulator: "Emulator") -> list[str]:
    config = emulator.config()
    shown = [
        ("project", config["project"]),
        ("endpoint", config["endpoint"]),
        ("GraphQL", config.get("graphql_url")),
        ("REST", config.get("rest_url")),
        ("user pool", config.get("user_pool_id")),
        ("app client", config.get("app_client_id")),
        ("identity pool", config.get("identity_pool_id")),
        ("API key", config.get("graphql_api_key")),
        ("bucket", config.get("bucket")),
        ("administrator", f"{config['access_key_id']} / {config['secret_access_key']}"),
    ]
    lines = [f"  {name:<14} {value}" for name, value in shown if value]
    if emulator.settings.host not in ("localhost", "127.0.0.1", "::1"):
        lines.append(f"  warning: everybody who reaches {emulator.settings.host} can use this emulator")
    where = "memory" if emulator.settings.memory else str(emulator.store.folder)
    program = (
        f"{sys.executable} -m habitr_emulator" if sys.argv[0].endswith("__main__.py") else shlex.quote(sys.argv[0])
    )
    status = f"{program} status --endpoint {config['endpoint']} -o env"
    lines += [f"  {'note':<14} {note}" for note in [*_hints(emulator), *emulator.notes]]
    stop = f"{program} down --endpoint {config['endpoint']}" if "HABITR_DETACHED" in os.environ else "Ctrl-C"
    lines += [f"  {'state':<14} {where}", f'  {"connect":<14} eval "$({status})"', f"  {'stop':<14} {stop}"]
    return ["habitr-emulator " + config["version"], *lines]
