import json
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.lambda_.event_filters import matches, parse

RECORD = {
    "eventName": "INSERT",
    "size": 5,
    "tags": ["a", "b"],
    "empty": "",
    "none": None,
    "dynamodb": {"Keys": {"pk": {"S": "user#1"}}},
}


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ({}, True),
        ({"eventName": ["INSERT", "MODIFY"]}, True),
        ({"eventName": ["REMOVE"]}, False),
        ({"eventName": ["INSERT"], "size": [6]}, False),
        ({"dynamodb": {"Keys": {"pk": {"S": [{"prefix": "user#"}]}}}}, True),
        ({"dynamodb": {"Keys": {"pk": {"S": [{"suffix": "#2"}]}}}}, False),
        ({"dynamodb": {"Keys": {"sk": {"S": ["x"]}}}}, False),
        ({"size": [{"numeric": [">", 1, "<=", 5]}]}, True),
        ({"size": [{"numeric": ["=", 4]}]}, False),
        ({"eventName": [{"numeric": [">", 1]}]}, False),
        ({"tags": ["b"]}, True),
        ({"tags": [{"anything-but": ["a", "b"]}]}, False),
        ({"eventName": [{"anything-but": ["REMOVE"]}]}, True),
        ({"eventName": [{"anything-but": {"prefix": "INS"}}]}, False),
        ({"missing": [{"anything-but": ["x"]}]}, False),
        ({"eventName": [{"exists": True}], "missing": [{"exists": False}]}, True),
        ({"eventName": [{"exists": False}]}, False),
        ({"eventName": [{"equals-ignore-case": "insert"}]}, True),
        ({"none": [None], "empty": [""]}, True),
        ({"missing": [None]}, False),
        ({"size": [True]}, False),
        ({"$or": [{"size": [9]}, {"eventName": ["INSERT"]}]}, True),
        ({"$or": [{"size": [9]}, {"eventName": ["REMOVE"]}]}, False),
    ],
)
def test_a_record_fits_a_pattern_or_not(pattern: dict[str, Any], fits: bool) -> None:
    assert matches(parse(json.dumps(pattern)), RECORD) is fits


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "[]",
        '{"a": "x"}',
        '{"a": []}',
        '{"a": [{"unknown": 1}]}',
        '{"a": [{"numeric": ["~", 1]}]}',
        '{"a": [[1]]}',
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(AwsError) as error:
        parse(pattern)
    assert error.value.message == "Invalid filter pattern definition."
