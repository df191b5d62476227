"""REST APIs of the api category: ``cli-inputs.json``, or the template, or the older ``api-params.json`` -> routes,
and who may call them. Before there was ``cli-inputs.json``, people changed the template by hand.

https://docs.amplify.aws/gen1/javascript/build-a-backend/restapi/
"""

from collections.abc import Iterator, Mapping
from typing import Any

from habitr_emulator.amplify.categories import rest_template
from habitr_emulator.amplify.files import read_json, read_object
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import items, mapping, text
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.apigateway.spec import RestApi, Route

_METHODS = {"create": ("POST",), "read": ("GET",), "update": ("PUT", "PATCH"), "delete": ("DELETE",)}
#: What the first CLIs called an access.
_LETTERS = {"r": ("GET",), "w": ("POST", "PUT", "PATCH", "DELETE"), "rw": ("*",)}
#: AdminQueries' authorizer wants an access token with this scope.
_ADMIN_SCOPE = "aws.cognito.signin.user.admin"
_COGNITO = "AMAZON_COGNITO_USER_POOLS"


def read(reading: Reading, resource: Resource) -> RestApi:
    """Read the paths of a REST API, and grant who may call them. Raises ProjectError."""
    place, folder = reading.place, reading.folder(resource)
    inputs = read_object(folder / "cli-inputs.json")
    written = None if inputs else rest_template.read(reading, resource)
    if written is not None:
        return written
    paths = dict(_paths(inputs or mapping(read_json(folder / "api-params.json"))))
    if not paths:
        raise ProjectError(
            "neither cli-inputs.json with paths nor a template with routes is there", file=str(folder)
        )
    api_id, name = place.rest_api_id(resource.name), resource.name
    if (folder / "override.ts").is_file():
        reading.notes.add(str(resource), "override.ts is not run")
    routes = tuple(route for path, given in paths.items() for route in _routes(reading, resource, path, given))
    for path, given in paths.items():
        permissions = _permissions(given)
        reading_of = {"auth": reading.grants.members, "guest": reading.grants.guests}
        for kind, grant in reading_of.items():
            grant(_policy(f"{name}{path}", _arns(reading, api_id, path, permissions.get(kind))))
        for group, crud in mapping(permissions.get("groups")).items():
            reading.grants.group(group, _policy(f"{name}{path}", _arns(reading, api_id, path, crud)))
    return RestApi(api_id, name, place.environment, routes)


def outputs(reading: Reading, resource: Resource, name: str) -> Any:
    """What other stacks learn of an API; None if it has no output of that name."""
    place = reading.place
    api_id = place.rest_api_id(resource.name)
    return {
        "ApiId": api_id,
        "ApiName": resource.name,
        "RootUrl": f"{{endpoint}}/restapis/{api_id}/{place.environment}/_user_request_",
    }.get(name)


def _paths(inputs: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """``cli-inputs.json`` has a map, the older ``api-params.json`` a list."""
    listed = inputs.get("paths")
    pairs = (
        listed.items()
        if isinstance(listed, dict)
        else ((mapping(each).get("name"), each) for each in items(listed))
    )
    for path, given in pairs:
        if isinstance(path, str) and isinstance(given, dict):
            yield "/" + path.strip("/"), given


def _permissions(given: Mapping[str, Any]) -> dict[str, Any]:
    """``permissions``, or what was ``privacy``: ``{"open": true}``, ``{"private": true, "auth": "rw"}``,
    ``{"protected": true, "auth": ["/POST"], "unauth": "r", "userPoolGroups": {...}}``.
    """
    found = mapping(given.get("permissions"))
    if found:
        return found
    older = mapping(given.get("privacy"))
    return {
        "setting": "open" if older.get("open") is True or not older else "private",
        "auth": older.get("auth"),
        "guest": older.get("unauth"),
        "groups": older.get("userPoolGroups"),
    }


def _routes(reading: Reading, resource: Resource, path: str, given: Mapping[str, Any]) -> Iterator[Route]:
    place, name = reading.place, text(given.get("lambdaFunction"))
    if not name:
        raise ProjectError(f"the path {path} names no function", file=str(reading.folder(resource)))
    arn = text(reading.output(f"function{name}Arn"))
    if not arn:
        reading.notes.add(str(resource), f"{path} answers 500: there is no function/{name}")
    function = arn.rpartition(":")[2] or f"{name}-{place.environment}"
    pool = reading.output(f"auth{_auth_name(reading)}UserPoolId")
    if text(resource.entry.get("authorizationType")) == _COGNITO and pool:
        secured: dict[str, Any] = {
            "authorization": "COGNITO_USER_POOLS", "user_pool_id": text(pool), "scopes": (_ADMIN_SCOPE,)
        }  # fmt: skip
    else:
        is_open = text(_permissions(given).get("setting"), "open") == "open"
        secured = {"authorization": "NONE" if is_open else "AWS_IAM"}
    for found in (path,) if path.endswith("+}") else (path, f"{path.rstrip('/')}/{{proxy+}}"):
        yield Route(found, function, "ANY", **secured)


def _auth_name(reading: Reading) -> str:
    return next((resource.name for resource in reading.of("auth", "Cognito")), "")


def _arns(reading: Reading, api_id: str, path: str, crud: Any) -> list[str]:
    wanted = [verb.strip("/").lower() for verb in items(crud) if isinstance(verb, str)]
    known = _METHODS | _LETTERS
    methods = dict.fromkeys(method for verb in wanted for method in known.get(verb, (verb.upper(),)))
    place = reading.place
    stem = place.arn("execute-api", f"{api_id}/{place.environment}")
    plain = "/".join("*" if part.startswith("{") else part for part in path.split("/"))
    return [f"{stem}/{method}{tail}" for method in methods for tail in (plain, f"{plain.rstrip('/')}/*")]


def _policy(name: str, arns: list[str]) -> dict[str, dict[str, Any]]:
    if not arns:
        return {}
    statement = {"Effect": "Allow", "Action": ["execute-api:Invoke"], "Resource": arns}
    safe = "".join(each if each.isalnum() else "_" for each in name)
    return {f"api_{safe}"[:128]: {"Version": "2012-10-17", "Statement": [statement]}}
