"""Timestamps in all three styles."""

import pytest

from habitr_emulator.wire.model import UnparsableInput
from habitr_emulator.wire.timestamps import format_timestamp, parse_timestamp

AT = 1_795_287_723.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-21T19:02:03Z", AT),
        ("2026-11-21T19:02:03.250Z", AT + 0.25),
        ("20261121T190203Z", AT),
        ("2026-11-21T20:02:03+01:00", AT),
        ("2026-11-21T19:02:03", AT),
        ("2026-11-21", AT - 19 * 3600 - 123),
        ("Sat, 21 Nov 2026 19:02:03 GMT", AT),
        ("Sat, 21 Nov 2026 20:02:03 +0100", AT),
        ("1795287723", AT),
        ("1.795287723E9", AT),
    ],
)
def test_every_style_is_read(text: str, seconds: float) -> None:
    assert parse_timestamp(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "nan", "Sat, 31 Feb 2026 19:02:03 GMT", "2026-11-21T25:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UnparsableInput):
        parse_timestamp(text)


def test_every_style_is_written() -> None:
    assert format_timestamp(AT + 0.25, "iso8601") == "2026-11-21T19:02:03.250Z"
    assert format_timestamp(AT, "rfc822") == "Sat, 21 Nov 2026 19:02:03 GMT"
    assert (format_timestamp(AT, "unixTimestamp"), format_timestamp(AT + 0.5, "unixTimestamp")) == (
        "1795287723",
        "1795287723.5",
    )
