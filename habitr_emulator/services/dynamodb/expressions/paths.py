"""Document paths among each other: none may overlap or contradict another."""

from collections.abc import Sequence

from habitr_emulator.services.dynamodb.expressions.nodes import BadExpression, Path


def check_apart(paths: Sequence[Path]) -> None:
    """Raise BadExpression if one path lies within another, or two disagree on list or map.

    Paths are looked at by their first names. Of several that overlap, the service names the last that another one
    overlaps, and as the other the last path of all.
    """
    firsts = list(dict.fromkeys(path.elements[0] for path in paths))
    if len(firsts) == len(paths):
        return
    grouped = sorted(paths, key=lambda path: firsts.index(path.elements[0]))
    overlapped = None
    for number, first in enumerate(grouped):
        for second in grouped[number + 1 :]:
            if _within(first, second):
                overlapped = first
    if overlapped is not None:
        raise BadExpression(_problem("overlap", overlapped, grouped[-1]))


def _within(first: Path, second: Path) -> bool:
    for one, two in zip(first.elements, second.elements, strict=False):
        if isinstance(one, int) != isinstance(two, int):
            raise BadExpression(_problem("conflict", first, second))
        if one != two:
            return False
    return True


def _problem(what: str, one: Path, two: Path) -> str:
    return (
        f"Two document paths {what} with each other; must remove or rewrite one of these paths; "
        f"path one: {one}, path two: {two}"
    )
