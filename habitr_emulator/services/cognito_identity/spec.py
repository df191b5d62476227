"""Which identity pools exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class IdentityPool:
    """An identity pool: ``settings`` as CreateIdentityPool takes them; ``roles`` maps ``authenticated`` and
    ``unauthenticated`` to role ARNs, ``role_mappings`` as SetIdentityPoolRoles takes it.
    """

    identity_pool_id: str
    settings: Mapping[str, Any]
    roles: Mapping[str, str] = field(default_factory=dict)
    role_mappings: Mapping[str, Any] = field(default_factory=dict)
