"""``$util.transform``: filters of the schema as expressions of the data sources; each gives text of JSON.

https://docs.aws.amazon.com/appsync/latest/devguide/transformation-helpers-in-utils-transform.html
"""

from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.vtl.to_json import to_json
from habitr_emulator.wire import appsync_filter, search_filter


def expression(value: dict[str, Any] | None = None) -> str:
    """``toDynamoDBFilterExpression`` and ``toDynamoDBConditionExpression``."""
    return to_json(appsync_filter.dynamodb_expression(value or {}))


def subscription_filter(
    value: dict[str, Any] | None, ignored: Any = (), rules: dict[str, Any] | None = None
) -> str:
    """``toSubscriptionFilter``: the enhanced filter, without the ``ignored`` fields, ANDed with the rules."""
    return to_json(appsync_filter.subscription_filter(value or {}, tuple(ignored or ()), rules or {}))


def query_dsl(value: dict[str, Any] | None = None, non_keyword: Any = None) -> str:
    """``toElasticsearchQueryDSL``: fields not in ``non_keyword`` (if given) are compared on ``.keyword``."""
    return to_json(search_filter.query_dsl(value or {}, non_keyword))


PURE: dict[str, Callable[..., Any]] = {
    "toDynamoDBFilterExpression": expression,
    "toDynamoDBConditionExpression": expression,
    "toSubscriptionFilter": subscription_filter,
    "toElasticsearchQueryDSL": query_dsl,
}
