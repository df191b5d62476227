"""GET /_habitr/ca.pem: the certificate authority that TLS clients are to trust."""

from habitr_emulator.gateway.admin import Control
from habitr_emulator.wire.http import Request, Response


async def handle(request: Request, rest: str, control: Control) -> Response:
    """The certificate as PEM."""
    return Response(200, {"content-type": "application/x-pem-file"}, control.ca_pem().encode())
