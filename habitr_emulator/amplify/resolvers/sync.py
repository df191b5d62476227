"""DataStore: writes that say which version they mean, and the query of what changed.

https://docs.aws.amazon.com/appsync/latest/devguide/conflict-detection-and-sync.html
"""

from typing import Any

from habitr_emulator.amplify.resolvers.documents import VERSION, page
from habitr_emulator.services.appsync.spec import Native, ResolverContext, ResolverError

_VERSION = "_version"


def take_version(ctx: ResolverContext) -> None:
    """``_version`` is no field of the item that is written."""
    given = dict(ctx.arguments["input"])
    ctx.stash[_VERSION] = given.pop(_VERSION, None)
    ctx.arguments["input"] = given


def versioned(request: Native) -> Native:
    """The document of a write with the expected version."""

    def make(ctx: ResolverContext) -> Any:
        return {**request(ctx), _VERSION: ctx.stash.get(_VERSION) or 0}

    return make


def answered(response: Native) -> Native:
    """The response of a versioned write: an error carries the stored item, from which the client goes on."""

    def answer(ctx: ResolverContext) -> Any:
        if ctx.error is not None:
            raise ResolverError(ctx.error["message"], ctx.error["type"], ctx.result)
        return response(ctx)

    return answer


def request(ctx: ResolverContext) -> Any:
    """The Sync document."""
    document = page(ctx, {"version": VERSION, "operation": "Sync"})
    if ctx.arguments.get("lastSync") is not None:
        document["lastSync"] = ctx.arguments["lastSync"]
    return document
