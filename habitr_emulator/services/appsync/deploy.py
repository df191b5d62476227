"""Deploys a project's GraphQL API."""

from collections.abc import Callable

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.spec import GraphqlApi
from habitr_emulator.services.context import Account, Context


async def deploy(context: Context, spec: GraphqlApi) -> None:
    """Make ``spec`` answer requests; the schema is compiled by the first one, or by ``compile_all``."""
    context.account.part(Apis).deploy(spec)


def deploy_later(context: Context, api_id: str, make: Callable[[], GraphqlApi]) -> None:
    """Like ``deploy``, for an API that takes time to describe: ``make`` is called when it is first needed."""
    context.account.part(Apis).deploy_later(api_id, make)


def compile_all(account: Account) -> None:
    """Describe and compile every API now (a quarter of a second the first time, mostly imports)."""
    account.part(Apis).ensure_compiled()
