"""The GraphQL APIs of an account, compiled when first used (graphql-core is not imported before)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync import descriptions, resources
from habitr_emulator.services.appsync.assembly import assemble
from habitr_emulator.services.appsync.errors import (
    GraphQLSchemaException,
    NotFoundException,
)
from habitr_emulator.services.appsync.lambda_authorizer import LambdaDecisions
from habitr_emulator.services.appsync.resources import Description, Kept, Resources
from habitr_emulator.services.appsync.spec import GraphqlApi, Vtl
from habitr_emulator.services.context import Account

if TYPE_CHECKING:
    from habitr_emulator.services.appsync.schema import Schema

_log = logging.getLogger(__name__)


class DeployedApi:
    """An API and what is kept for it in memory. ``make`` describes what the project brings of it, when that is
    first needed; over it stands what calls of the control plane have made. ``by_calls`` says that calls made it,
    not the project; ``altering`` that a call is changing its schema.
    """

    def __init__(self, api_id: str, account: Account, make: Callable[[], GraphqlApi] | None) -> None:
        self.api_id, self.by_calls = api_id, make is None
        self.lambda_decisions = LambdaDecisions()
        self._account, self._make = account, make
        self._making = Lock()
        self._brought: GraphqlApi | None = None
        self._spec: GraphqlApi | None = None
        self._schema: Schema | None = None
        self.altering = False

    @property
    def kept(self) -> Kept:
        """What calls have made of it."""
        return self._account.part(Resources).of(self.api_id)

    @property
    def brought(self) -> GraphqlApi | None:
        """What the project brings."""
        if self._brought is None and self._make is not None:
            self._brought = self._make()
        return self._brought

    @property
    def spec(self) -> GraphqlApi:
        """The API's description."""
        found = self._spec
        if found is None:
            found = self._spec = assemble(self._account, self.api_id, self.brought, self.kept)
        return found

    @property
    def schema(self) -> Schema:
        """The compiled schema; raises GraphQLSchemaException if there is none.

        The first request may meet the background work that compiles it, and then waits for that.
        """
        found = self._schema
        if found is None:
            with self._making:
                found = self._schema = self._schema or compiled(self.spec)
        return found

    def every(self, kind: str) -> dict[str, dict[str, Any]]:
        """The resources of a kind (resources.py), as AWS shows them, by name."""
        return descriptions.every(self._account, self.brought, self.kept, kind)

    def one(self, kind: str, name: str, absent: str) -> dict[str, Any]:
        """One resource; raises NotFoundException with the message ``absent``."""
        found = self.every(kind).get(name)
        if found is None:
            raise NotFoundException(absent)
        return found

    def shown(self) -> dict[str, Any]:
        """The API itself, as AWS shows it."""
        first = self._account.part(Apis).first() is self
        return descriptions.graphql_api(self._account, self.spec, self.kept, first=first)

    def forget(self) -> None:
        """Describe and compile it again when it is next needed: something has changed."""
        self._spec = self._schema = None
        self.lambda_decisions = LambdaDecisions()

    async def put(self, kind: str, name: str, description: Description, taken: AwsError | None = None) -> None:
        """Keep what a call made; it counts from the next request on."""
        await self._account.part(Resources).put(self.api_id, kind, name, description, taken)
        self.forget()

    async def remove(self, kind: str, name: str) -> None:
        """Remove what a call or the project made."""
        brought = self.brought
        ours = brought is not None and name in descriptions.every(self._account, brought, {}, kind)
        await self._account.part(Resources).remove(self.api_id, kind, name, brought=ours)
        self.forget()


def compiled(spec: GraphqlApi) -> Schema:
    """The schema of an API, ready to run; raises GraphQLSchemaException."""
    if not spec.sdl.strip():
        raise GraphQLSchemaException(why=f"API {spec.name} has no schema")
    from habitr_emulator.services.appsync.documents import Documents
    from habitr_emulator.services.appsync.schema import compile_schema

    made = compile_schema(spec)
    made.documents = Documents(made).get
    return made


class Apis:
    """The deployed APIs by id; the first one also answers at ``/graphql`` without an id."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._deployed: dict[str, DeployedApi] = {}
        account.bus.subscribe("store.restored", lambda _: self._restored())
        self._add_kept()

    def deploy(self, spec: GraphqlApi) -> None:
        """Add or replace an API; an unchanged one keeps what was compiled."""
        known = self._deployed.get(spec.api_id)
        if known is None or known.brought != spec:
            self.deploy_later(spec.api_id, lambda: spec)

    def deploy_later(self, api_id: str, make: Callable[[], GraphqlApi]) -> None:
        """Add or replace an API, which ``make`` describes when it is first needed."""
        made = {api.api_id: api for api in self._deployed.values() if api.by_calls and api.api_id != api_id}
        brought = {api.api_id: api for api in self._deployed.values() if not api.by_calls}
        self._deployed = {**brought, api_id: DeployedApi(api_id, self._account, make), **made}

    async def create(self, api_id: str, description: Description) -> DeployedApi:
        """Add an API that a call makes."""
        await self._account.part(Resources).put(api_id, resources.API, "", description)
        self._deployed[api_id] = made = DeployedApi(api_id, self._account, None)
        return made

    async def delete(self, api_id: str) -> None:
        """Remove an API with all it has; raises NotFoundException."""
        found = self.require(api_id)
        await self._account.part(Resources).remove_api(api_id, brought=not found.by_calls)
        if found.by_calls:
            self._deployed.pop(api_id, None)
        found.forget()

    def all(self) -> list[DeployedApi]:
        """Every API: the project's, then those that calls made, oldest first."""
        return [api for api in self._deployed.values() if not _deleted(api)]

    def require(self, api_id: str) -> DeployedApi:
        """An API by its id; raises NotFoundException."""
        found = self._deployed.get(api_id)
        if found is None or _deleted(found):
            raise NotFoundException(f"GraphQL API {api_id} not found.")
        return found

    def find(self, host: str, path: str) -> DeployedApi | None:
        """Which API a request means: by ``/graphql/{apiId}``, else by its AWS host name, else the first.

        ``/graphql/realtime`` and ``/graphql/connect`` are paths of the API itself.
        """
        parts = path.strip("/").split("/")
        if parts[0] != "graphql":
            return None
        if len(parts) > 1 and parts[1] not in ("realtime", "connect"):
            return self._present(parts[1])
        name = host.partition(":")[0].lower()
        if ".appsync-api." in name or ".appsync-realtime-api." in name:
            return self._present(name.partition(".")[0])
        return self.first()

    def first(self) -> DeployedApi | None:
        """The API that answers at ``/graphql``."""
        return next((api for api in self._deployed.values() if not _deleted(api)), None)

    def absence(self, address: str) -> str:
        """Why nothing answers at an address, in plain words."""
        deleted = any(not api.by_calls and _deleted(api) for api in self._deployed.values())
        more = "; a call deleted the project's own API, reset brings it back" if deleted else ""
        return f"no API answers at {address}{more}"

    def ensure_compiled(self) -> None:
        """Compile every schema and template that is not compiled yet (0.2 s the first time, mostly imports)."""
        for api in list(self._deployed.values()):
            if api.spec.sdl.strip():
                _ = api.schema
                _compile_templates(api.spec)
        from habitr_emulator.services.appsync import execution as execution

    def _present(self, api_id: str) -> DeployedApi | None:
        found = self._deployed.get(api_id)
        return None if found is None or _deleted(found) else found

    def _add_kept(self) -> None:
        for api_id in self._account.part(Resources).api_ids():
            self._deployed.setdefault(api_id, DeployedApi(api_id, self._account, None))

    def _restored(self) -> None:
        """The state is another one: what calls had made is gone or back."""
        self._account.part(Resources).reload()
        self._deployed = {api_id: api for api_id, api in self._deployed.items() if not api.by_calls}
        for api in self._deployed.values():
            api.forget()
        self._add_kept()


def _deleted(api: DeployedApi) -> bool:
    """Has a call deleted it? Of an API that calls made, nothing is left then but its id."""
    told = api.kept.get(resources.API)
    return api.by_calls if told is None else told.get("") is None


def _compile_templates(spec: GraphqlApi) -> None:
    """Compile mapping templates ahead of their first use; one that cannot be parsed is told in the log."""
    for (parent, name), resolver in spec.resolvers.items():
        steps = [template for function in resolver.functions for template in (function.request, function.response)]
        for template in (resolver.before, *steps, resolver.after):
            if isinstance(template, Vtl):
                _compile_template(f"{parent}.{name}", template)


def _compile_template(field: str, template: Vtl) -> None:
    from habitr_emulator.services.appsync.vtl import render  # noqa: F401 - what rendering needs is imported, too
    from habitr_emulator.services.appsync.vtl.compiler import compiled
    from habitr_emulator.services.appsync.vtl.lexer import SyntaxProblem

    try:
        compiled(template.text)
    except SyntaxProblem as problem:
        _log.warning("%s: the mapping template %s cannot be parsed: %s", field, template.name, problem)
