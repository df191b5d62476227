"""Which policies a project's resources give to whom: by role name, as they are attached on AWS."""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.amplify.place import Place

Policies = dict[str, Mapping[str, Any]]


class Grants:
    """Collects policies. ``auth_resource`` names the user pool that the groups belong to, "" without one."""

    def __init__(self, place: Place, auth_resource: str) -> None:
        self._place = place
        self._prefix = place.user_pool_id(auth_resource) if auth_resource else place.project
        self.by_role: dict[str, Policies] = {}

    def add(self, role_name: str, policies: Mapping[str, Mapping[str, Any]]) -> None:
        """Give policies to a role."""
        if policies:
            self.by_role.setdefault(role_name, {}).update(policies)

    def members(self, policies: Mapping[str, Mapping[str, Any]]) -> None:
        """Give policies to signed-in users."""
        self.add(self._place.role_name("authRole"), policies)

    def guests(self, policies: Mapping[str, Mapping[str, Any]]) -> None:
        """Give policies to guests."""
        self.add(self._place.role_name("unauthRole"), policies)

    def group(self, group: str, policies: Mapping[str, Mapping[str, Any]]) -> None:
        """Give policies to a user pool group."""
        self.add(self.group_role(group), policies)

    def group_role(self, group: str) -> str:
        """The name of a group's role, as Amplify's template makes it."""
        return f"{self._prefix}-{group}GroupRole"
