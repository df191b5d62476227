"""Pages of Query and Scan: walk an index in key order, stop at the limit or 1 MB, filter, project.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
"""

import asyncio
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import keys, legacy, rows, tables
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.errors import KEY_MISMATCH, ValidationException, constraint
from habitr_emulator.services.dynamodb.expressions.condition import Test
from habitr_emulator.services.dynamodb.expressions.projection import Tree, project
from habitr_emulator.services.dynamodb.keys import Schema
from habitr_emulator.services.dynamodb.placeholders import Expressions
from habitr_emulator.services.dynamodb.selection import Selection
from habitr_emulator.services.dynamodb.sizes import LARGEST_PAGE, item_size
from habitr_emulator.services.dynamodb.tables import Index, Table
from habitr_emulator.wire.attribute_value import Item, decode_map
from habitr_emulator.wire.typed_value import Native, kind_of

Request = Mapping[str, Any]
INVALID_START = "The provided starting key is invalid"
#: Rows that are read before others have their turn.
SLICE = 256
NO_CONSISTENCY = "Consistent reads are not supported on global secondary indexes"


@dataclass(slots=True)
class Walk:
    """What is walked: a table or one of its indexes, from where, by which SQL conditions."""

    table: Table
    index: Index | None
    wheres: list[str] = field(default_factory=list)
    parameters: list[bytes] = field(default_factory=list)
    forward: bool = True
    segment: tuple[int, int] | None = None
    #: Whether items are packed, which is best for a client's.
    packed: bool = False
    #: The values of ``order`` behind which the walk goes on.
    after: tuple[bytes, ...] = ()

    @property
    def schema(self) -> Schema:
        """The key attributes of what is walked."""
        return self.index.schema if self.index else self.table.schema

    @property
    def columns(self) -> tuple[str, str]:
        """The key columns of what is walked."""
        return self.index.columns if self.index else ("pk", "sk")

    @property
    def order(self) -> tuple[str, ...]:
        """The columns that order the walk: an index's own key, then the table's."""
        return (*self.columns, "pk", "sk") if self.index else self.columns

    @property
    def key_names(self) -> list[str]:
        """The members of a position: the table's key and the index's."""
        names = (*self.table.key_names, *(attribute.name for attribute in self.schema))
        return list(dict.fromkeys(names))

    def start_after(self, start: Mapping[str, Native]) -> None:
        """Begin behind a position, whether or not an item is there. Raises ValidationException."""
        place = _start_columns(self.table.schema, start)
        self.after = (*_start_columns(self.schema, start), *place) if self.index else place

    def slice(self, most: int) -> tuple[str, list[Any]]:
        """The statement that gives the next ``most`` rows: item, types, size and the columns of ``order``."""
        columns = self.order
        direction = "" if self.forward else " DESC"
        order = ", ".join(f"{column}{direction}" for column in columns)
        wheres = list(self.wheres)
        if self.after:
            marks = ", ".join("?" * len(columns))
            wheres.append(f"({', '.join(columns)}) {'>' if self.forward else '<'} ({marks})")
        sql = (
            f"SELECT item, types, size, {', '.join(columns)} FROM {self.table.sql_name} "  # noqa: S608
            f"WHERE {' AND '.join(wheres) or '1'} ORDER BY {order} LIMIT ?"
        )
        return sql, [*self.parameters, *self.after, most]

    def resume(self, ctx: Context, row: Row) -> None:
        """Go on behind a row that ``slice`` gave, in the table as it is now.

        Raises ResourceNotFoundException, ValidationException if it has gone meanwhile.
        """
        self.after = tuple(row)[3:]
        self.table = tables.of(ctx).require(self.table.name)
        if self.index:
            self.index = self.table.index(self.index.name)


def _start_columns(schema: Schema, start: Mapping[str, Native]) -> tuple[bytes, bytes]:
    for attribute in schema:
        if attribute.name not in start or kind_of(start[attribute.name]) != attribute.kind:
            raise ValidationException(INVALID_START)
        try:
            keys.refuse_empty(attribute.name, start[attribute.name])
        except ValidationException as error:
            raise ValidationException(f"{INVALID_START}: {error.message}") from None
    return keys.columns(schema, start)


def start_of(request: Request, walk: Walk) -> Mapping[str, Native] | None:
    """The position that a request begins behind. Raises ValidationException."""
    given = request.get("ExclusiveStartKey")
    if given is None:
        return None
    start = decode_map(given)
    if sorted(start) != sorted(walk.key_names):
        raise ValidationException(f"{INVALID_START}: {KEY_MISMATCH}" if walk.index else INVALID_START)
    return start


def check_consistency(request: Request, index: Index | None) -> None:
    """Refuse a consistent read of a global index. Raises ValidationException."""
    if index is not None and index.is_global and request.get("ConsistentRead"):
        raise ValidationException(NO_CONSISTENCY)


@dataclass(slots=True)
class Page:
    """What a page gathers."""

    selection: Selection
    items: list[Item] = field(default_factory=list)
    count: int = 0
    scanned: int = 0
    size: int = 0
    last: Item | None = None


def filter_of(request: Request, expressions: Expressions, member: str) -> tuple[Test, Mapping[str, Native]] | None:
    """The filter of a request: FilterExpression, or the legacy ``member``. Raises ValidationException."""
    test = expressions.run("FilterExpression")
    if test is not None:
        return test, expressions.values
    if request.get(member):
        return legacy.filter_test(request[member], request.get("ConditionalOperator"))
    legacy.refuse_operator(request)
    return None


async def read(
    ctx: Context,
    walk: Walk,
    limit: int | None,
    chosen: tuple[Test, Mapping[str, Native]] | None,
    selection: Selection,
) -> Page:
    """Walk one page, in slices between which others have their turn.

    Raises ValidationException for a limit below 1.
    """
    if limit is not None and limit < 1:
        raise constraint(f"'{limit}'", "limit", "have value greater than or equal to 1")
    as_they_are = chosen is None and selection == Selection()
    make = (rows.packed_of if walk.packed else rows.item_of) if as_they_are else None
    gather = _Gathering(walk, limit, chosen, Page(selection), make)
    while True:
        most = SLICE if limit is None or walk.segment else min(SLICE, limit - gather.page.scanned)
        last = None
        for number, row in enumerate(ctx.store.rows(*walk.slice(most)), 1):
            if gather.full(row):
                return gather.page
            if number == most:
                last = row
        if last is None:
            return gather.page
        await asyncio.sleep(0)
        walk.resume(ctx, last)


@dataclass(slots=True)
class _Gathering:
    """How the rows of a walk become a page. ``make`` makes the item of a row that is taken as it is."""

    walk: Walk
    limit: int | None
    chosen: tuple[Test, Mapping[str, Native]] | None
    page: Page
    make: Callable[[Row], Item] | None

    def full(self, row: Row) -> bool:
        """Take a row into account; whether it was the page's last."""
        page, selection, walk = self.page, self.page.selection, self.walk
        if walk.segment is not None and not _in_segment(row["pk"], *walk.segment):
            return False
        page.scanned += 1
        if self.make is not None:
            page.count += 1
            page.size += row[2]
            page.items.append(self.make(row))
        else:
            self._take(rows.item_of(row), row[2], page, selection)
        if page.scanned != self.limit and page.size <= LARGEST_PAGE:
            return False
        page.last = project(rows.item_of(row), _key_tree(walk))
        return True

    def _take(self, item: Item, size: int, page: Page, selection: Selection) -> None:
        if selection.visible is not None:
            item = project(item, selection.visible)
            size = item_size(item.native)
        page.size += size
        if self.chosen is None or self.chosen[0](item.native, self.chosen[1]):
            page.count += 1
            if not selection.count_only:
                item = item if selection.shown is None else project(item, selection.shown)
                page.items.append(item.packed() if self.walk.packed else item)


def _key_tree(walk: Walk) -> Tree:
    return dict.fromkeys(walk.key_names)


def _in_segment(pk: bytes, segment: int, total: int) -> bool:
    return zlib.crc32(pk) * total >> 32 == segment


def answer(request: Request, walk: Walk, page: Page) -> dict[str, Any]:
    """The output of Query and Scan."""
    output: dict[str, Any] = {} if page.selection.count_only else {"Items": page.items}
    output |= {"Count": page.count, "ScannedCount": page.scanned}
    if page.last is not None:
        output["LastEvaluatedKey"] = page.last
    meter = Meter(request)
    if meter.wanted:
        meter.read(walk.table, page.size, consistent=bool(request.get("ConsistentRead")), index=walk.index)
    return output | meter.one()
