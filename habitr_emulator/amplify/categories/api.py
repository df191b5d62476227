"""GraphQL APIs of the api category: ``backend/api/<resource>`` -> an AppSync API and its tables.

The schema is parsed when the API is first asked for (``ApiSource.api``), not when the project is read.
https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from habitr_emulator.amplify import remembered
from habitr_emulator.amplify.categories import templates
from habitr_emulator.amplify.files import read_json, read_text
from habitr_emulator.amplify.place import Place
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
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
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

        text = "\n".join(text for _, text in self.schemas)
        try:
            return expand(
                text,
                flags=self.flags,
                providers=self.providers,
                file=self.schemas[0][0],
                conflict=bool(self.conflict_handlers),
                configured=self.configured,
            )
        except ProjectError as error:
            raise self._in_its_file(error) from error

    def _in_its_file(self, error: ProjectError) -> ProjectError:
        """A schema may be many files: find the one that the line belongs to."""
        line = error.line
        for file, text in self.schemas:
            length = text.count("\n") + 1
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

        iam = IamRoles(self.place.role_name("authRole"), self.place.role_name("unauthRole"), self.identity_pool_id)
        user = templates.user_templates(self.folder / "resolvers")
        resources = Resources(self.api_id, self.place.environment, iam, user, self.conflict_handlers)
        return finish(*self.expanded, resources)

    @cached_property
    def graphql_api(self) -> GraphqlApi:
        """The API with generated and custom resolvers. Raises ProjectError."""
        from habitr_emulator.amplify.categories import custom_stack

        made = self.transformed
        names = {name: table.table_name for name, table in made.tables.items()}
        custom = custom_stack.read(self.place, self.folder, self.api_id, names)
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


def read(
    place: Place, resource: str, entry: Mapping[str, Any], features: Mapping[str, Any], auth: Any
) -> ApiSource:
    """Read a GraphQL API. ``entry`` is its part of ``backend-config.json``, ``features`` the transformer's flags,
    ``auth`` the ids of the project's auth resource. Raises ProjectError.
    """
    folder = place.folder / "api" / resource
    configured = read_json(folder / "transform.conf.json") or {}
    return ApiSource(
        place,
        resource,
        place.graphql_api_id(resource),
        place.api_key(resource),
        _modes(place, folder, entry, auth),
        _schemas(folder),
        Flags.read(features),
        auth.get("identity_pool_id", ""),
        _conflict_handlers(folder, configured.get("ResolverConfig") or {}),
        int(configured.get("Version") or 5),
    )


def _conflict_handlers(folder: Path, configured: Mapping[str, Any]) -> dict[str, str]:
    """``ResolverConfig``: how conflicts are resolved in the project, and in models that do it otherwise."""
    listed = {"": configured.get("project") or {}, **(configured.get("models") or {})}
    handlers = {
        name: str(given["ConflictHandler"]) for name, given in listed.items() if given.get("ConflictHandler")
    }
    for handler in handlers.values():
        if handler not in _CONFLICT_HANDLERS:
            raise ProjectError(
                f"the conflict handler {handler} is not built in habitr-emulator; there are: "
                f"{', '.join(_CONFLICT_HANDLERS)}",
                file=str(folder / "transform.conf.json"),
            )
    return handlers


def _schemas(folder: Path) -> tuple[tuple[str, str], ...]:
    single, many = folder / "schema.graphql", folder / "schema"
    files = [single] if single.is_file() else sorted(many.rglob("*.graphql"))
    if not files:
        raise ProjectError("neither schema.graphql nor a schema folder is there", file=str(folder))
    return tuple((str(file), read_text(file)) for file in files)


def _modes(place: Place, folder: Path, entry: Mapping[str, Any], auth: Mapping[str, str]) -> tuple[AuthMode, ...]:
    inputs = (read_json(folder / "cli-inputs.json") or {}).get("serviceConfiguration") or {}
    if inputs.get("defaultAuthType"):
        listed = [inputs["defaultAuthType"], *(inputs.get("additionalAuthTypes") or ())]
    else:
        output = (entry.get("output") or {}).get("authConfig") or {}
        listed = [
            output.get("defaultAuthentication") or {},
            *(output.get("additionalAuthenticationProviders") or ()),
        ]
    return tuple(_mode(place, folder, item, auth) for item in listed)


def _mode(place: Place, folder: Path, given: Mapping[str, Any], auth: Mapping[str, str]) -> AuthMode:
    kind = given.get("mode") or given.get("authenticationType") or "API_KEY"
    match kind:
        case "AMAZON_COGNITO_USER_POOLS":
            return AuthMode(kind, user_pool_id=auth.get("user_pool_id"))
        case "API_KEY" | "AWS_IAM":
            return AuthMode(kind)
        case "OPENID_CONNECT":
            described = given.get("openIDConnectConfig") or {}
            issuer = given.get("openIDIssuerURL") or described.get("issuerUrl") or described.get("issuer")
            return AuthMode(kind, issuer=issuer)
        case "AWS_LAMBDA":
            described = given.get("lambdaAuthorizerConfig") or {}
            name = given.get("lambdaFunction") or described.get("lambdaFunction")
            return AuthMode(kind, function_name=f"{name}-{place.environment}")
        case _:
            raise ProjectError(f"unknown authentication type: {kind}", file=str(folder / "cli-inputs.json"))
