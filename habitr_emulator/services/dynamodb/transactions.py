"""Transactions of writes: all judged by the state before, then all done, once for each client request token.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Any, TypeVar

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import batches, changes, streams, tables
from habitr_emulator.services.dynamodb.changes import Change, Outcome
from habitr_emulator.services.dynamodb.errors import (
    ConditionalCheckFailedException,
    DuplicateItemException,
    IdempotentParameterMismatchException,
    ItemRefused,
    TransactionCanceledException,
    ValidationException,
)
from habitr_emulator.services.dynamodb.tables import Tables
from habitr_emulator.wire.json_rpc import dumps

P = TypeVar("P")
LARGEST_TRANSACTION = 4 << 20
TOKEN_SECONDS = 600.0
TWICE = "Transaction request cannot include multiple operations on one item"
_REASONS: dict[type[AwsError], str] = {
    ConditionalCheckFailedException: "ConditionalCheckFailed",
    DuplicateItemException: "DuplicateItem",
}


def each_of(prepare: Sequence[Callable[[], P]]) -> list[P]:
    """What all functions give. Raises TransactionCanceledException if some find keys of wrong type or size."""
    prepared: list[P] = []
    reasons: list[dict[str, Any]] = []
    for one in prepare:
        try:
            prepared.append(one())
            reasons.append({"Code": "None"})
        except ItemRefused as error:
            reasons.append({"Code": "ValidationError", "Message": error.message})
    if len(prepared) < len(prepare):
        raise TransactionCanceledException(reasons)
    return prepared


async def commit(ctx: Context, prepared: list[Change], token: str | None, items: Any) -> list[Outcome]:
    """Do every change or none; nothing, if ``items`` (what the client sent) was done under ``token`` before.

    Raises TransactionCanceledException, IdempotentParameterMismatchException, ValidationException.
    """
    batches.refuse_twice((batches.place(change.table, change.key) for change in prepared), TWICE)
    known, now = tables.of(ctx), ctx.clock.now()
    digest = _digest(items) if token else b""

    def write(tx: Transaction) -> list[Outcome]:
        if token and _seen(tx, token, digest, now):
            return []
        outcomes = _judge(known, tx, prepared)
        for change, outcome in zip(prepared, outcomes, strict=True):
            changes.perform(known, tx, change, outcome)
        if token:
            tx.execute(
                "INSERT INTO dynamodb_transaction (token, digest, at) VALUES (?, ?, ?)", (token, digest, now)
            )
        return outcomes

    outcomes = await ctx.store.write(write)
    streams.announce(ctx, outcomes)
    return outcomes


def _digest(items: Any) -> bytes:
    return hashlib.sha256(orjson.dumps(orjson.loads(dumps(items)), option=orjson.OPT_SORT_KEYS)).digest()


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
        except AwsError as error:
            code = "ValidationError" if error.code == "ValidationException" else _REASONS.get(type(error))
            if code is None:
                raise
            reasons.append({"Code": code, "Message": error.message, **error.fields})
    if len(outcomes) < len(prepared):
        raise TransactionCanceledException(reasons)
    refuse_large(
        "Transaction payload size cannot exceed 4MB. Payload Size: ",
        (outcome.new.size for outcome in outcomes if outcome.new),
    )
    return outcomes


def refuse_large(message: str, sizes: Iterable[int]) -> None:
    """Refuse items that together are larger than a transaction may be; ``message`` goes before how large the first
    too many are. Raises ValidationException.
    """
    for total in accumulate(sizes):
        if total > LARGEST_TRANSACTION:
            raise ValidationException(f"{message}{total}")
