"""Argument and enhanced filters."""

from typing import Any

import pytest

from habitr_emulator.services.appsync.realtime.filters import arguments_match, check, filter_matches
from habitr_emulator.services.appsync.spec import ResolverError

EVENT = {"name": "Walk", "ups": 3, "live": True, "none": None, "tags": ["a", "b"], "at": {"city": "Oslo"}}


@pytest.mark.parametrize(
    ("arguments", "heard"),
    [
        ({}, True),
        ({"name": "Walk", "ups": 3}, True),
        ({"name": "Walk", "ups": 4}, False),
        ({"ups": 3.0}, True),
        ({"live": 1}, False),
        ({"none": None}, True),
        ({"absent": None}, True),
        ({"name": None}, False),
        ({"absent": "x"}, False),
        ({"tags": ["a", "b"]}, False),
    ],
)
def test_every_given_argument_must_equal_the_events_field(arguments: dict[str, Any], heard: bool) -> None:
    assert arguments_match(arguments, EVENT) is heard


@pytest.mark.parametrize(
    ("field", "operator", "value", "heard"),
    [
        ("name", "eq", "Walk", True),
        ("name", "ne", "Walk", False),
        ("ups", "le", 3, True),
        ("ups", "lt", 3, False),
        ("ups", "ge", 3.5, False),
        ("ups", "gt", 2, True),
        ("name", "gt", 2, False),
        ("live", "ge", 0, False),
        ("name", "contains", "al", True),
        ("tags", "contains", "a", True),
        ("tags", "notContains", "a", False),
        ("name", "beginsWith", "Wa", True),
        ("ups", "in", [1, 3], True),
        ("ups", "notIn", [1, 3], False),
        ("ups", "between", [1, 3], True),
        ("name", "between", ["X", "Z"], False),
        ("tags", "containsAny", ["x", "b"], True),
        ("at.city", "eq", "Oslo", True),
        ("at.nope.deep", "eq", "Oslo", False),
        ("none", "eq", None, False),
        ("none", "ne", "x", True),
        ("none", "notIn", ["x"], True),
        ("none", "notContains", "x", True),
        ("none", "lt", 5, False),
    ],
)
def test_an_operator_compares_a_field_of_the_event(field: str, operator: str, value: Any, heard: bool) -> None:
    wanted = {"filterGroup": [{"filters": [{"fieldName": field, "operator": operator, "value": value}]}]}
    check(wanted)
    assert filter_matches(wanted, EVENT) is heard


def test_filters_of_a_group_are_all_needed_and_one_group_is_enough() -> None:
    yes = {"fieldName": "ups", "operator": "eq", "value": 3}
    no = {"fieldName": "ups", "operator": "eq", "value": 4}
    assert not filter_matches({"filterGroup": [{"filters": [yes, no]}]}, EVENT)
    assert filter_matches({"filterGroup": [{"filters": [yes, no]}, {"filters": [yes]}]}, EVENT)


ONE = {"fieldName": "a", "operator": "eq", "value": 1}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"filterGroup": []},
        {"filterGroup": [{"filters": [ONE]}] * 11},
        {"filterGroup": [{"filters": [ONE] * 6}]},
        {"filterGroup": [{}]},
        {"filterGroup": [{"filters": [{**ONE, "operator": "like"}]}]},
        {"filterGroup": [{"filters": [{**ONE, "fieldName": "a.b.c.d.e.f"}]}]},
        {"filterGroup": [{"filters": [{**ONE, "operator": "in"}]}]},
        {"filterGroup": [{"filters": [{**ONE, "operator": "in", "value": list(range(21))}]}]},
        {"filterGroup": [{"filters": [{"operator": "eq"}]}]},
    ],
)
def test_a_filter_over_the_limits_or_of_another_form_is_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(ResolverError):
        check(wanted)
