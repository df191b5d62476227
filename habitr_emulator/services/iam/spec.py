"""Which roles exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Role:
    """A role: who may take it (``trust_policy``) and its inline identity policies by name."""

    role_name: str
    trust_policy: Mapping[str, Any]
    policies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
