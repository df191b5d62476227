"""Documents, kept in step with the table that an index follows: in the write's own transaction.

At the service a function reads the table's stream, so that searches lag behind writes; here they do not.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from habitr_emulator.kernel.store import Transaction

Source = Mapping[str, Any]
#: OpenSearch's own limit of fields in an index; rowids of the text table are built with it.
FIELDS = 1000
#: Longer values are not text that anybody searches.
LONGEST_TEXT = 32_766


def text_of(value: Any) -> str | None:
    """The text of a field: a string, or a list's strings."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if isinstance(value, list):
        found = [item for item in value if isinstance(item, str)]
        return "\n".join(found)[:LONGEST_TEXT] if found else None
    return None


def place(index: int, field: int) -> str:
    """The word under which the text table keeps a field of an index."""
    return f"i{index}f{field}"


class Follower:
    """What a table calls in the transaction of each write to it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, tx: Transaction, keys: Iterable[str], old: Source | None, new: Source | None) -> None:
        """Replace the document of ``old`` by that of ``new``; ``keys`` are the table's key attributes."""
        row = tx.one("SELECT number FROM opensearch_index WHERE name = ?", (self.name,))
        written = new or old
        if row is None or written is None:
            return
        put(tx, row["number"], "|".join(str(written.get(name)) for name in keys), new)


def put(tx: Transaction, index: int, document_id: str, source: Source | None) -> None:
    """Make ``source`` the document of that id, or remove it (None)."""
    row = tx.one("SELECT number FROM opensearch_document WHERE index_number = ? AND id = ?", (index, document_id))
    if row is not None:
        first = row["number"] * FIELDS
        tx.executemany("DELETE FROM opensearch_text WHERE rowid = ?", _text_rows(tx, index, first))
    if source is None:
        tx.execute("DELETE FROM opensearch_document WHERE index_number = ? AND id = ?", (index, document_id))
        return
    content = orjson.dumps(source).decode()
    if row is None:
        sql = "INSERT INTO opensearch_document (source, index_number, id) VALUES (?, ?, ?)"
        number = tx.execute(sql, (content, index, document_id)).lastrowid or 0
    else:
        number = row["number"]
        tx.execute("UPDATE opensearch_document SET source = ? WHERE number = ?", (content, number))
    for name, value in source.items():
        text = text_of(value)
        if text is not None:
            _add_text(tx, index, number, name, text)


def _text_rows(tx: Transaction, index: int, first: int) -> list[tuple[int]]:
    fields = tx.all("SELECT number FROM opensearch_field WHERE index_number = ?", (index,))
    return [(first + row["number"],) for row in fields]


def _add_text(tx: Transaction, index: int, document: int, name: str, text: str) -> None:
    row = tx.one("SELECT number FROM opensearch_field WHERE index_number = ? AND name = ?", (index, name))
    if row is None:
        count = tx.one("SELECT count(*) FROM opensearch_field WHERE index_number = ?", (index,))
        field = count[0] if count else 0
        if field >= FIELDS:
            return
        tx.execute("INSERT INTO opensearch_field VALUES (?, ?, ?)", (index, name, field))
    else:
        field = row["number"]
    tx.execute(
        "INSERT INTO opensearch_text (rowid, place, text) VALUES (?, ?, ?)",
        (document * FIELDS + field, place(index, field), text),
    )


def clear(tx: Transaction, index: int) -> None:
    """Remove every document of an index."""
    tx.execute(
        f"DELETE FROM opensearch_text WHERE rowid / {FIELDS} IN "  # noqa: S608
        "(SELECT number FROM opensearch_document WHERE index_number = ?)",
        (index,),
    )
    tx.execute("DELETE FROM opensearch_document WHERE index_number = ?", (index,))
