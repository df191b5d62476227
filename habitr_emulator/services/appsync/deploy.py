"""Deploys a project's GraphQL API."""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.spec import GraphqlApi
from habitr_emulator.services.context import Context


async def deploy(context: Context, spec: GraphqlApi) -> None:
    """Make ``spec`` answer requests; the schema is compiled by the first one, or by ``Apis.ensure_compiled``."""
    context.account.part(Apis).deploy(spec)
