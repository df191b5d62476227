"""Which app client calls an OAuth endpoint, proved by its secret if it has one.

https://www.rfc-editor.org/rfc/rfc6749#section-2.3
"""

import binascii
from base64 import b64decode
from urllib.parse import unquote_plus

from habitr_emulator.services.cognito_idp import pools
from habitr_emulator.services.cognito_idp.hosted_ui.refusals import ErrorPage, OAuthError
from habitr_emulator.services.cognito_idp.hosted_ui.visit import Visit
from habitr_emulator.services.cognito_idp.pools import Client, Pool


def authenticated(visit: Visit, *, status: int = 400) -> tuple[Pool, Client]:
    """The client of a request: ``Authorization: Basic`` or ``client_id`` and ``client_secret`` in the form.

    Raises OAuthError: invalid_request without any client, invalid_client (with ``status``) if it is unknown or the
    secret is not right.
    """
    client_id, secret = _credentials(visit, status)
    if not client_id:
        raise OAuthError(
            "invalid_request", why="no client_id, neither in the form nor in the Authorization header"
        )
    try:
        pool, client = visit.app(client_id)
    except ErrorPage as error:
        raise OAuthError("invalid_client", status=status, why=error.why) from error
    if client.secrets and not pools.is_secret(client, secret):
        why = "the client's secret is missing or wrong" if secret else "the client has a secret, and none came"
        raise OAuthError("invalid_client", status=status, why=why)
    return pool, client


def _credentials(visit: Visit, status: int) -> tuple[str, str]:
    scheme, _, encoded = visit.request.headers.get("authorization").partition(" ")
    if scheme.lower() != "basic":
        return visit.form.get("client_id", ""), visit.form.get("client_secret", "")
    try:
        name, _, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise OAuthError("invalid_client", status=status, why="the Authorization header is not base64") from error
    if visit.form.get("client_id", name) != name:
        raise OAuthError("invalid_client", status=status, why="client_id in form and header differ")
    return unquote_plus(name), unquote_plus(secret)
