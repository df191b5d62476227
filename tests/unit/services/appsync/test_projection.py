"""Projectors and the exact way agree, whatever the value."""

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.appsync.apis import compiled
from habitr_emulator.services.appsync.completion import Completion, Propagate
from habitr_emulator.services.appsync.plan import FieldPlan, Plan
from habitr_emulator.services.appsync.projection import MISFITS
from tests.unit.services.appsync.conftest import ALICE, api_of

SCHEMA = compiled(api_of({("Habit", "author"): lambda ctx: None}))
TEXT = """{ habits { id tagline category ups tags details at __typename photo { key bucket } author { name }
  must { friends { friends { name } } } } }"""
SCALAR = (
    st.none() | st.booleans() | st.integers(-3, 2**31) | st.floats() | st.sampled_from(["", "x", "5", "Health"])
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "tagline",
                    "category",
                    "ups",
                    "tags",
                    "details",
                    "at",
                    "photo",
                    "key",
                    "must",
                    "name",
                    "friends",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)
GOOD = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["1", 2]),
        "tagline": st.just("t"),
        "must": st.fixed_dictionaries({"friends": st.lists(st.just({"friends": [{"name": "n"}]}), max_size=2)}),
    },
    optional={
        "ups": SCALAR,
        "category": st.sampled_from(["Health", "Nope", 1]),
        "tags": st.lists(SCALAR, max_size=2),
        "at": st.sampled_from(["2026-11-21T10:00:00Z", "yesterday"]),
        "photo": st.dictionaries(st.sampled_from(["key", "bucket"]), SCALAR),
    },
)


def field() -> FieldPlan:
    (operation,) = SCHEMA.documents(TEXT).operations.values()
    plan: Plan = operation.plan(ALICE, {})
    return plan.fields[0]


@given(st.lists(GOOD | VALUE, max_size=3) | VALUE)
def test_a_projector_gives_what_the_exact_way_gives_or_nothing(value: Any) -> None:
    item = field()
    errors: list[Any] = []
    slow_level: list[Any] = []
    slow_data: dict[str, Any] = {}
    try:
        slow = Completion(errors, slow_level).value(item, copy.deepcopy(value), (None, slow_data, item.key, True))
    except Propagate:
        slow = None
    fast_level: list[Any] = []
    assert item.complete is not None
    try:
        fast = item.complete(value, (None, {}, item.key, True), fast_level)
    except MISFITS:
        assert errors
        return
    assert repr(fast) == repr(slow)
    assert errors == []
    assert [entry[3][2] for entry in fast_level] == [entry[3][2] for entry in slow_level]
