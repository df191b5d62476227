"""The query DSL: a clause becomes a test of documents, and, if words alone decide, the set that they find.

https://opensearch.org/docs/latest/query-dsl/
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from habitr_emulator.kernel.store import Store
from habitr_emulator.services.opensearch import index as documents
from habitr_emulator.services.opensearch.automaton import BadPattern, Pattern, wildcard
from habitr_emulator.services.opensearch.errors import ParsingException
from habitr_emulator.services.opensearch.values import KEYWORD, Source, like, raw, values, words

#: (document number, source) -> does it match?
Test = Callable[[int, Source], bool]
Clause = Mapping[str, Any]

MAX_DEPTH = 30
#: OpenSearch's limit of clauses, here of the words that a wildcard stands for.
MOST_WORDS = 1024
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}


class Query:
    """Compiles the clauses of one search over one index. Raises ParsingException for what is no query."""

    def __init__(self, store: Store, index: int) -> None:
        self.store, self.index = store, index
        self._found: dict[int, frozenset[int]] = {}
        self._kinds: dict[str, Callable[[Any], Test]] = {
            "match_all": lambda _: lambda number, source: True,
            "match": lambda rule: self._text(rule, _any_word),
            "match_phrase": lambda rule: self._text(rule, _phrase),
            "match_phrase_prefix": lambda rule: self._text(rule, _phrase_prefix),
            "multi_match": self._multi_match,
            "term": lambda rule: _terms({name: [_operand(value)] for name, value in rule.items()}),
            "terms": _terms,
            "terms_set": lambda rule: _terms({name: value["terms"] for name, value in rule.items()}),
            "range": _range,
            "exists": lambda rule: lambda number, source: bool(raw(source, rule["field"])),
            "wildcard": lambda rule: self._pattern(rule, wildcard),
            "regexp": lambda rule: self._pattern(rule, Pattern),
        }

    def test(self, clause: Clause | None, depth: int = 0) -> Test:
        """The test of a clause; no clause matches everything."""
        if not clause:
            return lambda number, source: True
        if depth > MAX_DEPTH or len(clause) != 1:
            raise ParsingException("[bool] malformed query, expected one clause")
        kind, rule = next(iter(clause.items()))
        if kind == "bool":
            return self._bool(rule, depth)
        if kind not in self._kinds:
            raise ParsingException(f"unknown query [{kind}]")
        try:
            return self._kinds[kind](rule)
        except (KeyError, TypeError, AttributeError, BadPattern) as error:
            raise ParsingException(f"[{kind}] malformed query", why=str(error)) from error

    def _bool(self, rule: Clause, depth: int) -> Test:
        musts = [self.test(each, depth + 1) for name in ("must", "filter") for each in _listed(rule.get(name))]
        nots = [self.test(each, depth + 1) for each in _listed(rule.get("must_not"))]
        shoulds = [self.test(each, depth + 1) for each in _listed(rule.get("should"))]
        needed = int(rule.get("minimum_should_match", 0 if musts else 1)) if shoulds else 0

        def run(number: int, source: Source) -> bool:
            return (
                all(test(number, source) for test in musts)
                and not any(test(number, source) for test in nots)
                and (not needed or sum(test(number, source) for test in shoulds) >= needed)
            )

        return run

    def _multi_match(self, rule: Clause) -> Test:
        tests = [self._text({name: rule["query"]}, _any_word) for name in rule["fields"]]
        return lambda number, source: any(test(number, source) for test in tests)

    def _text(self, rule: Clause, expression: Callable[[list[str]], str]) -> Test:
        """Words in a text field; in any other field, the value itself."""
        name, operand = next(iter(rule.items()))
        wanted = _operand(operand)
        same = _terms({name: [wanted]})
        if name.endswith(KEYWORD) or not isinstance(wanted, str):
            return same
        found = self._with_words(name, expression(words(wanted)) if words(wanted) else "")
        return lambda number, source: number in found or (same(number, source) and not _is_text(source, name))

    def _with_words(self, field: str, expression: str) -> frozenset[int]:
        """The documents whose field has what an FTS5 expression says."""
        row = self.store.one(
            "SELECT number FROM opensearch_field WHERE index_number = ? AND name = ?", (self.index, field)
        )
        if row is None or not expression:
            return frozenset()
        rows = self.store.all(
            f"SELECT rowid / {documents.FIELDS} AS document FROM opensearch_text "  # noqa: S608
            "WHERE opensearch_text MATCH ?",
            (f"place : {documents.place(self.index, row['number'])} AND text : ({expression})",),
        )
        return frozenset(each["document"] for each in rows)

    def _pattern(self, rule: Clause, compiled: Callable[[str], Pattern]) -> Test:
        """A wildcard or regular expression, on one word of a text field or on a whole keyword."""
        name, operand = next(iter(rule.items()))
        pattern = compiled(str(_operand(operand)))
        if name.endswith(KEYWORD):
            return lambda number, source: any(pattern.matches(str(each)) for each in values(source, name))
        known = self.store.rows("SELECT DISTINCT term FROM opensearch_term WHERE col = 'text'")
        matching = [row["term"] for row in known if pattern.matches(row["term"])][:MOST_WORDS]
        found = self._with_words(name, _any_word(matching))
        return lambda number, source: number in found


def _operand(value: Any) -> Any:
    """``"x"``, or its long form ``{"query": "x"}`` and ``{"value": "x"}``."""
    return value.get("query", value.get("value")) if isinstance(value, Mapping) else value


def _listed(value: Any) -> list[Clause]:
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _any_word(found: Iterable[str]) -> str:
    return " OR ".join(map(_quoted, found))


def _phrase(found: list[str]) -> str:
    return _quoted(" ".join(found))


def _phrase_prefix(found: list[str]) -> str:
    return _phrase(found) + " *"


def _is_text(source: Source, field: str) -> bool:
    return any(isinstance(value, str) for value in values(source, field))


def _terms(rule: Clause) -> Test:
    name, wanted = next(iter(rule.items()))

    def run(_: int, source: Source) -> bool:
        return any(value == like(each, value) for value in values(source, name) for each in wanted)

    return run


def _range(rule: Clause) -> Test:
    name, bounds = next(iter(rule.items()))
    known = [(_COMPARISONS[operator], bound) for operator, bound in bounds.items() if operator in _COMPARISONS]

    def holds(value: Any) -> bool:
        bound_values = [(compare, like(bound, value)) for compare, bound in known]
        return all(bound is not None and compare(value, bound) for compare, bound in bound_values)

    return lambda number, source: any(holds(value) for value in values(source, name))
