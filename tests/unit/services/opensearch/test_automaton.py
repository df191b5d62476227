"""Regular expressions as automata: they mean what Python's mean, and never take long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.services.opensearch.automaton import BadPattern, Pattern, wildcard

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\.", "[a-b]"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,2}", "{1,}"])).map(
            lambda p: f"({p[0]}){p[1]}"
        ),
    ),
    max_leaves=6,
)


@given(PATTERNS, st.text("ab.", max_size=6))
def test_a_pattern_matches_what_python_matches(pattern: str, word: str) -> None:
    assert Pattern(pattern).matches(word) == bool(re.fullmatch(pattern, word))


def test_a_pattern_that_backtracking_would_never_finish_is_done_at_once() -> None:
    assert not Pattern("(a+)+b").matches("a" * 2000)
    assert not wildcard("*a*a*a*a*a*b").matches("a" * 500)


@pytest.mark.parametrize(("text", "word"), [("wat?r", "water"), ("w*", "w"), ("a.b*", "a.bc"), ("*(x)", "y(x)")])
def test_a_wildcard_stands_for_text(text: str, word: str) -> None:
    assert wildcard(text).matches(word)
    assert not wildcard(text).matches(f"-{word}-")


@pytest.mark.parametrize("pattern", ["(", "a)", "[a", "*", "a{", "a{2000}", "(a{999}){999}", "x" * 1001, "\\"])
def test_what_is_no_pattern_or_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        Pattern(pattern)
