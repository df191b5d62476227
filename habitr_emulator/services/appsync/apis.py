"""The GraphQL APIs of an account, compiled when first used (graphql-core is not imported before)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from habitr_emulator.services.appsync.authorization import LambdaDecisions
from habitr_emulator.services.appsync.errors import GraphQLSchemaException, NotFoundException
from habitr_emulator.services.appsync.spec import GraphqlApi
from habitr_emulator.services.context import Account

if TYPE_CHECKING:
    from habitr_emulator.services.appsync.schema import Schema


class DeployedApi:
    """An API and what is kept for it in memory. ``make`` describes it when it is first needed."""

    def __init__(self, make: Callable[[], GraphqlApi]) -> None:
        self._make = make
        self._making = Lock()
        self.lambda_decisions = LambdaDecisions()

    @cached_property
    def spec(self) -> GraphqlApi:
        """The API's description."""
        return self._make()

    @property
    def schema(self) -> Schema:
        """The compiled schema; raises GraphQLSchemaException if there is none.

        The first request may meet the background work that compiles it, and then waits for that.
        """
        if self._schema is None:
            with self._making:
                self._schema = self._schema or self._compiled()
        return self._schema

    _schema: Schema | None = None

    def _compiled(self) -> Schema:
        if not self.spec.sdl.strip():
            raise GraphQLSchemaException(why=f"API {self.spec.name} has no schema")
        from habitr_emulator.services.appsync.documents import Documents
        from habitr_emulator.services.appsync.schema import compile_schema

        made = compile_schema(self.spec)
        made.documents = Documents(made).get
        return made


class Apis:
    """The deployed APIs by id; the first one also answers at ``/graphql`` without an id."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._deployed: dict[str, DeployedApi] = {}

    def deploy(self, spec: GraphqlApi) -> None:
        """Add or replace an API; an unchanged one keeps what was compiled."""
        known = self._deployed.get(spec.api_id)
        if known is None or known.spec != spec:
            self.deploy_later(spec.api_id, lambda: spec)

    def deploy_later(self, api_id: str, make: Callable[[], GraphqlApi]) -> None:
        """Add or replace an API, which ``make`` describes when it is first needed."""
        self._deployed[api_id] = DeployedApi(make)

    def all(self) -> list[DeployedApi]:
        """Every API, in the order of deployment."""
        return list(self._deployed.values())

    def require(self, api_id: str) -> DeployedApi:
        """An API by its id; raises NotFoundException."""
        if api_id not in self._deployed:
            raise NotFoundException(f"GraphQL API {api_id} not found.")
        return self._deployed[api_id]

    def find(self, host: str, path: str) -> DeployedApi | None:
        """Which API a request means: by ``/graphql/{apiId}``, else by its AWS host name, else the first.

        ``/graphql/realtime`` and ``/graphql/connect`` are paths of the API itself.
        """
        parts = path.strip("/").split("/")
        if parts[0] != "graphql":
            return None
        if len(parts) > 1 and parts[1] not in ("realtime", "connect"):
            return self._deployed.get(parts[1])
        name = host.partition(":")[0].lower()
        if ".appsync-api." in name or ".appsync-realtime-api." in name:
            return self._deployed.get(name.partition(".")[0])
        return next(iter(self._deployed.values()), None)

    def ensure_compiled(self) -> None:
        """Compile every schema that is not compiled yet (0.1 s the first time, to import graphql-core)."""
        for api in self._deployed.values():
            _ = api.schema
        from habitr_emulator.services.appsync import execution as execution
