"""Expression text to something that runs, once per text and names: the results are kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any, Generic, TypeVar

from habitr_emulator.services.dynamodb.expressions import checks, condition, key_condition, update
from habitr_emulator.services.dynamodb.expressions.condition_parser import ConditionParser
from habitr_emulator.services.dynamodb.expressions.nodes import (
    BadExpression,
    Node,
    Path,
    invalid_expression,
)
from habitr_emulator.services.dynamodb.expressions.parser import Parser
from habitr_emulator.services.dynamodb.expressions.paths import check_apart
from habitr_emulator.services.dynamodb.expressions.projection import Tree, tree
from habitr_emulator.services.dynamodb.expressions.update_parser import UpdateParser

KEPT = 2048
Names = tuple[tuple[str, str], ...]
Clauses = Callable[[], list[key_condition.Clause]]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Compiled(Generic[R]):
    """A compiled expression. ``run`` is the test, update function, projection tree or what gives the key clauses;
    ``attributes`` are the top-level attributes it names, ``nested`` those it goes into, ``paths`` what an update
    touches.
    """

    kind: str
    run: R
    names: frozenset[str]
    values: tuple[str, ...]
    checks: "tuple[checks.Check, ...]"
    attributes: frozenset[str]
    nested: frozenset[str]
    paths: tuple[Path, ...] = ()

    def check(self, values: Mapping[str, Any]) -> None:
        """Refuse what ``checks`` finds wrong. Raises ValidationException."""
        try:
            for check in self.checks:
                check(values)
        except BadExpression as problem:
            raise invalid_expression(self.kind, problem) from None


def compile_condition(kind: str, text: str, names: Names) -> Compiled[condition.Test]:
    """A ConditionExpression or FilterExpression."""
    return _condition(kind, text, names)


@lru_cache(KEPT)
def _condition(kind: str, text: str, names: Names) -> Compiled[condition.Test]:
    return _guard(kind, lambda: _compile_test(kind, ConditionParser(text, dict(names))))


def _compile_test(kind: str, parser: ConditionParser) -> Compiled[condition.Test]:
    node = parser.condition()
    return _compiled(kind, parser, condition.test(node), node)


def compile_key_condition(text: str, names: Names) -> Compiled[Clauses]:
    """A KeyConditionExpression."""
    return _key_condition(text, names)


@lru_cache(KEPT)
def _key_condition(text: str, names: Names) -> Compiled[Clauses]:
    kind = "KeyConditionExpression"

    def read() -> Compiled[Clauses]:
        parser = ConditionParser(text, dict(names))
        node = parser.condition()
        return _compiled(kind, parser, cache(partial(key_condition.clauses, node)), node)

    return _guard(kind, read)


def compile_projection(text: str, names: Names) -> Compiled[Tree]:
    """A ProjectionExpression."""
    return _projection(text, names)


@lru_cache(KEPT)
def _projection(text: str, names: Names) -> Compiled[Tree]:
    kind = "ProjectionExpression"

    def read() -> Compiled[Tree]:
        parser = Parser(text, dict(names))
        paths = parser.projection()
        check_apart(paths)
        found = tuple(checks.of_paths(paths))
        return Compiled(kind, tree(paths), frozenset(parser.names_used), (), found, *_named(paths))

    return _guard(kind, read)


def compile_update(text: str, names: Names) -> Compiled[update.Apply]:
    """An UpdateExpression."""
    return _update(text, names)


@lru_cache(KEPT)
def _update(text: str, names: Names) -> Compiled[update.Apply]:
    kind = "UpdateExpression"

    def read() -> Compiled[update.Apply]:
        parser = UpdateParser(text, dict(names))
        node = parser.update()
        check_apart(node.paths)
        return Compiled(
            kind,
            update.compiled(node),
            frozenset(parser.names_used),
            tuple(parser.values_used),
            tuple(checks.of(node)),
            *_named(checks.paths_in(node)),
            tuple(node.paths),
        )

    return _guard(kind, read)


def _named(paths: Sequence[Path]) -> tuple[frozenset[str], frozenset[str]]:
    """The top-level attributes of paths, and those of longer ones."""
    every = frozenset(str(path.elements[0]) for path in paths)
    return every, frozenset(str(path.elements[0]) for path in paths if len(path.elements) > 1)


def _compiled(kind: str, parser: Parser, run: R, node: Node) -> Compiled[R]:
    names, values = frozenset(parser.names_used), tuple(parser.values_used)
    return Compiled(kind, run, names, values, tuple(checks.of(node)), *_named(checks.paths_in(node)))


def _guard(kind: str, read: Callable[[], R]) -> R:
    try:
        return read()
    except BadExpression as problem:
        raise invalid_expression(kind, problem) from None
