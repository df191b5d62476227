"""A project's resources, as the services deploy them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from habitr_emulator.amplify.notes import Note
from habitr_emulator.services.apigateway.spec import RestApi
from habitr_emulator.services.appsync.spec import GraphqlApi
from habitr_emulator.services.cognito_identity.spec import IdentityPool
from habitr_emulator.services.cognito_idp.spec import UserPool
from habitr_emulator.services.dynamodb.spec import Table
from habitr_emulator.services.iam.spec import Role
from habitr_emulator.services.lambda_.spec import EventSource, Function
from habitr_emulator.services.opensearch.spec import Index
from habitr_emulator.services.pinpoint.spec import App
from habitr_emulator.services.s3.spec import Bucket

if TYPE_CHECKING:
    from habitr_emulator.amplify.categories.api import ApiSource


@dataclass(frozen=True)
class Backend:
    """What a project describes. ``config`` holds the ids that clients are configured with, ``own_tables`` the
    tables that no model makes, ``notes`` say what of the project is not run.

    ``graphql_apis``, ``tables`` and ``table_names`` come from the GraphQL schema and are worked out when first
    asked for, since that may need the GraphQL parser.
    """

    name: str
    environment: str
    region: str
    account_id: str
    user_pools: tuple[UserPool, ...] = ()
    identity_pools: tuple[IdentityPool, ...] = ()
    roles: tuple[Role, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    functions: tuple[Function, ...] = ()
    rest_apis: tuple[RestApi, ...] = ()
    pinpoint_apps: tuple[App, ...] = ()
    config: Mapping[str, str] = field(default_factory=dict)
    api_sources: "tuple[ApiSource, ...]" = ()
    own_tables: tuple[Table, ...] = ()
    event_sources: tuple[EventSource, ...] = ()
    notes: tuple[Note, ...] = ()

    @cached_property
    def graphql_apis(self) -> tuple[GraphqlApi, ...]:
        """The GraphQL APIs. Raises ProjectError if a schema is refused."""
        return tuple(source.graphql_api for source in self.api_sources)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The models' tables and the project's own. Raises ProjectError if a schema is refused."""
        models = (table for source in self.api_sources for table in source.tables.values())
        return tuple({table.table_name: table for table in (*models, *self.own_tables)}.values())

    @property
    def search_indexes(self) -> tuple[Index, ...]:
        """The indexes of ``@searchable`` models. Raises ProjectError if a schema is refused."""
        return tuple(Index(table.search_index, table.table_name) for table in self.tables if table.search_index)

    @cached_property
    def table_names(self) -> Mapping[str, str]:
        """Type name -> table name."""
        return {name: table.table_name for source in self.api_sources for name, table in source.tables.items()}
