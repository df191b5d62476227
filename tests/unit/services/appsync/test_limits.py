"""Documents that are made to hurt are refused soon, and leave nothing behind."""

from typing import Any

import pytest

from habitr_emulator.services.appsync import documents, execution, plan
from habitr_emulator.services.appsync.documents import Documents
from habitr_emulator.services.appsync.spec import Native, Resolver, ResolverContext
from habitr_emulator.services.appsync.validation import TOO_COMPLEX
from habitr_emulator.services.context import Account
from tests.unit.services.appsync.conftest import Ask, deploy

NONE: dict[tuple[str, str], Native | Resolver] = {("Query", "habits"): lambda _: []}
PLAIN: dict[tuple[str, str], Native | Resolver] = {("Query", "plain"): lambda _: "x"}


def growing(levels: int) -> str:
    """Each fragment spreads the next one twice, under two names."""
    twice = "fragment F{0} on User {{ a: friends {{ ...F{1} }} b: friends {{ ...F{1} }} }}"
    fragments = " ".join(twice.format(number, number + 1) for number in range(levels))
    return f"{{ habits {{ author {{ ...F0 }} }} }} {fragments} fragment F{levels} on User {{ name }}"


async def test_fragments_that_grow_exponentially_are_refused(ask: Ask) -> None:
    answer = await ask(NONE, growing(24))
    assert answer == {
        "data": None,
        "errors": [{"path": None, "locations": [], "message": "The query selects too many fields."}],
    }
    assert "errors" not in await ask(NONE, growing(4))


async def test_the_fields_of_a_plan_are_counted_where_they_are_spread(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "MOST_FIELDS", 5)
    assert "errors" not in await ask(NONE, "{ habits { ...F } } fragment F on Habit { id ups }")
    assert "errors" in await ask(NONE, "{ habits { ...F } } fragment F on Habit { id ups tagline category }")


@pytest.mark.parametrize(
    "text",
    [
        "{ " + " ".join(f"q{number}" for number in range(200)) + " }",
        "query Q(" + " ".join(f"$v{number}: Int" for number in range(200)) + ") { plain }",
    ],
)
async def test_a_document_with_very_many_mistakes_is_told_some_of_them(ask: Ask, text: str) -> None:
    answer = await ask(NONE, text)
    assert answer["data"] is None
    assert 0 < len(answer["errors"]) <= 200


async def test_a_document_that_cannot_be_validated_in_time_is_refused(ask: Ask) -> None:
    answer = await ask(NONE, "{ " + "habits { id } " * 2500 + "}")
    assert [error["message"] for error in answer["errors"]] == [TOO_COMPLEX]


async def test_an_api_without_a_limit_of_its_own_calls_at_most_ten_thousand_resolvers(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "MOST_RESOLVERS", 2)
    assert "errors" not in await ask(PLAIN, "{ a: plain b: plain }")
    answer = await ask(PLAIN, "{ a: plain b: plain c: plain }")
    assert answer["errors"] == [{"message": "Resolver count limit exceeded. Max resolvers: 2."}]


def test_kept_documents_are_bounded_by_their_length(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Documents(deploy(account, NONE).schema)
    first = kept.get("{ plain }")
    assert kept.get("{ plain }") is first
    monkeypatch.setattr(documents, "KEPT_CHARACTERS", 30)
    kept.get("{ once: plain, twice: plain }")
    assert kept.get("{ plain }") is not first


async def test_numbers_without_end_are_no_numbers(ask: Ask) -> None:
    for literal in ("9" * 5000, "-" + "9" * 400, "1." + "0" * 5000):
        answer = await ask(NONE, f"{{ habits(limit: {literal}) {{ id }} }}")
        assert "WrongType" in answer["errors"][0]["message"]
    assert "errors" not in await ask(NONE, "{ habits(limit: 2147483647) { id } }")


async def test_a_native_resolver_that_recurses_too_deeply_fails_alone(ask: Ask) -> None:
    def deep(ctx: ResolverContext) -> Any:
        return deep(ctx)

    answer = await ask(PLAIN | {("Query", "habits"): deep}, "{ plain habits { id } }")
    assert answer["data"] == {"plain": "x", "habits": None}
    assert answer["errors"][0]["message"] == "The arguments are nested too deeply."
