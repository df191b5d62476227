"""The order of hits, and where a page begins. https://opensearch.org/docs/latest/search-plugins/searching-data/sort/"""

from collections.abc import Mapping, Sequence
from functools import cmp_to_key
from typing import Any

from habitr_emulator.services.opensearch.values import Source, like, values


class Order:
    """``sort`` of a search: a list of ``{field: direction}`` or ``{field: {"order": direction}}``."""

    def __init__(self, sort: Sequence[Mapping[str, Any]]) -> None:
        self.fields = [
            (name, (given.get("order", "asc") if isinstance(given, Mapping) else given) == "desc")
            for clause in sort
            for name, given in clause.items()
        ]

    def key(self, source: Source) -> list[Any]:
        """A document's sort values; of a list the least, or descending the greatest; None for none."""
        found = []
        for name, descending in self.fields:
            present = values(source, name)
            try:
                found.append((max if descending else min)(present) if present else None)
            except TypeError:
                found.append(present[0])
        return found

    def compare(self, left: Sequence[Any], right: Sequence[Any]) -> int:
        """Negative if ``left`` comes first; what is missing comes last in either direction."""
        for (_, descending), one, other in zip(self.fields, left, right, strict=False):
            if one == other:
                continue
            if one is None or other is None:
                return 1 if one is None else -1
            wanted = other if type(one) is type(other) else like(other, one)
            if wanted is None or one == wanted:
                continue
            before = str(one) < str(wanted) if isinstance(one, str) else one < wanted
            return (1 if before else -1) if descending else (-1 if before else 1)
        return 0

    def sorted(self, keyed: list[tuple[list[Any], Any]]) -> list[tuple[list[Any], Any]]:
        """(sort values, hit) in order."""
        by_values = cmp_to_key(self.compare)
        return sorted(keyed, key=lambda hit: by_values(hit[0]))
