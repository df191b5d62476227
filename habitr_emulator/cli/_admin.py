"""Calls to a running emulator's admin endpoints, for verbs that are their twins."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlencode, urlsplit

import click

from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._config import DEFAULT_ENDPOINT
from habitr_emulator.state.claim import ENDPOINT_FILE

F = TypeVar("F", bound=Callable[..., Any])
PATIENCE = 90

endpoint_option = click.option(
    "--endpoint",
    help=f"Which emulator [$HABITR_ENDPOINT, else the one that works in .habitr here, else {DEFAULT_ENDPOINT}].",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def where(endpoint: str | None) -> str:
    """The emulator that a verb means; exits with 2 if that is no URL."""
    found = endpoint or os.environ.get("HABITR_ENDPOINT") or _running_here() or _configured() or DEFAULT_ENDPOINT
    found = found.rstrip("/")
    if not found.startswith(("http://", "https://")):
        raise click.UsageError(f"an endpoint is a URL, this is none: {found}")
    return found


def silent(asked: str, endpoint: str | None) -> NoReturn:
    """Nothing answers at ``asked``: say so, with who said that it should, and exit with 1."""
    if endpoint or not os.environ.get("HABITR_ENDPOINT"):
        fail(f"no emulator answers at {asked}; start one: habitr-emulator up", NOT_RUNNING)
    here = _running_here()
    advice = f"; one works here, at {here}" if here else ", or start one: habitr-emulator up"
    fail(
        f"no emulator answers at {asked}, where $HABITR_ENDPOINT points; unset HABITR_ENDPOINT{advice}",
        NOT_RUNNING,
    )


def _running_here() -> str:
    """The endpoint of the emulator that works in ``.habitr`` here, as it noted it there; one that was killed has
    left its note behind.
    """
    import socket

    try:
        noted = (Path(".habitr") / ENDPOINT_FILE).read_text().strip()
        socket.create_connection((urlsplit(noted).hostname or "", urlsplit(noted).port or 80), 1).close()
    except (OSError, ValueError):
        return ""
    return noted


def _configured() -> str:
    """Where ``up`` with the same variables would listen."""
    port = os.environ.get("HABITR_PORT", "")
    return f"http://localhost:{port}" if port.isdecimal() and port != "0" else ""


def call(endpoint: str | None, method: str, path: str, body: Any = None, **query: Any) -> Any:
    """The JSON of ``/_habitr/<path>``, asked with a JSON ``body``; exits with 1 if it is refused or unheard."""
    data = None if body is None else json.dumps(body).encode()
    with opened(endpoint, method, path, data, **query) as answer:
        return json.load(answer)


@contextmanager
def opened(
    endpoint: str | None,
    method: str,
    path: str,
    data: Any = None,
    *,
    headers: Mapping[str, str] | None = None,
    patience: float | None = PATIENCE,
    **query: Any,
) -> Iterator[Any]:
    """The answer of ``/_habitr/<path>`` to read from; exits with 1 if nothing answers or it refuses."""
    import urllib.error
    import urllib.request

    base = where(endpoint)
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    url = f"{base}/_habitr/{path}" + (f"?{asked}" if asked else "")
    request = urllib.request.Request(url, data, headers or {}, method=method)  # noqa: S310 - where() saw to the scheme
    try:
        answer = urllib.request.urlopen(request, timeout=patience)  # noqa: S310
    except urllib.error.HTTPError as refused:
        with refused:
            fail(_message(refused.read()), NOT_RUNNING)
    except (urllib.error.URLError, OSError):
        silent(base, endpoint)
    with answer:
        yield answer


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace")
