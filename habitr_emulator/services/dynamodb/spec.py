"""Which tables exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table: ``settings`` as CreateTable takes them (KeySchema, AttributeDefinitions, indexes, stream).
    ``search_index`` names the OpenSearch index that follows the table.
    """

    table_name: str
    settings: Mapping[str, Any]
    ttl_attribute: str | None = None
    search_index: str | None = None
