"""Two hands of one clock; ids that are random, and ids that follow from names."""

import re
import time

import pytest

from habitr_emulator.kernel.clock import Clock, http_date, iso8601, moment
from habitr_emulator.kernel.ids import Ids, derived_base36, derived_base62, derived_uuid


def test_the_emulators_hand_moves_and_the_real_one_does_not() -> None:
    clock = Clock()
    clock.advance(3600)
    assert clock.now() - clock.real() == pytest.approx(3600, abs=1)
    assert clock.real() == pytest.approx(time.time(), abs=1)
    assert clock.offset == pytest.approx(3600, abs=1)
    clock.resume()
    assert clock.offset == pytest.approx(0, abs=1)


def test_a_frozen_clock_stands_and_can_be_pushed() -> None:
    clock = Clock()
    clock.freeze()
    at = clock.now()
    assert clock.frozen
    assert clock.now() == at
    clock.advance(5)
    assert clock.now() == at + 5
    clock.set(1_000_000.25)
    assert (clock.now(), clock.iso()) == (1_000_000.25, "1970-01-12T13:46:40.250Z")
    clock.resume()
    assert not clock.frozen


def test_a_clock_that_was_set_goes_on() -> None:
    clock = Clock()
    clock.set(0.0)
    assert 0 <= clock.now() < 5


def test_times_are_written_as_aws_writes_them() -> None:
    assert iso8601(1_795_287_723.456) == "2026-11-21T19:02:03.456Z"
    assert iso8601(0) == "1970-01-01T00:00:00.000Z"
    assert http_date(1_795_287_723) == "Sat, 21 Nov 2026 19:02:03 GMT"


@pytest.mark.parametrize("text", ["1798761600", "2027-01-01", "2027-01-01T00:00:00Z", "2027-01-01T01:00:00+01:00"])
def test_a_moment_is_seconds_or_iso_8601_in_utc_unless_it_says_otherwise(text: str) -> None:
    assert moment(text) == 1_798_761_600


def test_derived_ids_are_the_same_on_every_machine() -> None:
    assert derived_base62(9, "user-pool", "habitr", "dev") == "SslKlt3Vo"
    assert derived_base36(26, "client", "web") == derived_base36(26, "client", "web")
    assert derived_base36(26, "client", "web") != derived_base36(26, "clientweb")
    assert derived_uuid("pool", "a") == derived_uuid("pool", "a") != derived_uuid("pool", "b")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", derived_uuid("x"))


def test_seeded_ids_repeat_and_others_do_not() -> None:
    assert [Ids(seed=7).uuid(), Ids(seed=7).digits(6)] == [Ids(seed=7).uuid(), Ids(seed=7).digits(6)]
    free = Ids()
    assert len({free.uuid() for _ in range(1000)}) == 1000
    assert re.fullmatch(r"\d{6}", free.digits(6))
    assert re.fullmatch(r"[0-9a-z]{26}", free.base36(26))
    assert re.fullmatch(r"[0-9A-Za-z]{40}", free.base62(40))
    assert len(free.bytes(32)) == 32
    assert 0 <= free.random() < 1
    assert free.integer(8) < 256
