"""An Amplify Gen 1 project: the folder that holds ``amplify/`` -> a ``Backend``.

https://docs.amplify.aws/gen1/javascript/tools/cli/reference/files-and-folders/
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.backend import Backend
from habitr_emulator.amplify.categories import analytics, api, auth, function, rest, storage
from habitr_emulator.amplify.files import read_json, require_json
from habitr_emulator.amplify.place import Place
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.iam.spec import Role
from habitr_emulator.services.lambda_.spec import Function

Policies = dict[str, Mapping[str, Any]]
_GRAPHQL = "AppSync"


def load(
    folder: Path, *, environment: str | None = None, region: str = "us-east-1", account_id: str = "000000000000"
) -> Backend:
    """Read a project. ``environment`` is Amplify's; None takes the first of ``team-provider-info.json``, else
    ``dev``. Needs no GraphQL parser until the backend's APIs or tables are asked for. Raises ProjectError.
    """
    return _Loader(folder.resolve(), environment, region, account_id).backend()


@dataclass(slots=True)
class _Loader:
    """Reads the categories in the order in which they need each other."""

    folder: Path
    environment: str | None
    region: str
    account_id: str
    outputs: dict[str, Any] = field(default_factory=dict)
    members: Policies = field(default_factory=dict)
    guests: Policies = field(default_factory=dict)
    groups: dict[str, Policies] = field(default_factory=dict)
    config: dict[str, str] = field(default_factory=dict)

    def backend(self) -> Backend:
        """The whole project."""
        amplify = self.folder / "amplify"
        listed = require_json(amplify / "backend" / "backend-config.json")
        place = self._place(amplify)
        signed_in = [auth.read(place, name) for name, _ in _entries(listed, "auth", "Cognito")]
        if signed_in:
            self.config.update(signed_in[0].config)
        sources = tuple(self._sources(place, listed, read_json(amplify / "cli.json") or {}))
        self._add_outputs(place, listed)
        buckets = [self._with_policies(storage.read(place, name)) for name, _ in _entries(listed, "storage", "S3")]
        rests = [self._with_policies(rest.read(place, name)) for name, _ in _entries(listed, "api", "API Gateway")]
        pinpoint = [analytics.read(place, name) for name, _ in _entries(listed, "analytics", "Pinpoint")]
        built = [function.read(place, name, self.outputs) for name, _ in _entries(listed, "function", "Lambda")]
        for found in pinpoint:
            self.members.update(found.policies)
            self.guests.update(found.policies)
        self._add_iam_policies(place, sources)
        self._add_config(rests, buckets, pinpoint, [item.function for item in built])
        roles = [role for found in signed_in for role in found.roles]
        return Backend(
            place.project,
            place.environment,
            self.region,
            self.account_id,
            tuple(found.user_pool for found in signed_in),
            tuple(found.identity_pool for found in signed_in if found.identity_pool),
            (*self._filled(place, roles), *(item.role for item in built if item.role)),
            tuple(found.bucket for found in buckets),
            tuple(item.function for item in built),
            tuple(found.api for found in rests),
            tuple(found.app for found in pinpoint),
            self.config,
            sources,
        )

    def _place(self, amplify: Path) -> Place:
        infos = read_json(amplify / "team-provider-info.json") or {}
        chosen = self.environment or next(iter(infos), "dev")
        if infos and chosen not in infos:
            raise ProjectError(
                f"there is no environment {chosen}; there are: {', '.join(infos)}",
                file=str(amplify / "team-provider-info.json"),
            )
        project = read_json(amplify / ".config" / "project-config.json") or {}
        name = project.get("projectName") or self.folder.resolve().name
        return Place(name, chosen, self.region, self.account_id, amplify / "backend", infos.get(chosen) or {})

    def _sources(self, place: Place, listed: Any, cli: Mapping[str, Any]) -> Iterator[api.ApiSource]:
        features = (cli.get("features") or {}).get("graphqltransformer") or {}
        for name, entry in _entries(listed, "api", _GRAPHQL):
            source = api.read(place, name, entry, features, self.config)
            self.outputs |= {
                f"api{name}GraphQLAPIIdOutput": source.api_id,
                f"api{name}GraphQLAPIEndpointOutput": "{endpoint}/graphql",
                f"api{name}GraphQLAPIKeyOutput": source.api_key,
            }
            self.config.setdefault("graphql_api_id", source.api_id)
            if "apiKey" in source.providers:
                self.config.setdefault("graphql_api_key", source.api_key)
            yield source

    def _add_outputs(self, place: Place, listed: Any) -> None:
        """What Amplify passes from one resource's stack into another's."""
        for name, _ in _entries(listed, "auth", "Cognito"):
            for output, key in (
                ("UserPoolId", "user_pool_id"),
                ("IdentityPoolId", "identity_pool_id"),
                ("AppClientID", "app_client_id"),
                ("AppClientIDWeb", "web_client_id"),
            ):
                self.outputs[f"auth{name}{output}"] = self.config.get(key, "")
        for name, _ in _entries(listed, "function", "Lambda"):
            full = f"{name}-{place.environment}"
            self.outputs |= {
                f"function{name}Name": full,
                f"function{name}Arn": place.arn("lambda", f"function:{full}"),
            }
        for name, _ in _entries(listed, "storage", "S3"):
            self.outputs[f"storage{name}BucketName"] = storage.read(place, name).bucket.bucket_name
        for name, _ in _entries(listed, "analytics", "Pinpoint"):
            self.outputs[f"analytics{name}Id"] = place.pinpoint_app_id(name)

    def _with_policies(self, found: Any) -> Any:
        self.members.update(found.authenticated)
        self.guests.update(found.guests)
        for group, policies in found.groups.items():
            self.groups.setdefault(group, {}).update(policies)
        return found

    def _add_iam_policies(self, place: Place, sources: tuple[api.ApiSource, ...]) -> None:
        for source in sources:
            if "iam" not in source.providers:
                continue
            from habitr_emulator.amplify.transform.iam_policies import policies

            arn = place.arn("appsync", f"apis/{source.api_id}")
            for target, document in zip(
                (self.members, self.guests), policies(source.expanded[0], arn), strict=True
            ):
                if document is not None:
                    target[f"graphql_{source.resource}"] = document

    def _filled(self, place: Place, roles: list[Role]) -> Iterator[Role]:
        """The identity pools' and groups' roles with their policies."""
        for role in roles:
            if role.role_name == place.role_name("authRole"):
                yield replace(role, policies=self.members)
            elif role.role_name == place.role_name("unauthRole"):
                yield replace(role, policies=self.guests)
            else:
                group = role.role_name.removeprefix(f"{place.project}-{place.environment}-")
                yield replace(role, policies=self.groups.get(group.removesuffix("GroupRole"), {}))

    def _add_config(self, rests: Any, buckets: Any, pinpoint: Any, functions: list[Function]) -> None:
        def first(name: str, found: list[Any], read: Callable[[Any], str]) -> None:
            if found:
                self.config[name] = read(found[0])

        first("rest_api_name", rests, lambda item: item.api.name)
        first("rest_api_id", rests, lambda item: item.api.api_id)
        first("rest_stage", rests, lambda item: item.api.stage)
        first("bucket", buckets, lambda item: item.bucket.bucket_name)
        first("pinpoint_app_id", pinpoint, lambda item: item.app.application_id)
        routed = [route.function_name for item in rests for route in item.api.routes]
        first("function_name", routed or [item.function_name for item in functions], str)


def _entries(listed: Any, category: str, service: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The resources of a category in ``backend-config.json`` that one service provides."""
    for name, entry in (listed.get(category) or {}).items():
        if entry.get("service") == service:
            yield name, entry
