"""up: start the emulator and serve until it is told to stop."""

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from habitr_emulator.cli._settings import flags, settings_of

if TYPE_CHECKING:
    from habitr_emulator.emulator import Emulator


@click.command(epilog="Example: habitr-emulator up --memory --port 4566")
@flags
def command(**given: Any) -> None:
    """Start the emulator; without --project it runs Habitr."""
    from habitr_emulator.cli._run import run

    raise SystemExit(run(settings_of(given), _serve))


async def _serve(emulator: "Emulator") -> int:
    from habitr_emulator.cli._run import until_signalled

    for line in _greeting(emulator):
        click.echo(line)
    click.echo("Ready.")
    await until_signalled()
    return 0


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
    lines += [f"  {'note':<14} {note}" for note in emulator.notes]
    lines += [f"  {'state':<14} {where}", f'  {"connect":<14} eval "$({status})"', f"  {'stop':<14} Ctrl-C"]
    return ["habitr-emulator " + config["version"], *lines]
