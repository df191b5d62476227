"""Resource servers: the custom scopes of a pool, kept with its settings.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from habitr_emulator.services.cognito_idp import pool_settings
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context

Server = dict[str, Any]
_KEPT = "ResourceServers"


def listed(pool: Pool) -> list[Server]:
    """The pool's resource servers as ResourceServerType, in order of their identifiers."""
    servers = [{"Scopes": [], **entry, "UserPoolId": pool.id} for entry in pool.settings.get(_KEPT) or ()]
    return sorted(servers, key=lambda server: str(server["Identifier"]))


def find(pool: Pool, identifier: str) -> Server | None:
    """The resource server of an identifier, or None."""
    return next((server for server in listed(pool) if server["Identifier"] == identifier), None)


def require(pool: Pool, identifier: str) -> Server:
    """The resource server of an identifier; raises ResourceNotFoundException."""
    server = find(pool, identifier)
    if server is None:
        raise ResourceNotFoundException(f"Resource server {identifier} does not exist.")
    return server


def scopes(pool: Pool) -> list[str]:
    """The custom scopes of the pool: ``identifier/scope``."""
    return [
        f"{server['Identifier']}/{scope['ScopeName']}" for server in listed(pool) for scope in server["Scopes"]
    ]


def of_request(request: Mapping[str, Any]) -> Server:
    """What CreateResourceServer and UpdateResourceServer keep of a request."""
    kept = {name: request[name] for name in ("Identifier", "Name")}
    return kept | {"Scopes": [dict(scope) for scope in request.get("Scopes") or ()]}


async def change(
    ctx: Context, pool: Pool, identifier: str, make: Callable[[Server | None], Server | None]
) -> Server | None:
    """Replace the server of an identifier by what ``make`` makes of it (None removes it), in one step.

    Returns the new one. Raises what ``make`` raises.
    """

    def apply(fresh: Pool) -> list[Server]:
        others = [server for server in listed(fresh) if server["Identifier"] != identifier]
        made = make(find(fresh, identifier))
        return [*others, made] if made else others

    changed = await pool_settings.change_part(ctx, pool, _KEPT, apply)
    return find(changed, identifier)
