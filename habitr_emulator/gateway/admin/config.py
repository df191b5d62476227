"""GET /_habitr/config: every endpoint and id that a client needs; with ``?format=``, the file that it reads."""

import re
from collections.abc import Mapping
from typing import Any, Final

from habitr_emulator.gateway.admin import BadRequest, Control, json_response, parameters
from habitr_emulator.wire.http import Request, Response

_ADDRESSES: Final = ("endpoint", "graphql_url", "rest_url")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?")
#: AWS's names lead here through the proxy door alone.
_BEHIND_DOOR: Final = re.compile(r"\.(?:amazonaws|amazoncognito)\.com(?::\d+)?$")


async def handle(request: Request, rest: str, control: Control) -> Response:
    """The configuration as JSON, keys in lower case; or the text of ``format`` for ``target`` and ``hosts``."""
    asked = parameters(request)
    if "format" not in asked:
        return json_response({**_as_asked(control.config(), request), "ca_pem": control.ca_pem()})
    try:
        text = control.render(asked["format"], asked.get("target", "web"), asked.get("hosts", "local"))
    except ValueError as error:
        raise BadRequest(str(error)) from None
    return Response(200, {"content-type": "text/plain; charset=utf-8"}, text.encode())


def _as_asked(config: Mapping[str, Any], request: Request) -> dict[str, Any]:
    """The configuration with the emulator's URL as the asker reaches it: a phone by 10.0.2.2, another container by
    the service's name, a published port.

    A name that a stranger's page could have made to resolve to this machine has been refused before
    (gateway.pages), so a Host here is the asker's own way.
    """
    host = request.host
    if request.scheme != "http" or not _HOST.fullmatch(host) or _BEHIND_DOOR.search(host):
        return dict(config)
    own, reached = str(config["endpoint"]), f"http://{host}"
    return {
        name: reached + value.removeprefix(own) if name in _ADDRESSES and value.startswith(own) else value
        for name, value in config.items()
    }
