"""Where a project is deployed, and the ids that follow from its names alone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.shapes import mapping, text
from habitr_emulator.kernel import ids


@dataclass(frozen=True, slots=True)
class Place:
    """A project in an environment: ``folder`` is ``amplify/backend``, ``provider`` the environment's part of
    ``team-provider-info.json``.
    """

    project: str
    environment: str
    region: str
    account_id: str
    folder: Path
    provider: dict[str, Any]

    def user_pool_id(self, resource: str) -> str:
        """``us-east-1_`` and 9 letters and digits."""
        return f"{self.region}_{ids.derived_base62(9, 'user-pool', self.project, self.environment, resource)}"

    def client_id(self, resource: str, client: str) -> str:
        """26 lower-case letters and digits."""
        return ids.derived_base36(26, "app-client", self.project, self.environment, resource, client)

    def identity_pool_id(self, resource: str) -> str:
        """``us-east-1:`` and a UUID."""
        return f"{self.region}:{ids.derived_uuid('identity-pool', self.project, self.environment, resource)}"

    def graphql_api_id(self, resource: str) -> str:
        """26 lower-case letters and digits."""
        return ids.derived_base36(26, "graphql-api", self.project, self.environment, resource)

    def rest_api_id(self, resource: str) -> str:
        """10 lower-case letters and digits."""
        return ids.derived_base36(10, "rest-api", self.project, self.environment, resource)

    def pinpoint_app_id(self, resource: str) -> str:
        """32 hexadecimal digits."""
        return ids.derived_text(32, "0123456789abcdef", "pinpoint", self.project, self.environment, resource)

    def api_key(self, resource: str) -> str:
        """``da2-`` and 26 characters; Habitr's own is a well-known value."""
        if (self.project, resource, self.environment) == ("habitr", "habitr", "dev"):
            return "da2-habitremulator0000000000"
        return "da2-" + ids.derived_base36(26, "api-key", self.project, self.environment, resource)

    def role_name(self, kind: str) -> str:
        """The identity pool's ``authRole`` or ``unauthRole``, as ``amplify init`` named it."""
        named = mapping(self.provider.get("awscloudformation")).get(f"{kind[0].upper()}{kind[1:]}Name")
        return text(named) or f"amplify-{self.project}-{self.environment}-{kind}"

    def arn(self, service: str, resource: str, *, region: bool = True) -> str:
        """An ARN of this account."""
        return f"arn:aws:{service}:{self.region if region else ''}:{self.account_id}:{resource}"

    def parameters(self, category: str, resource: str) -> dict[str, Any]:
        """What ``team-provider-info.json`` overrides for a resource."""
        found = mapping(mapping(self.provider.get("categories")).get(category))
        return dict(mapping(found.get(resource)))
