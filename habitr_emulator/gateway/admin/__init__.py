"""``/_habitr/<name>``: one file an endpoint, for tests and the CLI; never part of what AWS has."""

import json
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from habitr_emulator.gateway.pages import of_this_machine
from habitr_emulator.kernel.trace import RequestLog
from habitr_emulator.services.context import Account
from habitr_emulator.wire.http import Request, Response

PREFIX = "/_habitr/"
ALIASES = {"/health": "health", "/_localstack/health": "health"}


@dataclass(frozen=True)
class Control:
    """What admin endpoints may do with the emulator."""

    account: Account
    log: RequestLog
    config: Callable[[], Mapping[str, Any]]
    reset: Callable[[], Awaitable[None]]
    ca_pem: Callable[[], str]
    version: str


class BadRequest(Exception):
    """The caller's mistake, in one sentence."""


@cache
def names() -> frozenset[str]:
    """Every endpoint's file name."""
    return frozenset(module.name for module in pkgutil.iter_modules(__path__))


async def handle(request: Request, control: Control) -> Response:
    """Answer ``/_habitr/<name>[/<rest>]`` by ``<name>.py`` (dots and dashes are underscores)."""
    name, _, rest = ALIASES.get(request.raw_path, request.path.removeprefix(PREFIX)).partition("/")
    module = name.replace(".", "_").replace("-", "_")
    if module not in names():
        return json_response(
            {"message": f"there is no {PREFIX}{name}; there are: {', '.join(sorted(names()))}"}, 404
        )
    if not of_this_machine(request, control.account.endpoint):
        return json_response({"message": "admin endpoints answer pages of this machine only"}, 403)
    try:
        answer: Response = await import_module(f"{__name__}.{module}").handle(request, rest, control)
    except BadRequest as mistake:
        return json_response({"message": str(mistake)}, 400)
    return answer


def json_response(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(status, {"content-type": "application/json"}, json.dumps(body).encode())


def parameters(request: Request) -> dict[str, str]:
    """The query, later pairs winning."""
    return dict(request.query())


def number(text: str, name: str) -> float:
    """A finite number from the query; raises BadRequest."""
    try:
        value = float(text)
    except ValueError:
        raise BadRequest(f"{name} is not a number: {text}") from None
    if value != value or value in (float("inf"), float("-inf")):
        raise BadRequest(f"{name} is not a number: {text}")
    return value
