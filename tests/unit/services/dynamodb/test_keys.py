from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.dynamodb.keys import encode_key
from habitr_emulator.services.dynamodb.sizes import item_size
from habitr_emulator.wire.number import parse_number

numbers = st.tuples(st.integers(-(10**20), 10**20), st.integers(-60, 60)).map(
    lambda pair: Decimal(pair[0]).scaleb(pair[1])
)


@given(numbers, numbers)
def test_number_keys_sort_by_value(one: Decimal, two: Decimal) -> None:
    left, right = encode_key(parse_number(str(one))), encode_key(parse_number(str(two)))
    assert (left < right) == (one < two)
    assert (left == right) == (one == two)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_text_keys_sort_by_code_point(one: str, two: str) -> None:
    assert (encode_key(one) < encode_key(two)) == (one < two)


def test_an_items_size_counts_names_and_values() -> None:
    assert item_size({"pk": "ab", "n": 5, "neg": -123, "b": b"xyz", "t": True, "l": ["é"], "u": None}) == (
        4 + (1 + 2) + (3 + 4) + (1 + 3) + (1 + 1) + (1 + 3 + 1 + 2) + (1 + 1)
    )
