"""Data sources, found by file name: ``data_sources/<DataSourceType in lower case>.py`` with ``invoke``.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_DataSource.html
"""

import pkgutil
from collections.abc import Awaitable, Callable
from functools import cache
from importlib import import_module
from typing import Any

from habitr_emulator.services.appsync.data_sources.result import DataSourceResult
from habitr_emulator.services.appsync.spec import DataSource, ResolverError
from habitr_emulator.services.context import Context

Invoke = Callable[[list[dict[str, Any]], DataSource, Context], Awaitable[list[DataSourceResult]]]


async def invoke(
    documents: list[dict[str, Any]], data_source: DataSource, context: Context
) -> list[DataSourceResult]:
    """Ask a data source for the documents of one stage; results in their order."""
    found = find(data_source.type)
    if found is None:
        path = f"habitr_emulator/services/appsync/data_sources/{data_source.type.lower()}.py"
        why = f"not built: to add data sources of the type {data_source.type}, create {path}"
        message = f"The data source type {data_source.type} is not built in habitr-emulator."
        return [DataSourceResult(error=ResolverError(message, "NotImplemented", why=why))] * len(documents)
    return await found(documents, data_source, context)


@cache
def find(kind: str) -> Invoke | None:
    """The ``invoke`` of a DataSourceType, or None if it is not built."""
    if kind.lower() not in {module.name for module in pkgutil.iter_modules(__path__)} - {"result"}:
        return None
    module = import_module(f"{__name__}.{kind.lower()}")
    invoke: Invoke = module.invoke
    return invoke
