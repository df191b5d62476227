"""What binds a role, user or group right now: its inline policies, the managed ones, and those of its groups."""

import json
from typing import Any, Literal

from habitr_emulator.services.context import Account
from habitr_emulator.services.iam import aws_policies

Kind = Literal["role", "user", "group"]
_INLINE = "SELECT document FROM iam_inline_policies WHERE kind = ? AND owner = ? ORDER BY name"
_ATTACHED = "SELECT policy_arn FROM iam_attachments WHERE kind = ? AND owner = ? ORDER BY policy_arn"
_GROUPS = "SELECT group_name FROM iam_group_members WHERE user_name = ? ORDER BY group_name"
_NOTHING: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "PolicyIsGone", "Effect": "Deny", "Action": "*", "Resource": "*"}],
}


class AttachedPolicies:
    """Identity policies by owner, read once and forgotten when anything of IAM changes."""

    def __init__(self, account: Account) -> None:
        self._store = account.store
        self._kept: dict[tuple[Kind, str], tuple[dict[str, Any], ...]] = {}
        self._managed: dict[str, dict[str, Any]] = {}
        self._role_ids: dict[str, str] = {}
        account.bus.subscribe("store.restored", lambda _: self.forget())

    def of(self, kind: Kind, name: str) -> tuple[dict[str, Any], ...]:
        """The documents of a role, user (with those of its groups) or group; none if it does not exist."""
        found = self._kept.get((kind, name))
        if found is None:
            own = [json.loads(row["document"]) for row in self._store.all(_INLINE, (kind, name))]
            own += [self.managed(row["policy_arn"]) for row in self._store.all(_ATTACHED, (kind, name))]
            if kind == "user":
                for row in self._store.all(_GROUPS, (name,)):
                    own += self.of("group", row["group_name"])
            found = self._kept[kind, name] = tuple(own)
        return found

    def managed(self, arn: str) -> dict[str, Any]:
        """The document of a managed policy, AWS's or the account's own; a deleted one denies everything."""
        document = aws_policies.POLICIES.get(arn) or self._managed.get(arn)
        if document is None:
            row = self._store.one("SELECT document FROM iam_managed_policies WHERE arn = ?", (arn,))
            document = self._managed[arn] = _NOTHING if row is None else json.loads(row["document"])
        return document

    def role_id(self, name: str) -> str:
        """A role's ``AROA…`` id; empty if there is no such role."""
        found = self._role_ids.get(name)
        if found is None:
            row = self._store.one("SELECT id FROM iam_roles WHERE name = ?", (name,))
            found = self._role_ids[name] = "" if row is None else str(row["id"])
        return found

    def forget(self) -> None:
        """Read again: somebody changed something."""
        self._kept.clear()
        self._managed.clear()
        self._role_ids.clear()
