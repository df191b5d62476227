"""Which REST API, stage and resource a request means.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from habitr_emulator.services.apigateway.spec import RestApi, Route
from habitr_emulator.services.context import Account
from habitr_emulator.wire.http import Request

_HOST = re.compile(r"([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?::\d+)?")
_USER_REQUEST = re.compile(r"/restapis/([^/]+)/([^/]+)/_user_request_(/.*)?")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes: ``api_id`` is "" where only the stage tells; ``path`` is raw, with its slash."""

    api_id: str
    stage: str
    path: str


@dataclass(frozen=True, slots=True)
class Match:
    """The resource that fits a path: its routes by method, and what its ``{parameters}`` stand for."""

    resource: str
    methods: dict[str, Route]
    parameters: dict[str, str]

    def route(self, method: str) -> Route | None:
        """The route of an HTTP method: its own, or ``ANY``."""
        return self.methods.get(method) or self.methods.get("ANY")


class RestApis:
    """The deployed REST APIs by id."""

    def __init__(self, account: Account) -> None:
        self._apis: dict[str, RestApi] = {}

    @property
    def stages(self) -> frozenset[str]:
        """The stages of every API: the first segment of a path that means one."""
        return frozenset(api.stage for api in self._apis.values())

    def put(self, api: RestApi) -> None:
        """Add or replace an API."""
        self._apis[api.api_id] = api

    def all(self) -> list[RestApi]:
        """Every API, in the order of deployment."""
        return list(self._apis.values())

    def find(self, address: Address) -> RestApi | None:
        """The API of an address. Without an id it is the stage's, of several the one that has the path."""
        if address.api_id:
            api = self._apis.get(address.api_id)
            return api if api is not None and api.stage == address.stage else None
        staged = [api for api in self._apis.values() if api.stage == address.stage]
        fitting = [api for api in staged if match(api, address.path)]
        return next(iter(fitting or staged), None)


def address_of(request: Request) -> Address:
    """Read ``/{stage}/…``, ``/restapis/{api}/{stage}/_user_request_/…`` and the host ``{api}.execute-api.…``."""
    local = _USER_REQUEST.fullmatch(request.raw_path)
    if local:
        return Address(local[1], unquote(local[2]), local[3] or "/")
    host = _HOST.fullmatch(request.host)
    _, stage, *rest = request.raw_path.split("/", 2)
    return Address(host[1] if host else "", unquote(stage), "/" + "".join(rest))


def match(api: RestApi, path: str) -> Match | None:
    """The resource of ``api`` for a raw path: literal segments before ``{parameters}`` before ``{proxy+}``."""
    segments = path[1:].split("/") if path != "/" else []
    best: Match | None = None
    for route in api.routes:
        pattern = route.path.strip("/").split("/") if route.path != "/" else []
        parameters = _parameters(pattern, segments)
        if parameters is None:
            continue
        if best is None or _generality(route.path) < _generality(best.resource):
            best = Match(route.path, {}, parameters)
        if route.path == best.resource:
            best.methods[route.method] = route
    return best


def _parameters(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    """What the parameters stand for, or None if the path does not fit; values are decoded (guess)."""
    found: dict[str, str] = {}
    for position, part in enumerate(pattern):
        if part.endswith("+}"):
            rest = segments[position:]
            return {**found, part[1:-2]: unquote("/".join(rest))} if any(rest) else None
        if position >= len(segments) or not segments[position]:
            return None
        if part.startswith("{"):
            found[part[1:-1]] = unquote(segments[position])
        elif part != unquote(segments[position]):
            return None
    return found if len(pattern) == len(segments) else None


def _generality(path: str) -> list[int]:
    """Sorts literal (0) before parameter (1) before greedy (2), segment by segment."""
    return [2 if part.endswith("+}") else 1 if part.startswith("{") else 0 for part in path.split("/")]
