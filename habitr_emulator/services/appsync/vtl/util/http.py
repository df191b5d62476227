"""``$util.http``: headers of requests and of the answer.

https://docs.aws.amazon.com/appsync/latest/devguide/http-helpers-in-utils-http.html
"""

from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.spec import ResolverContext

_RESTRICTED = frozenset(
    [
        "transfer-encoding",
        "connection",
        "host",
        "expect",
        "keep-alive",
        "upgrade",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "content-encoding",
        "content-length",
        "content-type",
        "server",
        "via",
    ]
)
_RESTRICTED_PREFIXES = ("x-amzn-", "x-amz-")
MAX_SIZE = 4096


def copy_headers(headers: dict[str, Any]) -> dict[str, Any]:
    """The headers without those that belong to one hop."""
    return {name: value for name, value in headers.items() if name.lower() not in _RESTRICTED}


def add_response_header(ctx: ResolverContext, name: str, value: Any) -> str:
    """Add a header to the answer; the last one of a name wins. Raises ValueError for a reserved name."""
    lowered, text = name.lower(), value if isinstance(value, str) else str(value)
    if lowered in _RESTRICTED or lowered.startswith(_RESTRICTED_PREFIXES):
        raise ValueError(f"the response header {name} is reserved")
    if not name.isascii() or any(c <= " " or c in ":\x7f" for c in name) or any(c in "\r\n\0" for c in text):
        raise ValueError(f"the response header {name!r} is malformed")
    size = sum(len(key) + len(held) for key, held in ctx.response_headers.items()) + len(name) + len(text)
    if size > MAX_SIZE:
        raise ValueError(f"the response headers exceed {MAX_SIZE} bytes")
    ctx.response_headers[name] = text
    return ""


def add_response_headers(ctx: ResolverContext, headers: dict[str, Any]) -> str:
    """Add several headers."""
    for name, value in headers.items():
        add_response_header(ctx, name, value)
    return ""


PURE: dict[str, Callable[..., Any]] = {"copyHeaders": copy_headers}
BOUND: dict[str, Callable[..., Any]] = {
    "addResponseHeader": add_response_header,
    "addResponseHeaders": add_response_headers,
}
