"""Filters of AppSync's schemas as expressions and subscription filters."""

from typing import Any

import pytest

from habitr_emulator.wire.appsync_filter import attribute_value, dynamodb_expression, subscription_filter


@pytest.mark.parametrize(
    ("filter", "expression"),
    [
        ({}, ""),
        ({"a": {}}, ""),
        ({"and": [], "or": None, "not": {}}, ""),
        ({"a": {"eq": 1}}, "#a = :a_eq"),
        ({"a": {"ge": 1, "lt": 9}}, "(#a >= :a_ge) AND (#a < :a_lt)"),
        ({"a": {"notContains": "x"}}, "NOT contains(#a, :a_notContains)"),
        ({"a": {"beginsWith": "x"}}, "begins_with(#a, :a_beginsWith)"),
        ({"a": {"between": [1, 2]}}, "#a BETWEEN :a_between_1 AND :a_between_2"),
        ({"a": {"in": ["x", "y"]}}, "#a IN (:a_in_0, :a_in_1)"),
        ({"a": {"attributeExists": False}}, "attribute_not_exists(#a)"),
        ({"a": {"attributeType": "stringSet"}}, "attribute_type(#a, :a_attributeType)"),
        ({"a": {"size": {"gt": 1, "le": 5}}}, "(size(#a) > :a_size_gt) AND (size(#a) <= :a_size_le)"),
        ({"or": [{"a": {"eq": 1}}, {"a": {"eq": 2}}]}, "(#a = :a_eq) OR (#a = :a_eq_2)"),
        ({"and": {"a": {"eq": 1}}}, "#a = :a_eq"),
        ({"not": {"a": {"eq": 1}, "b": {"eq": 2}}}, "NOT ((#a = :a_eq) AND (#b = :b_eq))"),
    ],
)
def test_a_filter_becomes_an_expression(filter: dict[str, Any], expression: str) -> None:
    made = dynamodb_expression(filter)
    assert made["expression"] == expression
    for placeholder in (*made["expressionNames"], *made["expressionValues"]):
        assert placeholder in expression


def test_values_are_typed_and_names_safe() -> None:
    made = dynamodb_expression({"a-b": {"eq": None}, "c": {"attributeType": "_null"}})
    assert made["expressionNames"] == {"#field0": "a-b", "#c": "c"}
    assert list(made["expressionValues"].values()) == [{"NULL": None}, {"S": "NULL"}]
    assert attribute_value({"l": [1, True]}) == {"M": {"l": {"L": [{"N": 1}, {"BOOL": True}]}}}


@pytest.mark.parametrize("filter", [{"a": {"like": 1}}, {"a": {"between": [1]}}, {"a": {"size": {"in": [1]}}}])
def test_an_operator_that_does_not_exist_is_refused(filter: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"operator|between"):
        dynamodb_expression(filter)


def test_a_filter_nested_without_end_is_refused() -> None:
    filter: dict[str, Any] = {}
    filter["not"] = filter
    with pytest.raises(ValueError, match="deeper"):
        dynamodb_expression(filter)


def condition(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"fieldName": field, "operator": operator, "value": value}


def test_alternatives_become_groups() -> None:
    filter = {
        "percentageUp": {"le": 50, "ge": 20},
        "and": [{"title": {"ne": "Book1"}}],
        "or": [{"author": {"eq": "Admin"}}, {"isPublished": {"eq": False}}],
    }
    shared = [
        condition("percentageUp", "le", 50),
        condition("percentageUp", "ge", 20),
        condition("title", "ne", "Book1"),
    ]
    assert subscription_filter(filter) == {
        "filterGroup": [
            {"filters": [*shared, condition("author", "eq", "Admin")]},
            {"filters": [*shared, condition("isPublished", "eq", False)]},
        ]
    }


def test_ignored_fields_are_left_out_and_rules_hold_in_every_group() -> None:
    rules = {"or": [{"owner": {"eq": "me"}}, {"team": {"in": ["a", "b"]}}]}
    made = subscription_filter({"a": {"eq": 1}, "or": [{"b": {"eq": 2}}]}, ["b"], rules)
    assert made == {
        "filterGroup": [
            {"filters": [condition("a", "eq", 1), condition("owner", "eq", "me")]},
            {"filters": [condition("a", "eq", 1), condition("team", "in", ["a", "b"])]},
        ]
    }


def test_an_empty_filter_filters_nothing_but_its_rules() -> None:
    assert subscription_filter({}) == {"filterGroup": []}
    assert subscription_filter({}, (), {"o": {"eq": 1}}) == {
        "filterGroup": [{"filters": [condition("o", "eq", 1)]}]
    }


@pytest.mark.parametrize("filter", [{"not": {"a": {"eq": 1}}}, {"a": {"size": 1}}, {"a": 5}])
def test_what_a_subscription_cannot_filter_is_refused(filter: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="subscription filter"):
        subscription_filter(filter)


def test_too_many_combinations_are_refused() -> None:
    either = {"or": [{"a": {"eq": 1}}, {"b": {"eq": 2}}]}
    with pytest.raises(ValueError, match="combinations"):
        subscription_filter({"and": [either] * 11})
