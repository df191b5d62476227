"""UpdateItem: change attributes of an item, or create it.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
"""

from collections.abc import Iterable

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, capacity, changes
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.changes import Outcome
from habitr_emulator.services.dynamodb.expressions.nodes import Path
from habitr_emulator.services.dynamodb.expressions.projection import Tree, project, tree
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(
    auth=Auth.SIGNED, action="dynamodb:UpdateItem", resources=access.table_arn, conditions=access.leading_keys
)
async def update_item(request: Input, ctx: Context) -> Output:
    """``{"Attributes": Item}`` as ReturnValues asks, if there is anything to return."""
    change = changes.update(ctx, request)
    outcome = await changes.commit(ctx, change)
    meter = Meter(request)
    meter.write(outcome.table, outcome.old, outcome.new)
    metrics = capacity.collection_metrics(request, outcome.table, change.key_item)
    return _attributes(request.get("ReturnValues"), outcome, change.paths) | meter.one() | metrics


def _attributes(wanted: str | None, outcome: Outcome, paths: tuple[Path, ...]) -> Output:
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
