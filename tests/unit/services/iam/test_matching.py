"""Patterns match as a plain reading of them would, and never take long."""

import re

from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.iam.matching import matches, matches_arn

PATTERNS = st.text("ab:*?", max_size=14)
TEXTS = st.text("ab:", max_size=14)


def plainly(pattern: str, star: str, one: str) -> str:
    return "".join(star if sign == "*" else one if sign == "?" else re.escape(sign) for sign in pattern)


@given(PATTERNS, TEXTS)
def test_stars_and_question_marks_mean_what_they_mean_to_a_plain_reader(pattern: str, text: str) -> None:
    wanted = re.fullmatch(plainly(pattern, ".*", "."), text, re.DOTALL) is not None
    assert matches(pattern, text) is wanted


@given(st.text("ab*?", max_size=14).filter(lambda text: ":" not in text), TEXTS)
def test_in_an_arn_they_do_not_cross_a_colon(pattern: str, text: str) -> None:
    wanted = re.fullmatch(plainly(pattern, "[^:]*", "[^:]"), text) is not None
    assert matches_arn(pattern, text) is wanted


@given(st.text("ab:*?", max_size=14).filter(lambda text: text.count(":") < 5), TEXTS)
def test_a_part_of_an_arn_is_matched_by_its_own_pattern_alone(pattern: str, text: str) -> None:
    wanted = re.fullmatch(plainly(pattern, "[^:]*", "[^:]"), text) is not None
    assert matches_arn(pattern, text) is wanted


def test_a_pattern_made_to_try_everything_is_answered_at_once() -> None:
    assert not matches("*a" * 40 + "b", "a" * 1024)
    assert not matches_arn("*a" * 40 + "b", "a" * 1024)
    assert matches("*a" * 40 + "*", "a" * 1024)
