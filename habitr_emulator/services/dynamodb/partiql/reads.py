"""PartiQL's SELECT: a page of a partition if the key allows it, else of the whole table; or one item by its key.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
"""

import binascii
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, key_ranges, keys, pages, rows, selection, tables
from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.expressions import condition, key_condition, projection
from habitr_emulator.services.dynamodb.expressions.comparison import MISSING
from habitr_emulator.services.dynamodb.expressions.key_condition import KeyClause
from habitr_emulator.services.dynamodb.expressions.nodes import Path
from habitr_emulator.services.dynamodb.expressions.projection import Tree
from habitr_emulator.services.dynamodb.keys import Columns
from habitr_emulator.services.dynamodb.pages import Walk
from habitr_emulator.services.dynamodb.partiql import key_kinds
from habitr_emulator.services.dynamodb.partiql.statements import Conjunction, Exists, Select, conjunction
from habitr_emulator.services.dynamodb.tables import Table
from habitr_emulator.wire.attribute_value import Item, decode_map
from habitr_emulator.wire.json_rpc import dumps

Request = Mapping[str, Any]
Output = dict[str, Any]
#: ``Store.one`` or ``Transaction.one``.
ReadOne = Callable[[str, Any], Row | None]


def _authorized(ctx: Context, select: Select) -> Table:
    index = f"/index/{select.index}" if select.index else ""
    access.authorize(ctx, "dynamodb:PartiQLSelect", select.table, index)
    return tables.of(ctx).require(select.table)


async def page(ctx: Context, select: Select, request: Request) -> Output:
    """The output of ExecuteStatement for a SELECT: Items, and NextToken if there may be more.

    Raises ValidationException, ResourceNotFoundException.
    """
    table = _authorized(ctx, select)
    index = table.index(select.index) if select.index else None
    pages.check_consistency(request, index)
    walk = Walk(table, index)
    found = conjunction(select.where, select.values)
    clauses = _clauses(walk, found, select)
    partition = walk.schema[0].name
    _check_kinds(walk, clauses)
    walk.forward = not _descending(walk, select, keyed=partition in clauses)
    key_range = key_ranges.of(walk.schema, list(clauses.values())) if partition in clauses else None
    if key_range is not None:
        key_range.restrict(walk)
    elif index is not None:
        walk.wheres.append(f"{index.columns[0]} IS NOT NULL")
    token = _Token.of(select, request)
    if request.get("NextToken"):
        walk.start_after(token.read(request["NextToken"]))
    chosen = None if select.where is None else (condition.test(select.where), select.values)
    tree = _attributes(select)
    read = await pages.read(ctx, walk, request.get("Limit"), chosen, selection.of({}, index, tree))
    output = pages.answer(request, walk, read)
    shown: Output = {"Items": [_renamed(item, select) for item in output["Items"]]}
    if "LastEvaluatedKey" in output:
        last = output["LastEvaluatedKey"]
        shown |= {"LastEvaluatedKey": last, "NextToken": token.write(last)}
    return shown | {name: output[name] for name in ("ConsumedCapacity",) if name in output}


def _clauses(walk: Walk, found: Conjunction, select: Select) -> dict[str, KeyClause]:
    """What the condition asks of the key attributes, the first comparison of each."""
    clauses: dict[str, KeyClause] = {}
    names = {attribute.name for attribute in walk.schema}
    for part in found.parts:
        try:
            bound = key_condition.bind(key_condition.clauses(part), select.values)
        except ValidationException:
            continue  # not a comparison that a key range could be made of: it only filters
        for clause in bound:
            if clause.attribute in names and (clause.attribute != walk.schema[0].name or clause.operator == "="):
                clauses.setdefault(clause.attribute, clause)
    return clauses


def _check_kinds(walk: Walk, clauses: Mapping[str, KeyClause]) -> None:
    for attribute in walk.schema:
        if attribute.name in clauses:
            key_kinds.check(attribute, clauses[attribute.name].values)


def _descending(walk: Walk, select: Select, *, keyed: bool) -> bool:
    if not select.order:
        return False
    if not keyed:
        raise ValidationException("Must have WHERE clause in the statement when using ORDER BY clause.")
    names = [attribute.name for attribute in walk.schema]
    for name, _ in select.order:
        if name not in names:
            raise ValidationException(
                f"Variable reference {name} in ORDER BY clause must be part of the primary key"
            )
    return next((descending for name, descending in select.order if name == names[-1]), False)


def _attributes(select: Select) -> Tree | None:
    """The top-level attributes that a SELECT shows something of."""
    return None if select.paths is None else dict.fromkeys(path.elements[0] for path in select.paths)


def _renamed(item: Item, select: Select) -> Item:
    """A nested path is shown under its last name, a list element with its indexes behind it (``l[0]``)."""
    if select.paths is None or all(len(path.elements) == 1 for path in select.paths):
        return item
    shown: dict[str, Any] = {}
    for path in select.paths:
        value = condition.find(item.native, path.elements)
        if value is not MISSING:
            last = path.elements[-1]
            shown[last if isinstance(last, str) else _indexed(path)] = value
    return Item.from_native(shown)


def _indexed(path: Path) -> str:
    named = max(at for at, element in enumerate(path.elements) if isinstance(element, str))
    return str(path.elements[named]) + "".join(f"[{index}]" for index in path.elements[named + 1 :])


@dataclass(frozen=True, slots=True)
class _Token:
    """NextToken: a position that is good for one statement with its parameters only."""

    digest: str

    @classmethod
    def of(cls, select: Select, request: Request) -> "_Token":
        told = dumps([request["Statement"], request.get("Parameters")])
        return cls(hashlib.sha256(told).hexdigest()[:16])

    def write(self, last: Item) -> str:
        """The token of a position."""
        return urlsafe_b64encode(dumps([self.digest, last])).decode()

    def read(self, text: str) -> dict[str, Any]:
        """The position of a token. Raises ValidationException."""
        try:
            digest, last = orjson.loads(urlsafe_b64decode(text))
            if digest == self.digest:
                return decode_map(last)
        except (binascii.Error, ValueError, TypeError, AttributeError):
            pass  # it is refused like the token of another statement
        raise ValidationException("Invalid NextToken")  # guess: wording


@dataclass(frozen=True, slots=True)
class Point:
    """One item by its whole key, if the rest of the condition holds."""

    table: Table
    key: Columns
    select: Select

    def read(self, one: ReadOne, table: Table) -> tuple[Output, int]:
        """``{"Item"?: Item}`` and how many bytes were read; ``table`` is as it is laid out now."""
        row = one(table.sql.select, self.key)
        if row is None:
            return {}, 0
        item = rows.item_of(row)
        where = self.select.where
        if where is not None and not condition.test(where)(item.native, self.select.values):
            return {}, row[2]
        tree = _attributes(self.select)
        shown = item if tree is None else _renamed(projection.project(item, tree), self.select)
        return {"Item": shown}, row[2]


def point(ctx: Context, statement: Select | Exists) -> Point:
    """The read of a SELECT in a batch or transaction, which must name the whole primary key.

    Raises ValidationException, ResourceNotFoundException.
    """
    select = statement.select if isinstance(statement, Exists) else statement
    table = _authorized(ctx, select)
    equalities = conjunction(select.where, select.values).equalities
    if select.index or not equalities.keys() >= set(table.key_names):
        raise ValidationException(
            "Select statements within BatchExecuteStatement must specify the primary key in the where clause."
        )
    given = {name: equalities[name] for name in table.key_names}
    key_kinds.check_key(table.schema, given)
    key = keys.of_key(table.schema, given)
    return Point(table, key, select)
