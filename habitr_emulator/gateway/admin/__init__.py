"""``/_habitr/<name>``: one file an endpoint, for tests and the CLI; never part of what AWS has."""

import json
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from habitr_emulator.gateway.bodies import read_body
from habitr_emulator.gateway.pages import of_this_machine
from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.trace import RequestLog
from habitr_emulator.services.context import Account
from habitr_emulator.wire.http import Request, Response

if TYPE_CHECKING:
    from habitr_emulator.state.state import State

PREFIX = "/_habitr/"
ALIASES = {"/health": "health", "/_localstack/health": "health"}
#: Endpoints that answer bit by bit, and the parameter that asks for it ("" if they always do).
STREAMED = {"export": "", "requests": "follow", "seed": "progress"}


Send = Callable[[Request], Awaitable[Response]]


async def _unavailable(request: Request) -> Response:
    return Response(503)


def _no_format(form: str, target: str, hosts: str) -> str:
    raise ValueError(f"there is no format {form}")


@dataclass(frozen=True)
class Control:
    """What admin endpoints may do with the emulator.

    ``send`` serves a request, ``ready`` tells whether the start is over, ``stop`` ends the process that runs the
    emulator, ``findings`` lists what of the project is not run, ``seeds`` the files of its seed. ``render`` makes
    a client's configuration (format, target, hosts) and raises ValueError for a word that it does not know.
    """

    account: Account
    log: RequestLog
    config: Callable[[], Mapping[str, Any]]
    reset: "Reset"
    ca_pem: Callable[[], str]
    version: str
    state: "Callable[[], State] | None" = None
    send: Send = _unavailable
    ready: Callable[[], bool] = lambda: True
    stop: Callable[[], None] = lambda: None
    findings: Callable[[], list[str]] = list
    render: Callable[[str, str, str], str] = _no_format
    seeds: Callable[[], "list[Path]"] = list


class Reset(Protocol):
    """Back to the state after the start."""

    async def __call__(self, *, empty: bool = False) -> None:
        """With the seed, or without it."""


class BadRequest(Exception):
    """The caller's mistake, in one sentence."""


@cache
def names() -> frozenset[str]:
    """Every endpoint's file name."""
    return frozenset(module.name for module in pkgutil.iter_modules(__path__))


def whole(target: str) -> bool:
    """Whether what is asked below ``/_habitr/`` is, beyond doubt, answered in one piece.

    What is percent-encoded is not looked into.
    """
    if "%" in target:
        return False
    name, _, query = target.removeprefix(PREFIX).partition("?")
    asked_by = STREAMED.get(name.partition("/")[0])
    return asked_by is None or (asked_by != "" and asked_by not in query)


async def handle(request: Request, control: Control) -> Response:
    """Answer ``/_habitr/<name>[/<rest>]`` by ``<name>.py`` (dots and dashes are underscores).

    The body is read for it, unless the module says that it streams (``STREAMS``).
    """
    name, _, rest = ALIASES.get(request.raw_path, request.path.removeprefix(PREFIX)).partition("/")
    module = name.replace(".", "_").replace("-", "_")
    if module not in names():
        return json_response(
            {"message": f"there is no {PREFIX}{name}; there are: {', '.join(sorted(names()))}"}, 404
        )
    if not of_this_machine(request, control.account.endpoint):
        return json_response({"message": "admin endpoints answer pages of this machine only"}, 403)
    endpoint = import_module(f"{__name__}.{module}")
    try:
        if not getattr(endpoint, "STREAMS", False):
            await read_body(request)
        answer: Response = await endpoint.handle(request, rest, control)
    except BadRequest as mistake:
        return json_response({"message": str(mistake)}, 400)
    except AwsError as error:
        told = {"message": error.message, "code": error.code, "why": error.why}
        return json_response({name: value for name, value in told.items() if value}, error.status)
    return answer


def want(request: Request, method: str, what: str) -> None:
    """Refuse another method; raises BadRequest."""
    if request.method != method:
        raise BadRequest(f"{what} wants {method}")


def json_body(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; raises BadRequest."""
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise BadRequest("the body is no JSON object")
    return body


def state_of(control: Control) -> "State":
    """The emulator's state as a whole."""
    assert control.state is not None
    return control.state()


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
