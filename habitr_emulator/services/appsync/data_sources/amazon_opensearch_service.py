"""AMAZON_OPENSEARCH_SERVICE: ``_search`` requests to a domain's indexes.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference-elasticsearch.html
"""

import re
from typing import Any

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.appsync.data_sources.result import DataSourceResult, failed
from habitr_emulator.services.appsync.spec import DataSource, ResolverError
from habitr_emulator.services.context import Context

_SEARCH = re.compile(r"/([^/]+)(?:/_?doc)?/_search")


async def invoke(documents: list[dict[str, Any]], _: DataSource, context: Context) -> list[DataSourceResult]:
    """Answer each document's search with OpenSearch's body."""
    domain = context.as_service("appsync.amazonaws.com").services.opensearch
    return [await _one(document, domain) for document in documents]


async def _one(document: dict[str, Any], domain: Any) -> DataSourceResult:
    path = document.get("path")
    match = _SEARCH.fullmatch(path) if isinstance(path, str) else None
    if match is None or document.get("operation") not in ("GET", "POST"):
        why = "not built: of OpenSearch's API the emulator has GET and POST /<index>/_search"
        return failed(ResolverError(f"Unsupported request {path!r}.", "NotImplemented", why=why))
    body = (document.get("params") or {}).get("body") or {}
    try:
        return DataSourceResult(await domain.search({"Index": match[1], "Body": body}))
    except AwsError as error:
        # guess: how AppSync wraps what the domain answers
        return failed(ResolverError(error.message, f"OpenSearch:{error.code}", why=error.why))
