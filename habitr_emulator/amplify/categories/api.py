"""GraphQL APIs of the api category: ``backend/api/<resource>`` -> an AppSync API and its tables.

The schema is parsed when the API is first asked for (``ApiSource.api``), not when the project is read.
https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from habitr_emulator.amplify import remembered
from habitr_emulator.amplify.categories import auth_modes, custom_stack, templates
from habitr_emulator.amplify.categories.custom_stack import CustomStack
from habitr_emulator.amplify.files import read_object, read_text
from habitr_emulator.amplify.listing import Resource, depends_on
from habitr_emulator.amplify.place import Place
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import items, mapping, number, text, texts
from habitr_emulator.amplify.transform.flags import Flags
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.appsync.spec import ApiKey, AuthMode, GraphqlApi
from habitr_emulator.services.dynamodb.spec import Table

if TYPE_CHECKING:
    from habitr_emulator.amplify.transform.schema import CustomFields
    from habitr_emulator.amplify.transform.transformation import Transformation
    from habitr_emulator.amplify.transform.transformer import Transformed

_PROVIDERS = {
    "API_KEY": "apiKey",
    "AMAZON_COGNITO_USER_POOLS": "userPools",
    "AWS_IAM": "iam",
    "OPENID_CONNECT": "oidc",
    "AWS_LAMBDA": "function",
}
#: How the CLI of 2021 wrote the global rule of one environment, and how it is written since.
_SANDBOX = re.compile(r'type +AMPLIFY_GLOBAL +@allow_public_data_access_with_api_key\( *in: *"([^"]*)" *\)')
_RULE = "input AMPLIFY { globalAuthRule: AuthRule = { allow: public } }"
#: What the transformer reads.
_READ = (".graphql", ".json", ".vtl")
_CONFLICT_HANDLERS = ("AUTOMERGE", "OPTIMISTIC_CONCURRENCY")


@dataclass(frozen=True)
class ApiSource:
    """A GraphQL API as its files describe it. ``schemas`` are (file, text), ``conflict_handlers`` DataStore's by
    model, that of all others under "", ``configured`` is the version in ``transform.conf.json``.
    """

    place: Place
    resource: str
    api_id: str
    api_key: str
    modes: tuple[AuthMode, ...]
    schemas: tuple[tuple[str, str], ...]
    flags: Flags
    identity_pool_id: str = ""
    conflict_handlers: Mapping[str, str] = field(default_factory=dict)
    configured: int = 5
    environment: Mapping[str, str] = field(default_factory=dict)
    custom: CustomStack = field(default_factory=CustomStack)
    admins: tuple[str, ...] = ()

    @property
    def providers(self) -> tuple[str, ...]:
        """The auth modes as ``@auth`` names them, the default first."""
        return tuple(_PROVIDERS[mode.type] for mode in self.modes)

    @property
    def folder(self) -> Path:
        """``backend/api/<resource>``."""
        return self.place.folder / "api" / self.resource

    @property
    def fingerprint(self) -> str:
        """A digest of everything that the tables depend on, and of every file that could be refused."""
        digest = hashlib.sha256(repr((self.flags, self.modes, self.api_id, self.place.environment)).encode())
        paths = (path for path in self.folder.rglob("*") if path.is_file() and path.suffix in _READ)
        for path in sorted(paths):
            digest.update(str(path.relative_to(self.folder)).encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Type name to table; by the transformer only if it has not seen this schema. Raises ProjectError."""
        fingerprint = self.fingerprint
        known = remembered.recall(fingerprint)
        if known is None:
            _ = self.graphql_api
            known = self.transformed.tables
            remembered.remember(fingerprint, known)
        return known

    @cached_property
    def expanded(self) -> "tuple[Transformation, CustomFields]":
        """The transformed schema. Raises ProjectError as the transformer refuses."""
        from habitr_emulator.amplify.transform.transformer import expand

        whole = "\n".join(content for _, content in self.schemas)
        whole = _SANDBOX.sub(lambda found: _RULE if found[1] == self.place.environment else "", whole)
        try:
            return expand(
                whole,
                flags=self.flags,
                providers=self.providers,
                file=self.schemas[0][0],
                conflict=tuple(self.conflict_handlers),
                configured=self.configured,
                admins=bool(self.admins),
            )
        except ProjectError as error:
            raise self._in_its_file(error) from error

    def _in_its_file(self, error: ProjectError) -> ProjectError:
        """A schema may be many files: find the one that the line belongs to."""
        line = error.line
        for file, content in self.schemas:
            length = content.count("\n") + 1
            if line <= length:
                return ProjectError(error.reason, file=file, line=line, column=error.column)
            line -= length
        return error

    @cached_property
    def transformed(self) -> "Transformed":
        """Resolvers, data sources and tables. Raises ProjectError."""
        from habitr_emulator.amplify.auth.grants import IamRoles
        from habitr_emulator.amplify.transform.resources import Resources
        from habitr_emulator.amplify.transform.transformer import finish

        users = (self.place.role_name("authRole"), self.place.role_name("unauthRole"))
        iam = IamRoles(*users, self.identity_pool_id, self.admins)
        user = templates.user_templates(self.folder / "resolvers")
        resources = Resources(self.api_id, self.place.environment, iam, user, self.conflict_handlers)
        return finish(*self.expanded, resources)

    @cached_property
    def graphql_api(self) -> GraphqlApi:
        """The API with generated and custom resolvers. Raises ProjectError."""
        made, custom = self.transformed, self.custom
        keys = (ApiKey(self.api_key),) if "apiKey" in self.providers else ()
        return GraphqlApi(
            self.api_id,
            f"{self.resource}-{self.place.environment}",
            made.sdl,
            self.modes,
            keys,
            {**made.data_sources, **custom.data_sources},
            {**made.resolvers, **custom.resolvers},
            self.environment,
        )


def read(reading: Reading, resource: Resource, features: Mapping[str, Any], auth: Mapping[str, str]) -> ApiSource:
    """Read a GraphQL API. ``features`` are the transformer's flags, ``auth`` the ids of the project's user pool.

    Raises ProjectError if there is no schema.
    """
    folder = reading.folder(resource)
    schemas = _schemas(folder)
    configured: dict[str, Any] = {}
    with reading.notes.instead(str(resource), "transform.conf.json is ignored"):
        configured |= read_object(folder / "transform.conf.json")
    place = reading.place
    if (folder / "override.ts").is_file():
        reading.notes.add(str(resource), "override.ts is not run")
    return ApiSource(
        place,
        resource.name,
        place.graphql_api_id(resource.name),
        place.api_key(resource.name),
        tuple(auth_modes.read(reading, resource, auth)),
        schemas,
        Flags.read(features),
        auth.get("identity_pool_id", ""),
        _conflict_handlers(reading, resource, configured),
        number(configured.get("Version"), 5),
        custom=custom_stack.read(reading, resource),
        admins=tuple(filter(None, _admins(reading, resource))),
    )


def _admins(reading: Reading, resource: Resource) -> Iterator[str]:
    """The roles of functions with access to the API, and those that ``custom-roles.json`` names."""
    for function in reading.of("function", "Lambda"):
        needed = ((each.get("category"), each.get("resourceName")) for each in depends_on(function.entry))
        if ("api", resource.name) in needed:
            yield text(reading.output(f"function{function.name}LambdaExecutionRole"))
    given = read_object(reading.folder(resource) / "custom-roles.json")
    yield from (name.replace("${env}", reading.place.environment) for name in texts(given.get("adminRoleNames")))


def outputs(reading: Reading, resource: Resource, name: str) -> Any:
    """What other stacks learn of an API; None if it has no output of that name."""
    return {
        "GraphQLAPIIdOutput": reading.place.graphql_api_id(resource.name),
        "GraphQLAPIEndpointOutput": "{endpoint}/graphql",
        "GraphQLAPIKeyOutput": reading.place.api_key(resource.name),
    }.get(name)


def _conflict_handlers(reading: Reading, resource: Resource, configured: Mapping[str, Any]) -> dict[str, str]:
    """How conflicts are resolved in the project ("") and in models that do it otherwise: ``ResolverConfig`` of
    ``transform.conf.json``, else ``conflictResolution`` of ``cli-inputs.json``.
    """
    rules = mapping(configured.get("ResolverConfig"))
    listed = {"": mapping(rules.get("project")), **mapping(rules.get("models"))}
    handlers = {name: text(mapping(given).get("ConflictHandler")) for name, given in listed.items()}
    if not any(handlers.values()):
        inputs = mapping(read_object(reading.folder(resource) / "cli-inputs.json").get("serviceConfiguration"))
        asked = mapping(inputs.get("conflictResolution"))
        handlers = {"": text(mapping(asked.get("defaultResolutionStrategy")).get("type"))}
        for each in map(mapping, items(asked.get("perModelResolutionStrategy"))):
            strategy = mapping(each.get("resolutionStrategy"))
            handlers[text(each.get("entityName"))] = text(strategy.get("type"))
    return {name: _built(reading, resource, handler) for name, handler in handlers.items() if _wanted(handler)}


def _wanted(handler: str) -> bool:
    return handler not in ("", "NONE")


def _built(reading: Reading, resource: Resource, handler: str) -> str:
    if handler in _CONFLICT_HANDLERS:
        return handler
    instead = _CONFLICT_HANDLERS[1]
    reading.notes.add(str(resource), f"conflicts are resolved by {instead}: the handler {handler} is not built")
    return instead


def _schemas(folder: Path) -> tuple[tuple[str, str], ...]:
    single, many = folder / "schema.graphql", folder / "schema"
    files = [single] if single.is_file() else sorted(path for path in many.rglob("*.graphql") if path.is_file())
    found = tuple((str(file), read_text(file)) for file in files)
    if not any(content.strip() for _, content in found):
        raise ProjectError("neither schema.graphql nor a schema folder with types is there", file=str(folder))
    return found
