"""TransactWriteItems: up to 100 writes and checks that happen together or not at all.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, capacity, changes, transactions
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.changes import Change, Outcome
from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.registry import Auth, Input, Output, operation

_NOTHING = "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
_NOT_ONE = "TransactItems can only contain one of Check, Put, Update or Delete"

_ACTIONS: Mapping[str, tuple[str, Callable[[Context, Mapping[str, Any]], Change]]] = {
    "ConditionCheck": ("dynamodb:ConditionCheckItem", changes.check),
    "Put": ("dynamodb:PutItem", changes.put),
    "Update": ("dynamodb:UpdateItem", changes.update),
    "Delete": ("dynamodb:DeleteItem", changes.delete),
}


@operation(auth=Auth.SIGNED)
async def transact_write_items(request: Input, ctx: Context) -> Output:
    """``{}``, with capacity and metrics if asked for."""
    prepared = _prepare(request, ctx)
    token = request.get("ClientRequestToken")
    outcomes = await transactions.commit(ctx, prepared, token, request["TransactItems"])
    return _answer(request, prepared, outcomes)


def _prepare(request: Input, ctx: Context) -> list[Change]:
    items = request["TransactItems"]
    for item in items:
        if len(item) != 1:
            raise ValidationException(_NOT_ONE if item else _NOTHING)
    pairs = [next(iter(item.items())) for item in items]
    for kind, given in pairs:
        access.authorize(ctx, _ACTIONS[kind][0], given["TableName"])
    return transactions.each_of([partial(_ACTIONS[kind][1], ctx, given) for kind, given in pairs])


def _answer(request: Input, prepared: list[Change], outcomes: list[Outcome]) -> Output:
    meter = Meter(request, factor=2, kind="Write")
    for outcome in outcomes:
        meter.write(outcome.table, outcome.old, outcome.new)
    written = [change for change in prepared if change.make is not None]
    metrics = capacity.batch_metrics(
        request, [(change.table.name, change.table, change.key_item) for change in written]
    )
    return meter.each() | metrics
