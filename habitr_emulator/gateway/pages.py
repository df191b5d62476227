"""Which web pages may do what only the emulator's owner may: those of this machine.

The default administrator key is well known and every service answers CORS, so without this any page that the owner
happens to read could make a Lambda function, that is, run code on this machine. A page tells where it is from by
``Origin``; a request for an image or a link has none, but ``Sec-Fetch-Site``; and a page whose own name was made
to resolve to this machine (DNS rebinding) has that name as Host.

https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
"""

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from habitr_emulator.wire.hosts import without_port
from habitr_emulator.wire.http import Request

_HERE = {"localhost", "127.0.0.1", "::1", "10.0.2.2"}
#: What no stranger can have a name under: loopback, private and reserved names, and AWS's, which come by the door.
_SAFE = (".localhost", ".local", ".internal", ".test", ".home.arpa", ".amazonaws.com", ".amazoncognito.com")


def of_this_machine(request: Request, endpoint: str) -> bool:
    """Whether ``request`` is from a page of this machine, or from no page at all.

    ``endpoint`` is the emulator's own URL; its host is one of its names.
    """
    if not _own_host(request.host, endpoint):
        return False
    origins = request.headers.all("origin")
    if not origins:
        return request.headers.get("sec-fetch-site") != "cross-site"
    return all(_local(origin) for origin in origins)


def _local(origin: str) -> bool:
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:  # an address in brackets that are not closed
        return False
    return host in _HERE or host.endswith(".localhost")


@lru_cache(maxsize=256)
def _own_host(host: str, endpoint: str) -> bool:
    """An address, a name without dots (of a container), a reserved name, or the emulator's: not a stranger's."""
    name = without_port(host).removeprefix("[").removesuffix("]").rstrip(".")
    if "." not in name or name.endswith(_SAFE) or name == urlsplit(endpoint).hostname:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
