"""What a seed file may not hold: values that grow when they are read."""

import pytest

from habitr_emulator.kernel.errors import SeedError
from habitr_emulator.seed.file import parse

BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("text", [BOMB, "rows: &a [*a]"])
def test_aliases_that_make_millions_of_values_are_refused(text: str) -> None:
    with pytest.raises(SeedError, match=r"s\.yaml: its aliases make more than 1000000 values"):
        parse(text, "s.yaml")


def test_a_few_aliases_are_read() -> None:
    text = "users: [{username: a, attributes: &same {name: x}}, {username: b, attributes: *same}]"
    assert [user.attributes for user in parse(text, "s.yaml").users] == [{"name": "x"}] * 2


def test_a_star_in_a_text_is_no_alias() -> None:
    assert parse("users: [{username: a, password: 'Pass*word-1'}]", "s.yaml").users[0].password == "Pass*word-1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("users: [{username: a, attributes: {name: [x]}}]", "users, entry 1: attributes: name is a text"),
        ("users: [{username: a, groups: [[x]]}]", "users, entry 1: groups is a text"),
        ("users: [{username: {a: b}}]", "users, entry 1: username is a text"),
    ],
)
def test_where_a_text_is_wanted_nothing_nested_is_taken(text: str, told: str) -> None:
    with pytest.raises(SeedError, match=told):
        parse(text, "s.yaml")


def test_what_is_nested_deeply_is_refused() -> None:
    with pytest.raises(SeedError, match=r"s\.yaml: it is nested too deeply"):
        parse(f"rows: {'[' * 500}'*'{']' * 500}", "s.yaml")
