"""Which tables exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table: ``settings`` as CreateTable takes them (KeySchema, AttributeDefinitions, indexes, stream)."""

    table_name: str
    settings: Mapping[str, Any]
    ttl_attribute: str | None = None
