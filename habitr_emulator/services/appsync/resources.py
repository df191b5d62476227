"""What the control plane has made of APIs: descriptions as AWS shows them, kept in the store.

A description stands over what the project brought under the same kind and name. They are few, and every request
needs them, so they are held in memory too and read again after each change.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Account

Description = Mapping[str, Any]
#: Descriptions by kind and name; None says that the project's was deleted.
Kept = dict[str, dict[str, Description | None]]

API: Final = "GraphqlApi"
KEY: Final = "ApiKey"
DATA_SOURCE: Final = "DataSource"
FUNCTION: Final = "Function"
RESOLVER: Final = "Resolver"
SCHEMA: Final = "Schema"
CREATION: Final = "SchemaCreation"
ENVIRONMENT: Final = "EnvironmentVariables"
_PUT = (
    "INSERT INTO appsync_resource (api_id, kind, name, description) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET description = excluded.description"
)
_ADD = f"{_PUT} WHERE appsync_resource.description IS NULL"
_SELECT = "SELECT api_id, kind, name, description FROM appsync_resource"


class Resources:
    """The kept descriptions of every API."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._kept: dict[str, Kept] = {}
        self.reload()

    def reload(self) -> None:
        """Read everything again: the state may be another one."""
        self._kept = _sorted(self._account.store.all(f"{_SELECT} ORDER BY number"))

    def api_ids(self) -> list[str]:
        """The APIs that calls made or changed."""
        return list(self._kept)

    def of(self, api_id: str) -> Kept:
        """What is kept of one API."""
        return self._kept.get(api_id, {})

    async def put(
        self, api_id: str, kind: str, name: str, description: Description, taken: AwsError | None = None
    ) -> None:
        """Keep a description. ``taken`` is raised if one is kept already that another call made meanwhile."""
        row = (api_id, kind, name, orjson.dumps(description).decode())

        def write(tx: Transaction) -> None:
            if tx.execute(_PUT if taken is None else _ADD, row).rowcount == 0 and taken is not None:
                raise taken

        await self._change(api_id, write)

    async def remove(self, api_id: str, kind: str, name: str, *, brought: bool) -> None:
        """Forget a description; what the project ``brought`` is marked as deleted."""

        def write(tx: Transaction) -> None:
            at = (api_id, kind, name)
            tx.execute("DELETE FROM appsync_resource WHERE api_id = ? AND kind = ? AND name = ?", at)
            if brought:
                tx.execute("INSERT INTO appsync_resource (api_id, kind, name) VALUES (?, ?, ?)", at)

        await self._change(api_id, write)

    async def remove_api(self, api_id: str, *, brought: bool) -> None:
        """Forget a whole API."""

        def write(tx: Transaction) -> None:
            tx.execute("DELETE FROM appsync_resource WHERE api_id = ?", (api_id,))
            if brought:
                tx.execute(
                    "INSERT INTO appsync_resource (api_id, kind, name) VALUES (?, ?, '')",
                    (api_id, API),
                )

        await self._change(api_id, write)

    async def _change(self, api_id: str, write: Callable[[Transaction], None]) -> None:
        await self._account.store.write(write)
        rows = self._account.store.all(f"{_SELECT} WHERE api_id = ? ORDER BY number", (api_id,))
        self._kept.pop(api_id, None)
        self._kept.update(_sorted(rows))


def _sorted(rows: list[Row]) -> dict[str, Kept]:
    kept: dict[str, Kept] = {}
    for api_id, kind, name, text in rows:
        description = None if text is None else orjson.loads(text)
        kept.setdefault(api_id, {}).setdefault(kind, {})[name] = description
    return kept
