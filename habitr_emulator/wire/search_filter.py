"""Filter objects of search queries as OpenSearch's query DSL.

https://docs.aws.amazon.com/appsync/latest/devguide/transformation-helpers-in-utils-transform.html
"""

from collections.abc import Container, Mapping
from typing import Any

_TEXT = {
    "match": "match",
    "matchPhrase": "match_phrase",
    "matchPhrasePrefix": "match_phrase_prefix",
    "wildcard": "wildcard",
    "regexp": "regexp",
}


def query_dsl(value: Mapping[str, Any], non_keyword: Container[str] | None = None) -> dict[str, Any]:
    """Fields not in ``non_keyword`` (if given) are compared on ``.keyword``. Raises ValueError for an unknown
    operator.
    """
    return _all([_clause(name, rule, non_keyword) for name, rule in value.items()])


def _all(clauses: list[dict[str, Any]]) -> dict[str, Any]:
    return clauses[0] if len(clauses) == 1 else {"bool": {"must": clauses}}


def _clause(name: str, rule: Any, non_keyword: Container[str] | None) -> dict[str, Any]:
    if name in ("and", "or"):
        rules = rule if isinstance(rule, list) else [rule]
        inner = [query_dsl(each, non_keyword) for each in rules]
        return (
            {"bool": {"must": inner}} if name == "and" else {"bool": {"should": inner, "minimum_should_match": 1}}
        )
    if name == "not":
        return {"bool": {"must_not": query_dsl(rule, non_keyword)}}
    return _all([_comparison(name, operator, operand, non_keyword) for operator, operand in rule.items()])


def _comparison(field: str, operator: str, operand: Any, non_keyword: Container[str] | None) -> dict[str, Any]:
    exact = field if non_keyword is None or field in non_keyword else f"{field}.keyword"
    match operator:
        case "eq":
            return {"term": {exact: operand}}
        case "ne":
            return {"bool": {"must_not": {"term": {exact: operand}}}}
        case "range":
            return {"range": {field: {"gte": operand[0], "lte": operand[1]}}}
        case "gt" | "gte" | "lt" | "lte":
            return {"range": {field: {operator: operand}}}
        case "exists":
            found = {"exists": {"field": field}}
            return found if operand else {"bool": {"must_not": found}}
        case "multiMatch":
            return {"multi_match": {"query": operand, "fields": [field]}}
    if operator not in _TEXT:
        raise ValueError(f"unknown operator in a search filter: {operator}")
    return {_TEXT[operator]: {field: operand}}
