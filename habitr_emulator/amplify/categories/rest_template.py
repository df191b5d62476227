"""REST APIs that only a CloudFormation template describes: its OpenAPI body, or resources and methods.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from habitr_emulator.amplify.categories import role
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import items, mapping, text, texts
from habitr_emulator.amplify.stack import Stack
from habitr_emulator.services.apigateway.spec import RestApi, Route

_API, _RESOURCE, _METHOD = "AWS::ApiGateway::RestApi", "AWS::ApiGateway::Resource", "AWS::ApiGateway::Method"
_KEY = "AWS::ApiGateway::ApiKey"
_FUNCTION = re.compile(r":function:([^/:]+)(?:[:/]|$)")
_VERBS = ("get", "put", "post", "delete", "patch", "head", "options", "x-amazon-apigateway-any-method")


def read(reading: Reading, resource: Resource) -> RestApi | None:
    """The API of a template, its policies granted; None without a template with routes. Raises ProjectError."""
    stack = Stack.find(reading, resource, reading.parameters(resource))
    found = next(stack.template.resources(_API), None) if stack else None
    if stack is None or found is None:
        return None
    given, reader = found[2], _Routes(reading, resource)
    body = mapping(given.get("Body"))
    routes = tuple(reader.of_body(body) if body else reader.of_resources(stack))
    if not routes:
        return None
    tuple(role.of_stack(reading, stack))
    place = reading.place
    kinds = texts(given.get("BinaryMediaTypes")) or texts(body.get("x-amazon-apigateway-binary-media-types"))
    api_id = place.rest_api_id(resource.name)
    keys = [
        text(given.get("Value")) or place.client_id(resource.name, f"key-{name}")
        for name, _, given in stack.template.resources(_KEY)
    ]
    return RestApi(api_id, resource.name, place.environment, routes, tuple(kinds), tuple(keys))


class _Routes:
    """Makes routes of one API's methods; other integrations than Lambda's are noted."""

    def __init__(self, reading: Reading, resource: Resource) -> None:
        self._reading, self._resource = reading, resource

    def of_body(self, body: Mapping[str, Any]) -> Iterator[Route]:
        """The operations of an OpenAPI document."""
        schemes = mapping(body.get("securityDefinitions")) or mapping(
            mapping(body.get("components")).get("securitySchemes")
        )
        kinds = {name: mapping(scheme) for name, scheme in schemes.items()}
        for path, operations in mapping(body.get("paths")).items():
            for verb, operation in mapping(operations).items():
                if verb.lower() in _VERBS and isinstance(operation, dict):
                    method = "ANY" if verb.startswith("x-") else verb.upper()
                    integration = mapping(operation.get("x-amazon-apigateway-integration"))
                    security = [mapping(each) for each in items(operation.get("security") or body.get("security"))]
                    yield from self._route((path, method), integration, _authorization(security, kinds))

    def of_resources(self, stack: Stack) -> Iterator[Route]:
        """The methods of ``AWS::ApiGateway::Resource`` trees."""
        raw = mapping(stack.template.body.get("Resources"))
        paths = {name: _path_of(stack, raw, name) for name in raw}
        for logical_id, _, given in stack.template.resources(_METHOD):
            parent = mapping(mapping(mapping(raw.get(logical_id)).get("Properties")).get("ResourceId"))
            path = paths.get(text(parent.get("Ref")), "/")
            kind = text(given.get("AuthorizationType"), "NONE")
            needs_key = given.get("ApiKeyRequired") in (True, "true")
            secured = (kind, tuple(texts(given.get("AuthorizationScopes"))), needs_key)
            yield from self._route(
                (path, text(given.get("HttpMethod"))), mapping(given.get("Integration")), secured
            )

    def _route(
        self, where: tuple[str, str], integration: Mapping[str, Any], secured: tuple[str, tuple[str, ...], bool]
    ) -> Iterator[Route]:
        given = {name.lower(): value for name, value in integration.items()}
        kind, function = text(given.get("type")).upper(), _FUNCTION.search(text(given.get("uri")))
        if kind == "MOCK" and where[1] == "OPTIONS":
            return
        if kind != "AWS_PROXY" or function is None:
            note = f"{where[1]} {where[0]} is not run: its integration is no Lambda proxy"
            self._reading.notes.add(str(self._resource), note)
            return
        authorization, scopes, needs_key = secured
        if authorization not in ("NONE", "AWS_IAM", "COGNITO_USER_POOLS"):
            note = f"{where[1]} {where[0]} is not run: authorization {authorization}"
            self._reading.notes.add(str(self._resource), note)
            return
        pool = next((self._reading.output(f"auth{each.name}UserPoolId") for each in
                     self._reading.of("auth", "Cognito")), None)  # fmt: skip
        yield Route(where[0], function[1], where[1], authorization, text(pool) or None, scopes, needs_key)


def _authorization(security: list[dict[str, Any]], kinds: Mapping[str, dict[str, Any]]) -> tuple[Any, ...]:
    """(authorization, scopes, whether a key is needed) of an operation's ``security``."""
    authorization, needs_key = "NONE", False
    scopes: tuple[str, ...] = ()
    for name, wanted in ((name, wanted) for each in security for name, wanted in each.items()):
        kind = text(mapping(kinds.get(name)).get("x-amazon-apigateway-authtype"))
        if kind == "awsSigv4":
            authorization = "AWS_IAM"
        elif kind == "cognito_user_pools":
            authorization, scopes = "COGNITO_USER_POOLS", tuple(texts(wanted))
        elif kind:
            authorization = "CUSTOM"
        else:
            needs_key = needs_key or mapping(kinds.get(name)).get("name") == "x-api-key"
    return authorization, scopes, needs_key


def _path_of(stack: Stack, raw: Mapping[str, Any], logical_id: str, deep: int = 0) -> str:
    given = mapping(mapping(raw.get(logical_id)).get("Properties"))
    if mapping(raw.get(logical_id)).get("Type") != _RESOURCE or deep > 50:
        return ""
    parent = text(mapping(given.get("ParentId")).get("Ref"))
    return f"{_path_of(stack, raw, parent, deep + 1)}/{text(stack.template.resolve(given.get('PathPart')))}"
