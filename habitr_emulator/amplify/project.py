"""An Amplify Gen 1 project: the folder that holds ``amplify/`` -> a ``Backend``.

What of it cannot be read, or is not built, becomes a note and the rest runs; only the folder itself,
``backend-config.json`` and the GraphQL schema must be right.

https://docs.amplify.aws/gen1/javascript/tools/cli/reference/files-and-folders/
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from habitr_emulator.amplify import listing
from habitr_emulator.amplify.backend import Backend
from habitr_emulator.amplify.categories import analytics, api, auth, custom, function, layer, rest, storage, table
from habitr_emulator.amplify.files import read_object
from habitr_emulator.amplify.listing import Resource
from habitr_emulator.amplify.notes import Notes
from habitr_emulator.amplify.place import Place
from habitr_emulator.amplify.reading import Reading
from habitr_emulator.amplify.shapes import mapping, text
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.apigateway.spec import RestApi
from habitr_emulator.services.dynamodb.spec import Table
from habitr_emulator.services.iam.spec import Role
from habitr_emulator.services.lambda_.spec import EventSource, Function
from habitr_emulator.services.pinpoint.spec import App
from habitr_emulator.services.s3.spec import Bucket

#: (category, service) -> what the other resources learn from it.
_OUTPUTS: dict[tuple[str, str], Callable[[Reading, Resource, str], Any]] = {
    ("auth", "Cognito"): auth.outputs,
    ("auth", auth.GROUPS): lambda reading, _, name: auth.group_outputs(reading, name),
    ("api", "AppSync"): api.outputs,
    ("api", "API Gateway"): rest.outputs,
    ("function", "Lambda"): function.outputs,
    ("function", layer.SERVICE): layer.outputs,
    ("storage", "S3"): storage.outputs,
    ("storage", "DynamoDB"): table.outputs,
    ("analytics", "Pinpoint"): analytics.outputs,
}
_UNRUN = {
    "ElasticContainer": "is not run: a container API",
    "Kinesis": "is not run: a Kinesis stream",
}


def load(
    folder: Path, *, environment: str | None = None, region: str = "us-east-1", account_id: str = "000000000000"
) -> Backend:
    """Read a project. ``environment`` is Amplify's; None takes the one that is checked out, else the first of
    ``team-provider-info.json``, else ``dev``. Needs no GraphQL parser until the backend's APIs or tables are asked
    for. Raises ProjectError.
    """
    notes = Notes()
    backend = listing.backend_folder(folder.resolve(), notes)
    place = _place(backend, environment, _Account(region, account_id), notes)
    reading = Reading(place, listing.resources(backend, notes), notes)
    for resource in reading.resources:
        reading.provide(resource, partial(_output, reading, resource))
    features = mapping(_settings(backend.parent / "cli.json", notes).get("features"))
    return _Loader(reading, mapping(features.get("graphqltransformer"))).backend()


@dataclass(frozen=True, slots=True)
class _Account:
    region: str
    account_id: str


def _settings(file: Path, notes: Notes) -> dict[str, Any]:
    """A file of the whole project, which runs without it too."""
    found: dict[str, Any] = {}
    with notes.instead(file.name, "is ignored"):
        found |= read_object(file)
    return found


def _place(backend: Path, environment: str | None, account: _Account, notes: Notes) -> Place:
    amplify = backend.parent
    file = amplify / "team-provider-info.json"
    infos = _settings(file, notes)
    if environment and infos and environment not in infos:
        raise ProjectError(f"there is no environment {environment}; there are: {', '.join(infos)}", file=str(file))
    checked_out = text(_settings(amplify / ".config" / "local-env-info.json", notes).get("envName"))
    known = checked_out if checked_out in infos or not infos else ""
    chosen = environment or known or next(iter(infos), "dev")
    named = text(_settings(amplify / ".config" / "project-config.json", notes).get("projectName"))
    name = named or amplify.parent.name
    return Place(name, chosen, account.region, account.account_id, backend, mapping(infos.get(chosen)))


def _output(reading: Reading, resource: Resource, name: str) -> Any:
    """An output of a resource; one whose files cannot be read has none, which is noted when it is read itself."""
    if resource.category == "custom":
        find: Callable[[Reading, Resource, str], Any] | None = custom.outputs
    else:
        find = _OUTPUTS.get((resource.category, resource.service))
    found = None
    if find is not None:
        with Notes().instead(str(resource)):
            found = find(reading, resource, name)
    return found


@dataclass(slots=True)
class _Loader:
    """Reads the categories in the order in which they need each other."""

    reading: Reading
    features: Mapping[str, Any]
    config: dict[str, str] = field(default_factory=dict)
    roles: list[Role] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    buckets: list[Bucket] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    event_sources: list[EventSource] = field(default_factory=list)

    def backend(self) -> Backend:
        """The whole project."""
        signed_in = list(self._read("auth", "Cognito", auth.read))
        if signed_in:
            self.config.update(signed_in[0].config)
        self.roles += [role for found in signed_in for role in found.roles]
        sources = tuple(self._read("api", "AppSync", self._api))
        self.buckets += self._read("storage", "S3", storage.read)
        self.tables += self._read("storage", "DynamoDB", table.read)
        rests = tuple(self._read("api", "API Gateway", rest.read))
        apps = tuple(self._read("analytics", "Pinpoint", analytics.read))
        self._read_functions()
        self._read_custom()
        self._add_stacks(sources)
        self._add_iam_policies(sources)
        self._add_config(rests, apps)
        self._note_the_rest()
        place = self.reading.place
        return Backend(
            place.project,
            place.environment,
            place.region,
            place.account_id,
            tuple(found.user_pool for found in signed_in),
            tuple(found.identity_pool for found in signed_in if found.identity_pool),
            tuple(self._granted()),
            tuple({bucket.bucket_name: bucket for bucket in self.buckets}.values()),
            tuple({item.function_name: item for item in self.functions}.values()),
            rests,
            apps,
            self.config,
            sources,
            tuple(self.tables),
            tuple(self.event_sources),
            tuple(self.reading.notes),
        )

    def _read(self, category: str, service: str, read: Callable[[Reading, Resource], Any]) -> Iterator[Any]:
        """What the resources of a service make; one that cannot be read is noted."""
        for resource in self.reading.of(category, service):
            with self.reading.notes.instead(str(resource)):
                yield read(self.reading, resource)

    def _api(self, reading: Reading, resource: Resource) -> api.ApiSource:
        source = api.read(reading, resource, self.features, self.config)
        self.config.setdefault("graphql_api_id", source.api_id)
        if "apiKey" in source.providers:
            self.config.setdefault("graphql_api_key", source.api_key)
        return source

    def _read_functions(self) -> None:
        for built in self._read("function", "Lambda", function.read):
            self.functions += built.functions
            self.roles += built.roles
            self.event_sources += built.sources

    def _read_custom(self) -> None:
        for resource in self.reading.resources:
            if resource.category == "custom":
                with self.reading.notes.instead(str(resource)):
                    self._add(custom.read(self.reading, resource))

    def _add_stacks(self, sources: tuple[api.ApiSource, ...]) -> None:
        for source in sources:
            self.tables += source.custom.tables
            self.roles += source.custom.roles

    def _add(self, found: custom.Custom) -> None:
        self.tables += found.tables
        self.buckets += found.buckets
        self.roles += found.roles

    def _add_iam_policies(self, sources: tuple[api.ApiSource, ...]) -> None:
        for source in sources:
            if "iam" not in source.providers:
                continue
            from habitr_emulator.amplify.transform.iam_policies import policies

            arn = self.reading.place.arn("appsync", f"apis/{source.api_id}")
            grants = (self.reading.grants.members, self.reading.grants.guests)
            for grant, document in zip(grants, policies(source.expanded[0], arn), strict=True):
                if document is not None:
                    grant({f"graphql_{source.resource}": document})

    def _granted(self) -> Iterator[Role]:
        """Every role with the policies that others grant to it."""
        roles = {role.role_name: role for role in self.roles}
        for name, policies in self.reading.grants.by_role.items():
            if name in roles:
                roles[name] = replace(roles[name], policies={**roles[name].policies, **policies})
        yield from roles.values()

    def _add_config(self, rests: tuple[RestApi, ...], apps: tuple[App, ...]) -> None:
        def first(name: str, found: list[str]) -> None:
            if found:
                self.config[name] = found[0]

        first("rest_api_name", [found.name for found in rests])
        first("rest_api_id", [found.api_id for found in rests])
        first("rest_stage", [found.stage for found in rests])
        first("bucket", [bucket.bucket_name for bucket in self.buckets])
        first("pinpoint_app_id", [app.application_id for app in apps])
        routed = [route.function_name for found in rests for route in found.routes]
        first("function_name", [*routed, *(item.function_name for item in self.functions)])

    def _note_the_rest(self) -> None:
        """Every resource of a kind that is not built, and changes to all of them by code."""
        if (self.reading.place.folder / "awscloudformation" / "override.ts").is_file():
            self.reading.notes.add("awscloudformation/override.ts", "is not run")
        for resource in self.reading.resources:
            if (resource.category, resource.service) in _OUTPUTS or resource.category == "custom":
                continue
            why = (
                _UNRUN.get(resource.service)
                or f"is not run: {resource.category} by {resource.service or 'nobody'}"
            )
            self.reading.notes.add(str(resource), why)
