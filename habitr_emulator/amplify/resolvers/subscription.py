"""Generated subscriptions: the filter becomes an enhanced filter of the subscription."""

from typing import Any

from habitr_emulator.services.appsync.spec import ResolverContext
from habitr_emulator.wire.appsync_filter import subscription_filter


def request(ctx: ResolverContext) -> Any:
    """Set the filter, if there is one (the arguments then do not filter by themselves)."""
    given = ctx.arguments.get("filter")
    if given:
        ctx.subscription_filter = subscription_filter(given)
    return None
