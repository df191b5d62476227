from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.wire.number import (
    OVERFLOW,
    TOO_MANY_DIGITS,
    UNDERFLOW,
    InvalidAttributeValue,
    add,
    exact,
    less,
    number_text,
    parse_number,
)

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(
    lambda number: (
        not number or (-130 <= number.adjusted() <= 125 and len(str(number.normalize().as_tuple().digits)) < 38)
    )
)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("1.0", "1"),
        ("1e2", "100"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("007", "7"),
        (".5", "0.5"),
        ("1.", "1"),
        ("-12.50", "-12.5"),
        ("0.1", "0.1"),
        ("9223372036854775808", "9223372036854775808"),
        ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
        ("1e125", "1" + "0" * 125),
        ("-1E-130", "-0." + "0" * 129 + "1"),
        ("1" * 38 + "00", "1" * 38 + "00"),
        ("0e99999999999", "0"),
    ],
)
def test_a_number_is_kept_in_plain_notation(given_text: str, kept: str) -> None:
    assert number_text(parse_number(given_text)) == kept


@pytest.mark.parametrize(
    "text", ["abc", "", "1_000", "0x10", " 5", "5 ", "NaN", "Infinity", "1e", "--1", "1,5", "٣", "-"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidAttributeValue, match="cannot be converted to a numeric value"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1" * 39, TOO_MANY_DIGITS),
        ("1e126", OVERFLOW),
        ("-1e99999999999", OVERFLOW),
        ("1e-131", UNDERFLOW),
    ],
)
def test_what_is_too_precise_or_out_of_range_is_refused(text: str, message: str) -> None:
    with pytest.raises(InvalidAttributeValue) as refusal:
        parse_number(text)
    assert refusal.value.message == message


@given(decimals, decimals)
def test_order_and_equality_are_those_of_the_decimals(one: Decimal, two: Decimal) -> None:
    left, right = parse_number(str(one)), parse_number(str(two))
    assert less(left, right) == (one < two)
    assert (left.__class__ is right.__class__ and left == right) == (one == two)
    assert exact(left) == one


def test_sums_are_exact_or_refused() -> None:
    assert number_text(add(parse_number("0.1"), parse_number("0.2"))) == "0.3"
    assert number_text(add(parse_number("9" * 38), 1)) == "1" + "0" * 38
    assert number_text(add(9223372036854775807, 1)) == "9223372036854775808"
    with pytest.raises(InvalidAttributeValue, match="38"):
        add(parse_number("9" * 38), parse_number("0.1"))
    with pytest.raises(InvalidAttributeValue, match="overflow"):
        add(parse_number("9e125"), parse_number("9e125"))
