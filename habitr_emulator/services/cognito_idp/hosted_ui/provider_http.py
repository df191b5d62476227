"""An identity provider on this machine: its addresses, and what it says of somebody who comes back with a code.

The emulator makes no connection to anywhere else: an address that is not a loopback one is never used.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from habitr_emulator.kernel.clock import Clock
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.services.cognito_idp.triggers.inbound_federation import Said

_MOST_BYTES = 1_000_000
_SECONDS = 10.0
_SKEW = 60
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
_TYPES = ("OIDC", "Google", "SignInWithApple")


class ProviderFailure(Exception):
    """A provider that does not answer, or not as it should; the message is for the app."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a provider is. ``attributes`` may be empty; ``issuer`` and ``keys`` are those of its ID tokens."""

    authorize: str
    token: str
    attributes: str = ""
    issuer: str = ""
    keys: str = ""


def is_here(address: str) -> bool:
    """Whether an address is on this machine: http(s) to localhost or a loopback IP."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


async def addresses(provider: Provider) -> Addresses | None:
    """The provider's addresses, from its details or its discovery document; None if it is not on this machine."""
    details, issuer = dict(provider.details), provider.details.get("oidc_issuer", "")
    if provider.kind == "OIDC" and is_here(issuer) and not all(details.get(n) for n in _DISCOVERED.values()):
        found = await _discovered(issuer)
        details = {**{ours: found[theirs] for theirs, ours in _DISCOVERED.items() if theirs in found}, **details}
    made = Addresses(
        details.get("authorize_url", ""),
        details.get("token_url", ""),
        details.get("attributes_url", ""),
        issuer if provider.kind in _TYPES else "",
        details.get("jwks_uri", ""),
    )
    used = [made.authorize, made.token, *(each for each in (made.attributes, made.keys) if each)]
    return made if all(is_here(each) for each in used) else None


_DISCOVERED = {
    "authorization_endpoint": "authorize_url",
    "token_endpoint": "token_url",
    "userinfo_endpoint": "attributes_url",
    "jwks_uri": "jwks_uri",
}


async def said(provider: Provider, at: Addresses, given: Mapping[str, str], clock: Clock) -> Said:
    """What the provider says of the person: claims of the ID token (verified) and of the attributes address.

    ``given`` has ``code``, ``redirect_uri`` and ``nonce``. Raises ProviderFailure.
    """
    form = {
        "grant_type": "authorization_code",
        "code": given["code"],
        "client_id": provider.details["client_id"],
        "client_secret": provider.details.get("client_secret", ""),
        "redirect_uri": given["redirect_uri"],
    }
    if provider.details.get("token_request_method") == "GET":
        tokens = await _fetched("GET", f"{at.token}?{urlencode(form)}")
    else:
        tokens = await _fetched("POST", at.token, body=urlencode(form))
    claims: dict[str, Any] = {}
    profile: dict[str, Any] = {}
    if at.keys and tokens.get("id_token"):
        keys = await _fetched("GET", at.keys)
        claims = _verified(str(tokens["id_token"]), keys, (at.issuer, form["client_id"], given["nonce"]), clock)
    elif provider.kind == "OIDC":
        raise ProviderFailure("Bad id_token issuer or missing id_token")
    if at.attributes:
        profile = await _attributes(provider, at.attributes, str(tokens.get("access_token", "")))
    return Said(tokens, claims, profile)


async def _attributes(provider: Provider, address: str, token: str) -> dict[str, Any]:
    if provider.details.get("attributes_url_add_attributes") == "true":
        address += ",".join(sorted(set(provider.mapping.values())))
    method = provider.details.get("attributes_request_method", "GET")
    return await _fetched(method, address, headers={"Authorization": f"Bearer {token}"})


async def _discovered(issuer: str) -> dict[str, Any]:
    try:
        return await _fetched("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
    except ProviderFailure:
        return {}


async def _fetched(
    method: str, address: str, *, body: str | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A JSON object from an address on this machine; raises ProviderFailure."""
    if not is_here(address):
        raise ProviderFailure("The provider's address is not on this machine.")
    try:
        status, answer = await asyncio.to_thread(_send, method, address, body, dict(headers or {}))
        document = orjson.loads(answer)
    except (HTTPException, OSError, ValueError) as error:
        raise ProviderFailure(f"Error contacting the identity provider: {type(error).__name__}") from error
    if status >= 400 or not isinstance(document, dict):
        said = document.get("error") if isinstance(document, dict) else ""
        raise ProviderFailure(f"The identity provider answered {status} {said or ''}".strip())
    return document


def _send(method: str, address: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
    """One exchange, in a worker thread; redirects are not followed."""
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        headers |= {"Accept": "application/json"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        return response.status, response.read(_MOST_BYTES)
    finally:
        connection.close()


def _verified(token: str, keys: Mapping[str, Any], expected: tuple[str, str, str], clock: Clock) -> dict[str, Any]:
    """The claims of an ID token with a right signature, issuer, audience, time and nonce; raises ProviderFailure.

    Time is the machine's, which the provider keeps, too.
    """
    import jwt

    issuer, audience, nonce = expected
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = next(key for key in keys.get("keys") or () if kid is None or key.get("kid") == kid)
        said: dict[str, Any] = jwt.decode(
            token,
            jwt.PyJWK(key),
            algorithms=_ALGORITHMS,
            audience=audience,
            issuer=issuer,
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False, "require": ["exp", "sub"]},
        )
    except (jwt.PyJWTError, StopIteration, AttributeError) as error:
        raise ProviderFailure(f"Bad id_token: {error or 'no key for it'}") from error
    if float(said["exp"]) + _SKEW <= clock.real():
        raise ProviderFailure("Bad id_token: it has expired")
    if said.get("nonce") != nonce:
        raise ProviderFailure("Bad id_token: nonce mismatch")
    return said
