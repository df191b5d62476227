"""HTTP: calls an endpoint on this machine. The emulator makes no connection to anywhere else.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference-http.html
"""

import asyncio
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from habitr_emulator.services.appsync.data_sources.result import DataSourceResult, failed
from habitr_emulator.services.appsync.spec import DataSource, ResolverError
from habitr_emulator.services.appsync.vtl.to_json import to_json
from habitr_emulator.services.context import Context

MAX_BODY = 1_000_000
TIMEOUT = 30.0
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
_FAILURE = "HttpRequestException"  # guess: the service's name for a transport failure is not documented


async def invoke(documents: list[dict[str, Any]], data_source: DataSource, _: Context) -> list[DataSourceResult]:
    """Send each document's request; a result has ``statusCode``, ``headers`` and ``body`` (text)."""
    endpoint = data_source.config["endpoint"]
    return list(await asyncio.gather(*[_one(document, endpoint) for document in documents]))


async def _one(document: dict[str, Any], endpoint: str) -> DataSourceResult:
    try:
        url = urlsplit(endpoint)
        _must_be_here(url)
        return DataSourceResult(await asyncio.to_thread(_send, document, url))
    except ResolverError as error:
        return failed(error)
    except (HTTPException, OSError, ValueError) as error:
        why = f"the HTTP data source {endpoint} could not be called: {error}"
        return failed(ResolverError(str(error) or "The request failed.", _FAILURE, why=why))


def _send(document: dict[str, Any], url: SplitResult) -> dict[str, Any]:
    """One exchange, in a worker thread; redirects are answers like any other."""
    method, path = document.get("method"), document.get("resourcePath")
    if method not in _METHODS or not isinstance(path, str) or not path.startswith("/"):
        raise ResolverError("Required field method or resourcePath missing", "MappingTemplate")
    parameters = document.get("params") or {}
    query = urlencode({name: _text(value) for name, value in (parameters.get("query") or {}).items()})
    headers = {name: _text(value) for name, value in (parameters.get("headers") or {}).items()}
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=TIMEOUT)
    try:
        target = url.path.rstrip("/") + path + (f"?{query}" if query else "")
        connection.request(method, target, _body(parameters.get("body")), headers)
        return _answer(connection.getresponse())
    finally:
        connection.close()


def _answer(response: HTTPResponse) -> dict[str, Any]:
    body = response.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise ResolverError(f"The response is larger than {MAX_BODY} bytes.", _FAILURE)
    text = body.decode(response.headers.get_content_charset("utf-8"), "replace")
    return {"statusCode": response.status, "headers": dict(response.headers.items()), "body": text}


def _must_be_here(url: SplitResult) -> None:
    """Refuse an endpoint that is not this machine's; of names only localhost is known to stay here."""
    host = url.hostname or ""
    if url.scheme in ("http", "https") and (
        host == "localhost" or host.endswith(".localhost") or _is_loopback(host)
    ):
        return
    why = f"habitr-emulator makes no outbound connection, and {host or url.geturl()} is not this machine"
    raise ResolverError(f"The HTTP endpoint {url.geturl()} is not on this machine.", _FAILURE, why=why)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _text(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value)


def _body(value: Any) -> bytes | None:
    return None if value is None else _text(value).encode()
