"""Projections: which parts of an item are shown.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
"""

from collections.abc import Iterable
from typing import Any

from habitr_emulator.services.dynamodb.expressions.comparison import MISSING
from habitr_emulator.services.dynamodb.expressions.condition import find
from habitr_emulator.services.dynamodb.expressions.nodes import Path
from habitr_emulator.wire.attribute_value import Item
from habitr_emulator.wire.typed_value import Native

#: By name or list index: None shows the whole, a tree goes inside.
Tree = dict[str | int, Any]


def tree(paths: Iterable[Path]) -> Tree:
    """The tree of paths that do not overlap."""
    root: Tree = {}
    for path in paths:
        place = root
        for element in path.elements[:-1]:
            place = place.setdefault(element, {})
        place[path.elements[-1]] = None
    return root


def names_of(wanted: Tree) -> frozenset[str]:
    """The top-level attributes of a tree."""
    return frozenset(str(name) for name in wanted)


def project(item: Item, wanted: Tree) -> Item:
    """The parts of an item that ``wanted`` names; list elements close up, in document order."""
    types = item.types
    if types is None and all(inside is None for inside in wanted.values()):
        plain = item.plain
        return Item({str(name): plain[name] for name in wanted if name in plain})
    return Item.from_native(_part(item.native, wanted) or {})


def _part(value: Native, wanted: Tree) -> Native:
    """The wanted parts of a map or list, or None if there are none."""
    shown = list(_parts(value, wanted))
    if value.__class__ is dict:
        return dict(shown) or None
    return [found for _, found in sorted(shown, key=lambda part: part[0])] or None


def _parts(value: Native, wanted: Tree) -> Iterable[tuple[Any, Native]]:
    for place, inside in wanted.items():
        found = find({"": value}, ("", place))
        if found is MISSING:
            continue
        if inside is None:
            yield place, found
        elif found.__class__ in (dict, list) and (part := _part(found, inside)) is not None:
            yield place, part
