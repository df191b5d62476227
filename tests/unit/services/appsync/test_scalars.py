"""AppSync's scalars: strict in, lenient out."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.appsync.scalars import SCALARS, ScalarError

GOOD: dict[str, list[str]] = {
    "AWSDate": ["1970-01-01", "1970-01-01Z", "2024-02-29-07:00", "1970-01-01+05:30:15"],
    "AWSTime": ["12:30", "12:30:24", "12:30:24.500", "12:30:24.500+05:30", "12:30Z"],
    "AWSDateTime": ["1970-01-01T12:30:24.500Z", "1970-01-01T12:30Z", "2024-02-29T23:59:59.123456789Z"],
    "AWSEmail": ["alice@example.com", "a.b+c@sub.example.org", "x@localhost"],
    "AWSURL": ["https://www.amazon.com/dp/B000NZW3KC/?q=a//b", "ftp://host/file", "http://localhost:80"],
    "AWSPhone": ["+15555555555", "+44 20 7946 0958", "555-555-5555", "+49-30-123456"],
    "AWSIPAddress": ["123.12.34.56", "1.2.3.4/24", "1a2b:3c4b::1234:4567", "::1/64"],
    "AWSJSON": ['{"a": 1}', "[]", '"x"', "5"],
}
BAD: dict[str, list[Any]] = {
    "AWSDate": ["2024-13-01", "2023-02-29", "1970-1-1", "1970-01-01T00:00Z", "", 5],
    "AWSTime": ["24:00", "12:60", "1:30", "12:30:24.", "x"],
    "AWSDateTime": [
        "1970-01-01T12:30:24",
        "2023-02-29T12:30Z",
        "1970-01-01 12:30Z",
        "1970-01-01T12:30:24.1234567890Z",
    ],
    "AWSEmail": ["nope", "@x.org", "a@", "a b@x.org"],
    "AWSURL": ["nope", "www.amazon.com", "https://", "https://a//b", "https://a/b//c"],
    "AWSPhone": ["nope", "1110004444", "+", "+0123456789"],
    "AWSIPAddress": ["999.1.1.1", "1.2.3", "::1/129", "1.2.3.4/255.255.255.0", "fe80::1%eth0"],
    "AWSJSON": ["{bad", "", "{'a': 1}", 5],
    "AWSTimestamp": ["5", 1.5, True, 2**63],
    "Int": ["5", True, 2**31, -(2**31) - 1, 1.5],
    "Float": ["1", True, float("nan")],
    "Boolean": ["true", 1],
    "String": [{}, []],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_a_good_value_passes_and_is_kept_as_sent(name: str, value: str) -> None:
    parsed = SCALARS[name].parse(value)
    assert parsed == value or name == "AWSJSON"
    assert SCALARS[name].write(value) == value


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("2024-02-29T23:59+05:30", "2024-02-29T18:29:00.000Z"),
        ("2024-02-29T23:59:59.123456789-18:00", "2024-03-01T17:59:59.123Z"),
        ("2024-02-29T10:00:00+00:00", "2024-02-29T10:00:00.000Z"),
        ("0001-01-01T00:00:00+02:00", "0001-01-01T00:00:00+02:00"),
    ],
)
def test_a_time_with_an_offset_is_stored_as_sent_and_answered_in_utc(sent: str, answered: str) -> None:
    scalar = SCALARS["AWSDateTime"]
    assert scalar.parse(sent) == sent
    assert scalar.write(sent) == answered
    assert scalar.known is not None
    assert scalar.known(sent) is (sent == answered)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_bad_value_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ScalarError):
        SCALARS[name].parse(value)


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("String", 5, "5"),
        ("String", {"a": 1, "b": [True, None]}, "{a=1, b=[true, null]}"),
        ("ID", 7, "7"),
        ("Int", "5", 5),
        ("Int", 5.0, 5),
        ("Float", "1.5", 1.5),
        ("Boolean", "TRUE", True),
        ("Boolean", 0, False),
        ("AWSTimestamp", "5", 5),
        ("AWSJSON", {"a": 1}, '{"a":1}'),
        ("AWSJSON", "plain", '"plain"'),
    ],
)
def test_results_are_written_leniently(name: str, value: Any, written: Any) -> None:
    assert SCALARS[name].write(value) == written


@pytest.mark.parametrize(
    ("name", "value"), [("Int", "x"), ("Int", 1.5), ("Int", 2**31), ("Float", "inf"), ("Boolean", "x")]
)
def test_what_cannot_be_written_is_an_error(name: str, value: Any) -> None:
    with pytest.raises(ScalarError, match="Unable to serialize"):
        SCALARS[name].write(value)


@given(st.text())
def test_no_text_breaks_a_scalar(text: str) -> None:
    for scalar in SCALARS.values():
        for function in (scalar.parse, scalar.write):
            with suppress(ScalarError):
                assert function(text) is not None or text.strip() == "null"
