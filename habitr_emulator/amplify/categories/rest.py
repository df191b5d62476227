"""REST APIs of the api category: ``cli-inputs.json`` -> routes, and who may call them.

https://docs.amplify.aws/gen1/javascript/build-a-backend/restapi/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.amplify.files import read_json
from habitr_emulator.amplify.place import Place
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.apigateway.spec import RestApi, Route

_METHODS = {"create": ("POST",), "read": ("GET",), "update": ("PUT", "PATCH"), "delete": ("DELETE",)}
Policies = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Rest:
    """An API; the policies of signed-in users, guests and groups."""

    api: RestApi
    authenticated: Policies
    guests: Policies
    groups: Mapping[str, Policies] = field(default_factory=dict)


def read(place: Place, resource: str) -> Rest:
    """Read the paths of a REST API. Raises ProjectError."""
    folder = place.folder / "api" / resource
    inputs = read_json(folder / "cli-inputs.json") or read_json(folder / "api-params.json")
    if inputs is None or "paths" not in inputs:
        raise ProjectError("cli-inputs.json with paths is missing", file=str(folder))
    paths = dict(_paths(inputs["paths"]))
    api_id = place.rest_api_id(resource)
    routes = tuple(route for path, given in paths.items() for route in _routes(place, path, given))
    members: list[str] = []
    guests: list[str] = []
    groups: dict[str, list[str]] = {}
    for path, given in paths.items():
        permissions = given.get("permissions") or {}
        members += _arns(place, api_id, path, permissions.get("auth"))
        guests += _arns(place, api_id, path, permissions.get("guest"))
        for group, crud in (permissions.get("groups") or {}).items():
            groups.setdefault(group, []).extend(_arns(place, api_id, path, crud))
    return Rest(
        RestApi(api_id, resource, place.environment, routes),
        _policy(resource, members),
        _policy(resource, guests),
        {group: _policy(resource, arns) for group, arns in groups.items()},
    )


def _paths(given: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """``cli-inputs.json`` has a map, the older ``api-params.json`` a list."""
    if isinstance(given, Mapping):
        yield from given.items()
    else:
        for item in given:
            yield item["name"], item


def _routes(place: Place, path: str, given: Mapping[str, Any]) -> Iterator[Route]:
    name = f"{given['lambdaFunction']}-{place.environment}"
    setting = (given.get("permissions") or {}).get("setting", "open")
    authorization = "NONE" if setting == "open" else "AWS_IAM"
    for found in (path, f"{path.rstrip('/')}/{{proxy+}}"):
        yield Route(found, name, "ANY", authorization)


def _arns(place: Place, api_id: str, path: str, crud: Any) -> list[str]:
    wanted = [verb.strip("/") for verb in crud or []]
    methods = [method for verb in wanted for method in _METHODS.get(verb, (verb,))]
    stem = place.arn("execute-api", f"{api_id}/{place.environment}")
    plain = "/".join("*" if part.startswith("{") else part for part in path.split("/"))
    return [f"{stem}/{method}{tail}" for method in methods for tail in (plain, f"{plain}/*")]


def _policy(resource: str, arns: list[str]) -> Policies:
    if not arns:
        return {}
    statement = {"Effect": "Allow", "Action": ["execute-api:Invoke"], "Resource": arns}
    return {f"api_{resource}": {"Version": "2012-10-17", "Statement": [statement]}}
