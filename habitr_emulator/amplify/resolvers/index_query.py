"""The query of an ``@index``."""

from collections.abc import Sequence
from typing import Any

from habitr_emulator.amplify.resolvers.documents import VERSION, page
from habitr_emulator.amplify.resolvers.key_conditions import key_condition
from habitr_emulator.services.appsync.spec import Native, ResolverContext


def request(index: str, hashed: str, sort: Sequence[str]) -> Native:
    """The Query document."""

    def make(ctx: ResolverContext) -> Any:
        document = {
            "version": VERSION,
            "operation": "Query",
            "index": index,
            "query": key_condition(ctx.arguments, (hashed, ctx.arguments.get(hashed)), sort),
            "scanIndexForward": ctx.arguments.get("sortDirection") != "DESC",
        }
        return page(ctx, document)

    return make
