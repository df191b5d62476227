"""PartiQL's INSERT, UPDATE and DELETE as the changes that PutItem and its like make.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, changes, keys, tables
from habitr_emulator.services.dynamodb.changes import Attributes, Change, Make, Test
from habitr_emulator.services.dynamodb.errors import (
    NO_KEY,
    DuplicateItemException,
    ValidationException,
    invalid,
)
from habitr_emulator.services.dynamodb.expressions import condition, update
from habitr_emulator.services.dynamodb.partiql import key_kinds
from habitr_emulator.services.dynamodb.partiql.reads import Point
from habitr_emulator.services.dynamodb.partiql.statements import Change as ChangeStatement
from habitr_emulator.services.dynamodb.partiql.statements import Insert, conjunction
from habitr_emulator.services.dynamodb.tables import Table
from habitr_emulator.wire.attribute_value import Item
from habitr_emulator.wire.typed_value import NO_NAME


def of(ctx: Context, statement: Insert | ChangeStatement, *, shows_item: bool) -> Change:
    """The change of a statement; ``shows_item`` puts the item into the refusal of a false condition.

    Raises ValidationException, ResourceNotFoundException.
    """
    if isinstance(statement, Insert):
        return _insert(ctx, statement, shows_item)
    action = "Delete" if statement.update is None else "Update"
    access.authorize(ctx, f"dynamodb:PartiQL{action}", statement.table)
    table = tables.of(ctx).require(statement.table)
    found = conjunction(statement.where, statement.values)
    if not found.equalities.keys() >= set(table.key_names):
        raise ValidationException(NO_KEY)
    key_item = {name: found.equalities[name] for name in table.key_names}
    rest = found.without(table.key_names)
    asked = None if rest is None else condition.test(rest)
    holds: Test = (lambda item: asked(item, statement.values)) if asked else (lambda item: True)
    key_kinds.check_key(table.schema, key_item)
    key = keys.of_key(table.schema, key_item)
    if statement.update is None:
        if statement.returning not in ("NONE", "ALL_OLD"):
            raise ValidationException("DELETE can only return ALL OLD *")  # guess: wording
        return Change(table, key, key_item, holds, lambda old: None, shows_item)
    paths = tuple(statement.update.paths)
    make = _make(table, statement)
    # An UPDATE does not create: there must be an item.
    return Change(
        table,
        key,
        key_item,
        lambda item: bool(item) and holds(item),
        make,
        shows_item,
        updates=True,
        paths=paths,
    )


def _insert(ctx: Context, statement: Insert, shows_item: bool) -> Change:
    access.authorize(ctx, "dynamodb:PartiQLInsert", statement.table)
    item = statement.item
    if "" in item:
        raise ValidationException(NO_NAME)
    table = tables.of(ctx).require(statement.table)
    key_kinds.check_key(table.schema, item)

    def make(old: Attributes) -> Attributes:
        if old:
            fields = {"Item": Item.from_native(old)} if shows_item else {}
            raise DuplicateItemException(None, why=None, **fields)
        return item

    return Change(table, keys.of_item(table.schema, item), item, None, make, shows_item)


def _make(table: Table, statement: ChangeStatement) -> Make:
    assert statement.update is not None
    for path in statement.update.paths:
        if path.elements[0] in table.key_names:
            raise invalid(f"Cannot update attribute {path.elements[0]}. This attribute is part of the key")
    apply = update.compiled(statement.update)
    return lambda old: apply(old, statement.values)


def check(point: Point) -> Change:
    """The condition check that EXISTS is in a transaction."""
    select = point.select
    assert select.where is not None  # it names the key
    test = condition.test(select.where)
    key_item = {name: conjunction(select.where, select.values).equalities[name] for name in point.table.key_names}
    return changes.Change(
        point.table, point.key, key_item, lambda item: bool(item) and test(item, select.values), None, False
    )
