from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.wire.attribute_value import (
    AttributeSet,
    InvalidAttributeValue,
    Item,
    decode,
    merge,
    split,
    to_plain,
    to_typed,
)
from habitr_emulator.wire.typed_value import read_map

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
numbers = st.sampled_from(
    ["0", "-1", "2.5", "9223372036854775808", "1" * 38, "0.10000000000000000001", "1" + "0" * 60]
)
scalars = st.one_of(
    texts.map(lambda value: {"S": value}),
    numbers.map(lambda value: {"N": value}),
    st.booleans().map(lambda value: {"BOOL": value}),
    st.just({"NULL": True}),
    st.just({"B": "AP8Q"}),
    st.lists(texts, min_size=1, max_size=3, unique=True).map(lambda value: {"SS": value}),
    st.lists(numbers, min_size=1, max_size=3, unique=True).map(lambda value: {"NS": value}),
    st.just({"BS": ["AA==", "AQ=="]}),
)
values: st.SearchStrategy[dict[str, Any]] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda value: {"L": value}),
        st.dictionaries(texts.filter(bool), inner, max_size=3).map(lambda value: {"M": value}),
    ),
    max_leaves=8,
)


@given(st.dictionaries(texts, values, max_size=4))
def test_an_item_survives_its_stored_form(typed: dict[str, Any]) -> None:
    item = Item.from_typed(typed)
    stored = Item(orjson.loads(orjson.dumps(item.plain)), orjson.loads(orjson.dumps(item.types)))
    assert stored.typed == typed
    assert dict(stored) == typed
    assert merge(*split(item.native)) == item.native


def test_plain_is_json_and_types_tell_the_rest() -> None:
    item = Item.from_typed(
        {
            "id": {"S": "a"},
            "n": {"N": "1.50"},
            "tags": {"SS": ["x"]},
            "m": {"M": {"b": {"B": b"\x00"}}},
            "big": {"N": "1" * 30},
        }
    )
    assert item.plain == {"id": "a", "n": 1.5, "tags": ["x"], "m": {"b": "AA=="}, "big": float("1" * 30)}
    assert item.types == {"tags": "SS", "m": {"b": "B"}, "big": "N" + "1" * 30}
    assert Item.from_plain({"id": "a", "n": 3.0}).types is None


def test_to_typed_makes_lists_and_maps_but_never_sets() -> None:
    assert to_typed({"a": ["x", 1, 2.50, None, True]}) == {
        "M": {"a": {"L": [{"S": "x"}, {"N": "1"}, {"N": "2.5"}, {"NULL": True}, {"BOOL": True}]}}
    }


def test_to_plain_shows_sets_as_lists_and_takes_json_numbers() -> None:
    assert to_plain({"M": {"n": {"N": 1}, "s": {"NS": ["1", "2.0"]}, "b": {"BS": [b"\x01"]}}}) == {
        "n": 1,
        "s": [1, 2],
        "b": ["AQ=="],
    }


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        (
            {"S": "a", "N": "1"},
            "Supplied AttributeValue has more than one datatypes set, "
            "must contain exactly one of the supported datatypes",
        ),
        (
            {"NULL": False},
            "One or more parameter values were invalid: Null attribute value types must have the value of true",
        ),
        ({"SS": []}, "One or more parameter values were invalid: An string set  may not be empty"),
        (
            {"SS": ["a", "a"]},
            "One or more parameter values were invalid: Input collection [a, a] contains duplicates.",
        ),
        ({"NS": ["1", "1.0"]}, "Input collection contains duplicates"),
    ],
)
def test_bad_values_are_refused_in_the_services_words(typed: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidAttributeValue) as refusal:
        decode(typed)
    assert refusal.value.message == message


def test_values_nest_thirty_two_levels_and_no_deeper() -> None:
    value: dict[str, Any] = {"S": "x"}  # the innermost level counts, as DynamoDB Local has it
    for _ in range(31):
        value = {"L": [value]}
    assert decode(value)
    with pytest.raises(InvalidAttributeValue, match="Nesting"):
        decode({"L": [value]})


def test_sets_are_equal_in_any_order() -> None:
    assert AttributeSet("SS", ("a", "b")) == AttributeSet("SS", ("b", "a"))
    assert AttributeSet("SS", ("1",)) != AttributeSet("NS", ("1",))


@given(st.dictionaries(texts.filter(bool), values, max_size=4))
def test_what_is_read_at_once_is_what_is_decoded(typed: dict[str, Any]) -> None:
    text = orjson.loads(orjson.dumps(typed))
    assert read_map(text) == {name: decode(value) for name, value in text.items()}


@pytest.mark.parametrize(
    "value",
    [
        {},
        None,
        {"S": 1},
        {"S": "a", "N": "1"},
        {"N": "x"},
        {"NULL": False},
        {"SS": []},
        {"SS": ["a", "a"]},
        {"B": "?"},
        {"M": {"": {"S": "a"}}},
        {"L": [{"M": {"a": {"BOOL": "true"}}}]},
    ],
)
def test_what_is_not_as_it_should_be_is_left_to_the_careful_reader(value: Any) -> None:
    with pytest.raises((ValueError, InvalidAttributeValue)):
        read_map({"a": value})


def test_a_packed_item_is_the_same_item() -> None:
    item = Item.from_typed({"id": {"S": "a"}, "n": {"N": "1.50"}, "b": {"B": "YQ=="}, "s": {"NS": ["1"]}})
    packed = item.packed()
    assert packed.json is not None
    assert packed.typed == item.typed
    assert (packed.plain, packed.types) == (item.plain, item.types)
    assert packed.native == item.native
