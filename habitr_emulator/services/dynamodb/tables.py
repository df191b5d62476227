"""Tables and their indexes: the catalogue, kept in memory, and the SQL that their layout makes.

A DynamoDB table is one SQL table, ``dynamodb_data_<number>``: key columns ``pk`` and ``sk``, ``size`` in bytes,
the item as plain JSON, its ``types`` (see ``wire.attribute_value``), and a pair of key columns for each secondary
index, null for items that are not in it. No name a user gives ever becomes part of a statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from habitr_emulator.kernel.store import Row, Store
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.dynamodb.errors import ResourceNotFoundException, ValidationException, constraint
from habitr_emulator.services.dynamodb.keys import KeyAttribute, Schema

SHORTEST_NAME = 3
LONGEST_NAME = 255
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")

Settings = dict[str, Any]


@dataclass(frozen=True)
class Index:
    """A secondary index. ``slot`` numbers its column pair, ``projected`` is None when it holds all attributes."""

    name: str
    slot: int
    schema: Schema
    is_global: bool
    projected: frozenset[str] | None

    @property
    def columns(self) -> tuple[str, str]:
        """The names of its key columns."""
        return f"h{self.slot}", f"r{self.slot}"

    def sql_name(self, number: int) -> str:
        """The name of its SQL index."""
        return f"dynamodb_index_{number}_{self.slot}"


@dataclass(frozen=True)
class Table:
    """A table as it is laid out. ``settings`` is what DescribeTable shows, less what is counted when asked."""

    number: int
    name: str
    settings: Settings
    ttl_attribute: str | None

    @cached_property
    def schema(self) -> Schema:
        """The key attributes, partition key first."""
        return schema_of(self.settings["KeySchema"], self.settings["AttributeDefinitions"])

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        """The names of the key attributes."""
        return tuple(attribute.name for attribute in self.schema)

    @cached_property
    def indexes(self) -> dict[str, Index]:
        """The secondary indexes by name."""
        definitions = self.settings["AttributeDefinitions"]
        found = {}
        for is_global, member in ((False, "LocalSecondaryIndexes"), (True, "GlobalSecondaryIndexes")):
            for index in self.settings.get(member, ()):
                schema = schema_of(index["KeySchema"], definitions)
                projected = _projected(index["Projection"], {*self.key_names, *(each.name for each in schema)})
                found[index["IndexName"]] = Index(index["IndexName"], index["Slot"], schema, is_global, projected)
        return found

    def key_kind(self, name: str) -> str | None:
        """Key or IndexKey, if the attribute is one of the table's or of an index."""
        if name in self.key_names:
            return "Key"
        keyed = any(attribute.name == name for index in self.indexes.values() for attribute in index.schema)
        return "IndexKey" if keyed else None

    def index(self, name: str) -> Index:
        """The index of that name. Raises ValidationException."""
        if name not in self.indexes:
            raise ValidationException(f"The table does not have the specified index: {name}")
        return self.indexes[name]

    @cached_property
    def stream(self) -> tuple[str, str] | None:
        """The label and view type of the stream that writes leave records in, if there is one."""
        specification = self.settings.get("StreamSpecification")
        return (self.settings["LatestStreamLabel"], specification["StreamViewType"]) if specification else None

    @property
    def has_local_indexes(self) -> bool:
        """Whether writes have item collections to measure."""
        return bool(self.settings.get("LocalSecondaryIndexes"))

    @property
    def sql_name(self) -> str:
        """The SQL table of the items."""
        return f"dynamodb_data_{self.number}"

    @cached_property
    def index_columns(self) -> tuple[str, ...]:
        """The key columns of all indexes, in the order of ``indexes``."""
        return tuple(column for index in self.indexes.values() for column in index.columns)

    @cached_property
    def sql(self) -> "Statements":
        """The statements on items."""
        return _statements(self.sql_name, self.index_columns)


@dataclass(frozen=True, slots=True)
class Statements:
    """SQL on the items of one table. A row is (item, types, size, index columns…)."""

    #: A row, by (pk, sk).
    select: str
    #: A new row: (*row, pk, sk).
    insert: str
    #: A changed row: (*row, pk, sk).
    update: str
    #: A changed item that stays where it was in every index: (item, types, size, pk, sk).
    update_in_place: str
    #: Remove a row, by (pk, sk).
    delete: str


def _statements(table: str, index_columns: tuple[str, ...]) -> Statements:
    row = ("item", "types", "size", *index_columns)
    marks = ", ".join("?" * (len(row) + 2))
    sets = ", ".join(f"{column} = ?" for column in row)
    where = "WHERE pk = ? AND sk = ?"
    return Statements(
        select=f"SELECT {', '.join(row)} FROM {table} {where}",  # noqa: S608
        insert=f"INSERT INTO {table} ({', '.join(row)}, pk, sk) VALUES ({marks})",  # noqa: S608
        update=f"UPDATE {table} SET {sets} {where}",  # noqa: S608
        update_in_place=f"UPDATE {table} SET item = ?, types = ?, size = ? {where}",  # noqa: S608
        delete=f"DELETE FROM {table} {where}",  # noqa: S608
    )


def schema_of(key_schema: list[Mapping[str, str]], definitions: list[Mapping[str, str]]) -> Schema:
    """The key attributes of a KeySchema with their types, partition key first."""
    kinds = {each["AttributeName"]: each["AttributeType"] for each in definitions}
    ordered = sorted(key_schema, key=lambda element: element["KeyType"] != "HASH")
    return tuple(KeyAttribute(each["AttributeName"], kinds[each["AttributeName"]]) for each in ordered)


def _projected(projection: Mapping[str, Any], keys: set[str]) -> frozenset[str] | None:
    if projection["ProjectionType"] == "ALL":
        return None
    return frozenset(keys | set(projection.get("NonKeyAttributes", ())))


def check_name(name: str, member: str = "tableName") -> None:
    """Refuse what cannot be the name of a table or index."""
    if len(name) < SHORTEST_NAME:
        raise constraint(f"'{name}'", member, f"have length greater than or equal to {SHORTEST_NAME}")
    if len(name) > LONGEST_NAME:
        raise constraint(f"'{name}'", member, f"have length less than or equal to {LONGEST_NAME}")
    if not _NAME_CHARACTERS.issuperset(name):
        raise constraint(f"'{name}'", member, "satisfy regular expression pattern: [a-zA-Z0-9_.-]+")


def name_of(reference: str) -> str:
    """The table name of a TableName member, which may be an ARN."""
    return reference.rpartition(":table/")[2].partition("/")[0] if reference.startswith("arn:") else reference


def of_row(row: Row) -> Table:
    """The table of a row of the catalogue."""
    return Table(row["number"], row["name"], orjson.loads(row["settings"]), row["ttl_attribute"])


class Tables:
    """The tables of an account as last read from the catalogue (an account part)."""

    def __init__(self, account: Account) -> None:
        self._store: Store = account.store
        self.clock = account.clock
        self.followers = account.followers
        self._known: dict[str, Table] = {}
        self._changing: dict[int, Table | None] = {}
        account.bus.subscribe("store.restored", lambda _: self.forget())

    def find(self, name: str) -> Table | None:
        """The table of that name, if there is one."""
        table = self._known.get(name)
        if table is None:
            row = self._store.one("SELECT * FROM dynamodb_table WHERE name = ?", (name,))
            if row is None:
                return None
            table = self._known[name] = of_row(row)
        return table

    def require(self, reference: str) -> Table:
        """The table of a TableName member. Raises ValidationException or ResourceNotFoundException."""
        table = self._known.get(reference)
        if table is None:
            name = name_of(reference)
            check_name(name)
            table = self.find(name)
        if table is None:
            raise ResourceNotFoundException(why=f"there is no table {reference!r}")
        return table

    def require_named(self, reference: str) -> Table:
        """Like ``require``, for the operations on tables, whose refusal names the table."""
        table = self.find(name_of(reference))
        if table is None:
            check_name(name_of(reference))
            raise ResourceNotFoundException(f"Requested resource not found: Table: {name_of(reference)} not found")
        return table

    def names(self) -> list[str]:
        """Every table name, in order."""
        return [row["name"] for row in self._store.all("SELECT name FROM dynamodb_table ORDER BY name")]

    def changing(self, table: Table, now: Table | None) -> None:
        """Called by the write function that lays a table out anew (or drops it): writes behind it in the queue
        were prepared with the old layout and ask ``live``.
        """
        self._changing[table.number] = now

    def live(self, table: Table) -> Table:
        """Called by write functions: the table as it is at this point of the queue."""
        if table.number not in self._changing:
            return table
        now = self._changing[table.number]
        if now is None:
            raise ResourceNotFoundException(why=f"the table {table.name!r} was deleted meanwhile")
        return now

    def forget(self, name: str | None = None) -> None:
        """Read a table (or all) from the catalogue again."""
        if name is None:
            self._known.clear()
            self._changing.clear()
        else:
            self._known.pop(name, None)


def of(ctx: Context) -> Tables:
    """The tables of a context's account."""
    return ctx.account.part(Tables)
