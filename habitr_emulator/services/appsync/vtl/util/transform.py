"""``$util.transform``: filters of the schema as expressions of the data sources; each gives text of JSON.

https://docs.aws.amazon.com/appsync/latest/devguide/transformation-helpers-in-utils-transform.html
"""

from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.vtl.to_json import to_json
from habitr_emulator.wire import appsync_filter


def expression(value: dict[str, Any] | None = None) -> str:
    """``toDynamoDBFilterExpression`` and ``toDynamoDBConditionExpression``."""
    return to_json(appsync_filter.dynamodb_expression(value or {}))


def subscription_filter(
    value: dict[str, Any] | None, ignored: Any = (), rules: dict[str, Any] | None = None
) -> str:
    """``toSubscriptionFilter``: the enhanced filter, without the ``ignored`` fields, ANDed with the rules."""
    return to_json(appsync_filter.subscription_filter(value or {}, tuple(ignored or ()), rules or {}))


def query_dsl(value: dict[str, Any] | None = None, non_keyword: Any = None) -> str:
    """``toElasticsearchQueryDSL``: fields not in ``non_keyword`` (if given) are matched on ``.keyword``."""
    return to_json(_all([_clause(name, rule, non_keyword) for name, rule in (value or {}).items()]))


def _all(clauses: list[Any]) -> Any:
    return clauses[0] if len(clauses) == 1 else {"bool": {"must": clauses}}


def _clause(name: str, rule: Any, non_keyword: Any) -> Any:
    if name in ("and", "or"):
        rules = rule if isinstance(rule, list) else [rule]
        inner = [_all([_clause(field, one, non_keyword) for field, one in each.items()]) for each in rules]
        return (
            {"bool": {"must": inner}} if name == "and" else {"bool": {"should": inner, "minimum_should_match": 1}}
        )
    if name == "not":
        return {"bool": {"must_not": _all([_clause(field, one, non_keyword) for field, one in rule.items()])}}
    return _all([_comparison(name, operator, operand, non_keyword) for operator, operand in rule.items()])


def _comparison(field: str, operator: str, operand: Any, non_keyword: Any) -> Any:
    exact = field if non_keyword is None or field in non_keyword else f"{field}.keyword"
    if operator == "eq":
        return {"term": {exact: operand}}
    if operator == "ne":
        return {"bool": {"must_not": {"term": {exact: operand}}}}
    if operator == "range":
        return {"range": {field: {"gte": operand[0], "lte": operand[1]}}}
    if operator in ("gt", "gte", "lt", "lte"):
        return {"range": {field: {operator: operand}}}
    if operator == "exists":
        found = {"exists": {"field": field}}
        return found if operand else {"bool": {"must_not": found}}
    return _text(field, exact, operator, operand)


def _text(field: str, exact: str, operator: str, operand: Any) -> Any:
    if operator == "multiMatch":
        return {"multi_match": {"query": operand, "fields": [field]}}
    names = {"match": "match", "matchPhrase": "match_phrase", "matchPhrasePrefix": "match_phrase_prefix"}
    if operator in names:
        return {names[operator]: {field: operand}}
    if operator in ("wildcard", "regexp"):
        return {operator: {exact: operand}}
    raise ValueError(f"unknown operator in a search filter: {operator}")


PURE: dict[str, Callable[..., Any]] = {
    "toDynamoDBFilterExpression": expression,
    "toDynamoDBConditionExpression": expression,
    "toSubscriptionFilter": subscription_filter,
    "toElasticsearchQueryDSL": query_dsl,
}
