"""TransactWriteItems: up to 100 writes and checks that happen together or not at all.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, batches, capacity, changes, tables
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.changes import Change, Outcome
from habitr_emulator.services.dynamodb.errors import (
    ConditionalCheckFailedException,
    IdempotentParameterMismatchException,
    TransactionCanceledException,
    ValidationException,
)
from habitr_emulator.services.dynamodb.tables import Tables
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.wire.json_rpc import dumps

LARGEST_TRANSACTION = 4 << 20
TOKEN_SECONDS = 600.0
_NOT_ONE = "TransactItems can only contain one of Check, Put, Update or Delete"
_TWICE = "Transaction request cannot include multiple operations on one item"

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
    known, token, now = tables.of(ctx), request.get("ClientRequestToken"), ctx.clock.now()
    digest = _digest(request) if token else b""

    def write(tx: Transaction) -> list[Outcome]:
        if token and _seen(tx, token, digest, now):
            return []
        outcomes = _judge(known, tx, prepared)
        for change, outcome in zip(prepared, outcomes, strict=True):
            changes.perform(tx, change, outcome)
        if token:
            tx.execute(
                "INSERT INTO dynamodb_transaction (token, digest, at) VALUES (?, ?, ?)", (token, digest, now)
            )
        return outcomes

    outcomes = await ctx.store.write(write)
    return _answer(request, prepared, outcomes)


def _prepare(request: Input, ctx: Context) -> list[Change]:
    items = request["TransactItems"]
    for item in items:
        if len(item) != 1:
            raise ValidationException(_NOT_ONE)
    pairs = [next(iter(item.items())) for item in items]
    for kind, given in pairs:
        access.authorize(ctx, _ACTIONS[kind][0], given["TableName"])
    prepared = [_ACTIONS[kind][1](ctx, given) for kind, given in pairs]
    batches.refuse_twice((batches.place(change.table, change.key) for change in prepared), _TWICE)
    return prepared


def _digest(request: Input) -> bytes:
    items = orjson.loads(dumps(request["TransactItems"]))
    return hashlib.sha256(orjson.dumps(items, option=orjson.OPT_SORT_KEYS)).digest()


def _seen(tx: Transaction, token: str, digest: bytes, now: float) -> bool:
    """Whether the same request was done under this token. Raises IdempotentParameterMismatchException."""
    tx.execute("DELETE FROM dynamodb_transaction WHERE at < ?", (now - TOKEN_SECONDS,))
    row = tx.one("SELECT digest FROM dynamodb_transaction WHERE token = ?", (token,))
    if row is not None and row["digest"] != digest:
        raise IdempotentParameterMismatchException
    return row is not None


def _judge(known: Tables, tx: Transaction, prepared: list[Change]) -> list[Outcome]:
    """Every outcome, by the state before the transaction. Raises TransactionCanceledException."""
    outcomes: list[Outcome] = []
    reasons: list[dict[str, Any]] = []
    for change in prepared:
        try:
            outcomes.append(changes.judge(known, tx, change))
            reasons.append({"Code": "None"})
        except ConditionalCheckFailedException as error:
            reasons.append({"Code": "ConditionalCheckFailed", "Message": error.message, **error.fields})
        except AwsError as error:
            if error.code != "ValidationException":
                raise
            reasons.append({"Code": "ValidationError", "Message": error.message})
    if len(outcomes) < len(prepared):
        raise TransactionCanceledException(reasons)
    if sum(outcome.new.size for outcome in outcomes if outcome.new) > LARGEST_TRANSACTION:
        raise ValidationException("Transaction request cannot be larger than 4 MB")  # guess: wording
    return outcomes


def _answer(request: Input, prepared: list[Change], outcomes: list[Outcome]) -> Output:
    meter = Meter(request, factor=2)
    for outcome in outcomes:
        meter.write(outcome.table, outcome.old, outcome.new)
    written = [change for change in prepared if change.make is not None]
    metrics = capacity.batch_metrics(
        request, [(change.table.name, change.table, change.key_item) for change in written]
    )
    return meter.each() | metrics
