"""The query of an ``@index``."""

from collections.abc import Sequence
from typing import Any

from habitr_emulator.amplify.resolvers.documents import VERSION, page
from habitr_emulator.amplify.resolvers.key_conditions import check_list_arguments, key_condition
from habitr_emulator.services.appsync.spec import Native, ResolverContext


def request(index: str, hashed: str, sort: Sequence[str]) -> Native:
    """The Query document; a direction is refused where there is nothing to sort by."""

    def make(ctx: ResolverContext) -> Any:
        if not sort:
            check_list_arguments(ctx.arguments, hashed, sort)
        document = {
            "version": VERSION,
            "operation": "Query",
            "index": index,
            "query": key_condition(ctx.arguments, (hashed, ctx.arguments.get(hashed)), sort),
            "scanIndexForward": ctx.arguments.get("sortDirection") != "DESC",
        }
        return page(ctx, document)

    return make
