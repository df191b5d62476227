"""Writes to one item: prepared from a request outside the writer, judged and done inside one write function.

Put, update, delete and check stand alone, in batches and in transactions; the members that describe them have the
same names everywhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import keys, legacy, rows, streams, tables, ttl
from habitr_emulator.services.dynamodb.errors import (
    ConditionalCheckFailedException,
    ValidationException,
    invalid,
)
from habitr_emulator.services.dynamodb.expressions.nodes import Path
from habitr_emulator.services.dynamodb.keys import Columns
from habitr_emulator.services.dynamodb.placeholders import Expressions
from habitr_emulator.services.dynamodb.rows import Stored
from habitr_emulator.services.dynamodb.tables import Table, Tables
from habitr_emulator.wire.attribute_value import Item, decode_map
from habitr_emulator.wire.typed_value import NO_NAME, Native

Request = Mapping[str, Any]
Attributes = dict[str, Native]
Test = Callable[[Attributes], bool]
KeyOf = Callable[[keys.Schema, Attributes], Columns]
Make = Callable[[Attributes], Attributes | None]


@dataclass(frozen=True, slots=True)
class Change:
    """A prepared write. ``make`` gives the new item of the old one (empty if there is none), None to delete;
    without ``make`` it only checks. ``paths`` are what an update touches.
    """

    table: Table
    key: Columns
    key_item: Attributes
    test: Test | None
    make: Make | None
    shows_item: bool
    updates: bool = False
    ready: Stored | None = None
    paths: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write replaced, and by what; the table as it was laid out then."""

    table: Table
    old: Stored | None
    new: Stored | None


def put(ctx: Context, request: Request, key_of: KeyOf = keys.of_item) -> Change:
    """Of the members of PutItem; ``key_of`` words the refusal of a bad key.

    Raises ValidationException, ResourceNotFoundException.
    """
    expressions = Expressions(request, ("ConditionExpression",), ("Expected", "ConditionalOperator"))
    item = decode_map(request["Item"])
    if "" in item:
        raise ValidationException(NO_NAME)
    table = tables.of(ctx).require(request["TableName"])
    expressions.check_scalars(table)
    key = key_of(table.schema, item)
    test, ready = _test(request, expressions), rows.compose(table, item)
    return Change(table, key, item, test, lambda old: item, _shows_item(request), ready=ready)


def delete(ctx: Context, request: Request) -> Change:
    """Of the members of DeleteItem. Raises ValidationException, ResourceNotFoundException."""
    expressions = Expressions(request, ("ConditionExpression",), ("Expected", "ConditionalOperator"))
    table, key, key_item = _keyed(ctx, request)
    expressions.check_scalars(table)
    return Change(table, key, key_item, _test(request, expressions), lambda old: None, _shows_item(request))


def check(ctx: Context, request: Request) -> Change:
    """Of the members of a transaction's ConditionCheck. Raises ValidationException, ResourceNotFoundException."""
    expressions = Expressions(request, ("ConditionExpression",))
    table, key, key_item = _keyed(ctx, request)
    expressions.check_scalars(table)
    return Change(table, key, key_item, _test(request, expressions), None, _shows_item(request))


def update(ctx: Context, request: Request) -> Change:
    """Of the members of UpdateItem. Raises ValidationException, ResourceNotFoundException."""
    expressions = Expressions(
        request,
        ("UpdateExpression", "ConditionExpression"),
        ("AttributeUpdates", "Expected", "ConditionalOperator"),
    )
    apply, values, paths = _update(request, expressions)
    table, key, key_item = _keyed(ctx, request)
    for path in paths:
        if path.elements[0] in table.key_names:
            raise invalid(f"Cannot update attribute {path.elements[0]}. This attribute is part of the key")
    expressions.check_scalars(table)

    def make(old: Attributes) -> Attributes:
        new = old if apply is None else apply(old, values)
        return new if old else {**key_item, **new}

    return Change(
        table,
        key,
        key_item,
        _test(request, expressions),
        make,
        _shows_item(request),
        updates=True,
        paths=paths,
    )


def _update(request: Request, expressions: Expressions) -> tuple[Any, Mapping[str, Native], tuple[Path, ...]]:
    compiled = expressions.compiled.get("UpdateExpression")
    if compiled is not None:
        return compiled.run, expressions.values, compiled.paths
    if request.get("AttributeUpdates"):
        return legacy.attribute_updates(request["AttributeUpdates"])
    return None, {}, ()


def _keyed(ctx: Context, request: Request) -> tuple[Table, Columns, Attributes]:
    key_item = decode_map(request["Key"])
    table = tables.of(ctx).require(request["TableName"])
    return table, keys.of_key(table.schema, key_item), key_item


def _test(request: Request, expressions: Expressions) -> Test | None:
    run, values = expressions.run("ConditionExpression"), expressions.values
    if run is None:
        if not request.get("Expected"):
            legacy.refuse_operator(request)
            return None
        run, values = legacy.expected_test(request["Expected"], request.get("ConditionalOperator"))
    return lambda item: bool(run(item, values))


def _shows_item(request: Request) -> bool:
    return request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"


def judge(known: Tables, tx: Transaction, change: Change) -> Outcome:
    """Read the old item, test the condition, make the new item; nothing is written.

    Raises ConditionalCheckFailedException, ValidationException, ResourceNotFoundException.
    """
    table = known.live(change.table)
    old = rows.read(tx.one, table, change.key)
    attributes = {} if old is None else old.item.native
    if change.test is not None and not change.test(attributes):
        if change.shows_item and old is not None:
            raise ConditionalCheckFailedException(Item=old.item)
        raise ConditionalCheckFailedException
    if change.make is None:
        return Outcome(table, old, old)
    if change.ready is not None and table is change.table:
        return Outcome(table, old, change.ready)
    new = change.make(attributes)
    return Outcome(table, old, None if new is None else rows.compose(table, new, updated=change.updates))


def perform(known: Tables, tx: Transaction, change: Change, outcome: Outcome) -> None:
    """Write what ``judge`` found, and what follows from it: the stream's record, the time to live, followers."""
    if change.make is None:
        return
    table = outcome.table
    rows.write(tx, table, change.key, outcome.old, outcome.new)
    if table.stream is not None:
        streams.record(tx, table, outcome.old, outcome.new, known.clock.now())
    if table.ttl_attribute is not None:
        ttl.track(tx, table, change.key, outcome.old, outcome.new)
    if known.followers:
        rows.tell(known, tx, table, outcome.old, outcome.new)


def _judge_and_perform(known: Tables, tx: Transaction, change: Change) -> Outcome:
    outcome = judge(known, tx, change)
    perform(known, tx, change, outcome)
    return outcome


async def commit(ctx: Context, change: Change) -> Outcome:
    """Do one change, alone and at once. Raises what ``judge`` raises."""
    known = tables.of(ctx)
    outcome = await ctx.store.write(lambda tx: _judge_and_perform(known, tx, change))
    streams.announce(ctx, (outcome,))
    return outcome


async def commit_all(ctx: Context, changes: list[Change]) -> list[Outcome]:
    """Do several changes, each as if alone, in one transaction (batches have no conditions)."""
    known = tables.of(ctx)
    outcomes = await ctx.store.write(lambda tx: [_judge_and_perform(known, tx, change) for change in changes])
    streams.announce(ctx, outcomes)
    return outcomes


def old_values(request: Request, outcome: Outcome) -> dict[str, Item]:
    """The Attributes member of PutItem and DeleteItem."""
    if request.get("ReturnValues") == "ALL_OLD" and outcome.old is not None:
        return {"Attributes": outcome.old.item}
    return {}


def check_return_values(request: Request) -> None:
    """Refuse what PutItem and DeleteItem cannot return. Raises ValidationException."""
    if request.get("ReturnValues", "NONE") not in ("NONE", "ALL_OLD"):
        raise ValidationException("ReturnValues can only be ALL_OLD or NONE")
