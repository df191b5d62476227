"""Values in traces: as they were, small, without secrets."""
# ruff: noqa: E501 - one case a line

from collections import UserDict
from typing import Any

import pytest

from habitr_emulator.kernel.trace import SHOWN_CHARACTERS, Snapshot, Span


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"a": [1, None, {"b": "c"}]}, {"a": [1, None, {"b": "c"}]}),
        ({"password": "p", "in": {"accessToken": {"S": "t"}, "nextToken": "n"}}, {"password": "(hidden)", "in": {"accessToken": "(hidden)", "nextToken": "n"}}),
        ({"apiKey": None, "x-api-key": "k", "Authorization": "a"}, {"apiKey": None, "x-api-key": "(hidden)", "Authorization": "(hidden)"}),
        (UserDict({"secret": "s", "a": 1}), {"secret": "(hidden)", "a": 1}),
        ({"set": {1}}, {"set": "{1}"}),
        ({"large": 10**30, "password": "x"}, {"large": 10.0**30, "password": "(hidden)"}),
        ({"half": "\ud800"}, '{"half":"\\ud800"}…'),
        ({(1, 2): 3}, "(cannot be shown)"),
    ],
)  # fmt: skip
def test_secrets_are_hidden_wherever_they_stand(value: Any, shown: Any) -> None:
    assert Snapshot(value).shown() == shown


def test_a_value_that_is_too_large_is_cut_and_its_secrets_are_hidden_all_the_same() -> None:
    shown = Snapshot({"a": 'x"y', "password": "hunter2", "token": {"S": "t"}, "rest": "z" * 10_000}).shown()
    assert shown.startswith('{"a":"x\\"y","password":"(hidden)","token":"(hidden)"')
    cut = Snapshot({"pad": "z" * (SHOWN_CHARACTERS - 30), "password": "hunter2" * 10}).shown()
    assert "hunter" not in cut
    assert cut.endswith("…")


def test_a_snapshot_stays_when_its_value_changes() -> None:
    span, value = Span("step"), {"a": 1}
    span.note(request=Snapshot(value), plain=True)
    value["a"] = 2
    assert span.tree()["facts"] == {"request": {"a": 1}, "plain": True}
