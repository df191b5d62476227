"""What a data source gives back for one request document."""

from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.appsync.spec import ResolverError


@dataclass(slots=True)
class DataSourceResult:
    """``$ctx.result``, or the error that becomes ``$ctx.error`` (``value`` may stand beside it)."""

    value: Any = None
    error: ResolverError | None = None


def failed(error: ResolverError) -> DataSourceResult:
    """The result of a call that failed; what the error carries as data is ``$ctx.result`` too."""
    return DataSourceResult(error.data, error)
