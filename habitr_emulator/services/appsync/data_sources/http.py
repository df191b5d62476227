"""HTTP: calls an endpoint on this machine. The emulator makes no connection to anywhere else.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference-http.html
"""

import asyncio
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from habitr_emulator.services.appsync.data_sources.result import DataSourceResult, failed
from habitr_emulator.services.appsync.spec import DataSource, ResolverError
from habitr_emulator.services.context import Account, Context

if TYPE_CHECKING:
    from aiohttp import ClientSession

MAX_BODY = 1_000_000
TIMEOUT = 30.0
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")


class HttpClient:
    """The account's HTTP session, opened when first used."""

    def __init__(self, _: Account) -> None:
        self._session: ClientSession | None = None

    def session(self) -> "ClientSession":
        """The session; it keeps no cookies and follows no redirects."""
        import aiohttp

        if self._session is None:
            jar, timeout = aiohttp.DummyCookieJar(), aiohttp.ClientTimeout(total=TIMEOUT)
            self._session = aiohttp.ClientSession(cookie_jar=jar, timeout=timeout)
        return self._session

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


async def invoke(
    documents: list[dict[str, Any]], data_source: DataSource, context: Context
) -> list[DataSourceResult]:
    """Send each document's request; a result has ``statusCode``, ``headers`` and ``body``."""
    calls = [_one(document, data_source.config["endpoint"], context) for document in documents]
    return list(await asyncio.gather(*calls))


async def _one(document: dict[str, Any], endpoint: str, context: Context) -> DataSourceResult:
    from aiohttp import ClientError

    try:
        _must_be_here(endpoint)
        return DataSourceResult(await _send(document, endpoint, context))
    except ResolverError as error:
        return failed(error)
    except (ClientError, TimeoutError, OSError, ValueError) as error:
        why = f"the HTTP data source {endpoint} could not be called: {error}"
        return failed(ResolverError(str(error) or "The request failed.", "HttpRequestException", why=why))


async def _send(document: dict[str, Any], endpoint: str, context: Context) -> dict[str, Any]:
    method, path = document.get("method"), document.get("resourcePath")
    if method not in _METHODS or not isinstance(path, str) or not path.startswith("/"):
        raise ResolverError("Required field method or resourcePath missing", "MappingTemplate")
    parameters = document.get("params") or {}
    session = context.account.part(HttpClient).session()
    async with session.request(
        method,
        endpoint.rstrip("/") + path,
        params={name: _text(value) for name, value in (parameters.get("query") or {}).items()},
        headers={name: _text(value) for name, value in (parameters.get("headers") or {}).items()},
        data=_body(parameters.get("body")),
        allow_redirects=False,
    ) as response:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > MAX_BODY:
                raise ResolverError(f"The response is larger than {MAX_BODY} bytes.", "HttpRequestException")
        text = body.decode(response.charset or "utf-8", "replace")
        return {"statusCode": response.status, "headers": dict(response.headers), "body": text}


def _must_be_here(endpoint: str) -> None:
    """Refuse an endpoint that is not this machine's."""
    host = urlsplit(endpoint).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return
    try:
        if ip_address(host).is_loopback:
            return
    except ValueError:
        pass  # a name: only localhost is known to stay here
    why = f"habitr-emulator makes no outbound connection, and {host} is not this machine"
    raise ResolverError(f"The HTTP endpoint {endpoint} is not on this machine.", "HttpRequestException", why=why)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _body(value: Any) -> bytes | None:
    if value is None:
        return None
    return value.encode() if isinstance(value, str) else orjson.dumps(value)
