"""What binds a role or a user right now: its inline policies and the managed ones attached to it."""

import json
from typing import Any, Literal

from habitr_emulator.services.context import Account

Kind = Literal["role", "user"]
_DOCUMENTS = """
SELECT document FROM iam_inline_policies WHERE kind = ?1 AND owner = ?2
UNION ALL
SELECT document FROM iam_attachments JOIN iam_managed_policies ON arn = policy_arn WHERE kind = ?1 AND owner = ?2
"""


class AttachedPolicies:
    """Identity policies by owner, read once and forgotten when anything of IAM changes."""

    def __init__(self, account: Account) -> None:
        self._store = account.store
        self._kept: dict[tuple[Kind, str], tuple[dict[str, Any], ...]] = {}
        account.bus.subscribe("store.restored", lambda _: self.forget())

    def of(self, kind: Kind, name: str) -> tuple[dict[str, Any], ...]:
        """The documents of a role or user; none if it does not exist."""
        found = self._kept.get((kind, name))
        if found is None:
            rows = self._store.all(_DOCUMENTS, (kind, name))
            found = self._kept[kind, name] = tuple(json.loads(row["document"]) for row in rows)
        return found

    def role_id(self, name: str) -> str:
        """A role's ``AROA…`` id; empty if there is no such role."""
        row = self._store.one("SELECT id FROM iam_roles WHERE name = ?", (name,))
        return "" if row is None else str(row["id"])

    def forget(self) -> None:
        """Read again: somebody changed something."""
        self._kept.clear()
