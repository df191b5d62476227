"""Which indexes exist."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Index:
    """An index that follows a table: every item is a document."""

    name: str
    table_name: str
