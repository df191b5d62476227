"""What an update returns, as ReturnValues asks.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValues
"""

from collections.abc import Iterable

from habitr_emulator.services.dynamodb.changes import Outcome
from habitr_emulator.services.dynamodb.expressions.nodes import Path
from habitr_emulator.services.dynamodb.expressions.projection import Tree, project, tree
from habitr_emulator.wire.attribute_value import Item


def attributes(wanted: str | None, outcome: Outcome, paths: tuple[Path, ...]) -> dict[str, Item]:
    """The Attributes member of UpdateItem, if there is anything to return; ``paths`` are what was touched."""
    if wanted in (None, "NONE"):
        return {}
    stored = outcome.old if wanted in ("ALL_OLD", "UPDATED_OLD") else outcome.new
    if stored is None:
        return {}
    item = stored.item if wanted in ("ALL_OLD", "ALL_NEW") else project(stored.item, _touched(paths))
    return {"Attributes": item} if item else {}


def _touched(paths: Iterable[Path]) -> Tree:
    """What an update touched: of maps the touched leaves, lists whole, since their elements move."""
    # guess: the service shows single list elements; which, when others moved, is not documented.
    cut = (next((n for n, part in enumerate(path.elements) if isinstance(part, int)), None) for path in paths)
    shown = (Path(path.elements[:end]) for path, end in zip(paths, cut, strict=True))
    return tree(dict.fromkeys(shown))
