"""Document paths among each other: none may overlap or contradict another."""

from collections.abc import Sequence

from habitr_emulator.services.dynamodb.expressions.nodes import BadExpression, Path


def check_apart(paths: Sequence[Path]) -> None:
    """Raise BadExpression if one path lies within another, or two disagree on list or map."""
    if len({path.elements[0] for path in paths}) == len(paths):
        return
    for number, second in enumerate(paths):
        for first in paths[:number]:
            _check_pair(first, second)


def _check_pair(first: Path, second: Path) -> None:
    shown = f"must remove or rewrite one of these paths; path one: {first}, path two: {second}"
    for one, two in zip(first.elements, second.elements, strict=False):
        if isinstance(one, int) != isinstance(two, int):
            raise BadExpression(f"Two document paths conflict with each other; {shown}")
        if one != two:
            return
    raise BadExpression(f"Two document paths overlap with each other; {shown}")
