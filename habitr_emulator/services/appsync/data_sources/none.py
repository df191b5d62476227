"""NONE: the request's payload is the result.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference-none.html
"""

from typing import Any

from habitr_emulator.services.appsync.data_sources.result import DataSourceResult
from habitr_emulator.services.appsync.spec import DataSource
from habitr_emulator.services.context import Context


async def invoke(documents: list[dict[str, Any]], _: DataSource, __: Context) -> list[DataSourceResult]:
    """Give each document's ``payload``."""
    return [DataSourceResult(document.get("payload")) for document in documents]
