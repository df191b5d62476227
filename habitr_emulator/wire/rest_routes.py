"""Finds the operation of a REST request by its method and path, from the models' URI templates."""

import re
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

from habitr_emulator.wire.http import Request
from habitr_emulator.wire.model import Operation, Service, service


class _Route(NamedTuple):
    weight: int
    pattern: re.Pattern[str]
    labels: tuple[str, ...]
    query: tuple[str, ...]
    operation: Operation


def find(name: str, request: Request) -> tuple[Operation, dict[str, str]] | None:
    """The operation of service ``name`` that a request means, and its decoded path labels."""
    path = request.raw_path
    if len(path) > 1 and path.endswith("/"):
        path = path[:-1]
    asked = {key for key, _ in request.query()}
    for route in _routes(name).get(request.method, ()):
        found = route.pattern.fullmatch(path)
        if found and asked.issuperset(route.query):
            return route.operation, dict(zip(route.labels, map(unquote, found.groups()), strict=True))
    return None


@cache
def _routes(name: str) -> dict[str, list[_Route]]:
    """Routes by method; the ones with more fixed text first."""
    found: dict[str, list[_Route]] = {}
    model: Service = service(name)
    for operation in model.operations.values():
        found.setdefault(operation.http_method, []).append(_route(operation))
    for routes in found.values():
        routes.sort(key=lambda route: -route.weight)
    return found


def _route(operation: Operation) -> _Route:
    path, _, query = operation.http_uri.partition("?")
    labels, pattern, fixed = [], "", 0
    for piece in re.split(r"(\{[^}]+\})", path.rstrip("/")):
        if piece.startswith("{"):
            name = piece[1:-1]
            labels.append(name.rstrip("+"))
            pattern += "(.+)" if name.endswith("+") else "([^/]+)"
        else:
            fixed += len(piece)
            pattern += re.escape(piece)
    names = tuple(pair.partition("=")[0] for pair in query.split("&") if pair)
    return _Route(fixed + len(names), re.compile(pattern), tuple(labels), names, operation)
