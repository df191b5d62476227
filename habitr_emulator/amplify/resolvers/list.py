"""``list<Types>``: a page of a scan, or of a query if the hash is given."""

from collections.abc import Sequence
from typing import Any

from habitr_emulator.amplify.auth.identity import Check
from habitr_emulator.amplify.resolvers.documents import VERSION, page
from habitr_emulator.amplify.resolvers.key_conditions import check_list_arguments, key_condition
from habitr_emulator.services.appsync.spec import Native, ResolverContext


def argument_check(hashed: str, sort: Sequence[str]) -> Check:
    """Refuse key arguments without the hash."""

    def check(ctx: ResolverContext) -> None:
        check_list_arguments(ctx.arguments, hashed, sort)
        if sort and ctx.arguments.get(hashed) is not None:
            key_condition(ctx.arguments, (hashed, ctx.arguments[hashed]), sort)

    return check


def request(hashed: str | None, sort: Sequence[str]) -> Native:
    """The Scan or Query document; ``hashed`` is None for models without ``@primaryKey``."""

    def make(ctx: ResolverContext) -> Any:
        value = ctx.arguments.get(hashed) if hashed else None
        if hashed is None or value is None:
            return page(ctx, {"version": VERSION, "operation": "Scan"})
        document = {
            "version": VERSION,
            "operation": "Query",
            "query": key_condition(ctx.arguments, (hashed, value), sort),
            "scanIndexForward": ctx.arguments.get("sortDirection") != "DESC",
        }
        return page(ctx, document)

    return make
