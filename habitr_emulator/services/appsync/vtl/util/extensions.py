"""``$extensions``: what a template may set for subscriptions and caching.

https://docs.aws.amazon.com/appsync/latest/devguide/extensions.html
"""

from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.spec import ResolverContext, ResolverError
from habitr_emulator.services.appsync.vtl.to_json import parse_json

MAX_INVALIDATIONS = 5


def _filter(value: Any) -> Any:
    """A filter object; the text that ``toSubscriptionFilter`` gives is read first."""
    found = parse_json(value) if isinstance(value, str) else value
    if found is not None and not isinstance(found, dict):
        raise ValueError("a subscription filter must be an object")
    return found


def set_subscription_filter(ctx: ResolverContext, value: Any) -> str:
    """The enhanced filter of this subscription."""
    ctx.subscription_filter = _filter(value)
    return ""


def set_subscription_invalidation_filter(ctx: ResolverContext, value: Any) -> str:
    """Which invalidations end this subscription."""
    ctx.invalidation_filter = _filter(value)
    return ""


def invalidate_subscriptions(ctx: ResolverContext, value: Any) -> str:
    """End subscriptions: ``subscriptionField`` and ``payload``; at most five a request."""
    if len(ctx.invalidations) >= MAX_INVALIDATIONS:
        raise ResolverError(
            f"At most {MAX_INVALIDATIONS} subscription invalidations are allowed.", "MappingTemplate"
        )
    ctx.invalidations.append(_filter(value))
    return ""


def evict_from_api_cache(_: ResolverContext, type_name: str, field_name: str, keys: Any = None) -> str:
    """Nothing is cached, so nothing has to go: the next read is fresh in any case."""
    return ""


BOUND: dict[str, Callable[..., Any]] = {
    "setSubscriptionFilter": set_subscription_filter,
    "setSubscriptionInvalidationFilter": set_subscription_invalidation_filter,
    "invalidateSubscriptions": invalidate_subscriptions,
    "evictFromApiCache": evict_from_api_cache,
}
