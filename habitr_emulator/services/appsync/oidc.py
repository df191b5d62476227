"""Tokens of OpenID Connect issuers: their keys, and whether an API takes them.

The keys of an issuer come from the setting ``oidc_keys``, or from its discovery document if it is on this machine;
the emulator makes no connection to anywhere else.
https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#openid-connect-authorization
"""

import asyncio
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any, Final, cast
from urllib.parse import urlsplit

import orjson

from habitr_emulator.services.appsync.errors import UnauthorizedException
from habitr_emulator.services.appsync.spec import AuthMode
from habitr_emulator.services.appsync.vtl import java_regex
from habitr_emulator.services.context import Account, Context

_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_KEPT_SECONDS: Final = 300.0
_MOST_BYTES: Final = 1_000_000
_SECONDS: Final = 5.0


class IssuerKeys:
    """The key sets of issuers on this machine, remembered for a while."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._kept: dict[str, tuple[float, Mapping[str, Any]]] = {}

    async def of(self, issuer: str) -> Mapping[str, Any]:
        """A JWKS; raises UnauthorizedException."""
        static = self._account.oidc_keys.get(issuer.rstrip("/"))
        if static is not None:
            return static
        until, found = self._kept.get(issuer, (0.0, {}))
        if until <= self._account.clock.monotonic():
            found = await _discovered(issuer)
            self._kept[issuer] = (self._account.clock.monotonic() + _KEPT_SECONDS, found)
        return found


async def claims_of(token: str, mode: AuthMode, context: Context) -> dict[str, Any]:
    """The claims of a token of the mode's issuer; raises UnauthorizedException."""
    import jwt

    keys = await context.account.part(IssuerKeys).of(mode.issuer or "")
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = next(key for key in keys.get("keys") or () if kid is None or key.get("kid") == kid)
        options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
        claims: dict[str, Any] = jwt.decode(
            token, jwt.PyJWK(key), algorithms=_ALGORITHMS, options=cast("Any", options)
        )
    except (jwt.PyJWTError, StopIteration, AttributeError, ValueError) as error:
        reason = str(error) or "the issuer has no such key"
        raise UnauthorizedException(why=f"the token of {mode.issuer} is not good: {reason}") from None
    now = context.clock.now()
    if not isinstance(claims.get("exp"), (int, float)) or claims["exp"] <= now:
        raise UnauthorizedException("Token has expired.", why="the token's exp has passed")
    if isinstance(claims.get("nbf"), (int, float)) and claims["nbf"] > now:
        raise UnauthorizedException(why="the token's nbf has not come")
    return claims


def issuer_of(token: str) -> str:
    """The issuer that a token names, unproved; "" if it names none."""
    import jwt

    try:
        return str(jwt.decode(token, options={"verify_signature": False}).get("iss", ""))
    except jwt.PyJWTError:
        return ""


def judge(claims: Mapping[str, Any], mode: AuthMode, now: float) -> None:
    """Refuse a token that is too old or of another app client; raises UnauthorizedException."""
    if mode.client_id and not any(
        java_regex.agrees(mode.client_id, str(each), whole=True) for each in _clients(claims) if each
    ):
        raise UnauthorizedException(why=f"the token's app client does not match {mode.client_id}")
    for claim, lasting in (("iat", mode.iat_ttl), ("auth_time", mode.auth_ttl)):
        at = claims.get(claim)
        if lasting and (not isinstance(at, (int, float)) or at + lasting <= now):
            raise UnauthorizedException(why=f"the token's {claim} is longer than {lasting:g} s ago")


def _clients(claims: Mapping[str, Any]) -> list[Any]:
    audience = claims.get("aud")
    of_audience = audience if isinstance(audience, list) else [audience]
    return [*of_audience, claims.get("azp"), claims.get("client_id")]


async def _discovered(issuer: str) -> Mapping[str, Any]:
    document = await _fetched(issuer.rstrip("/") + "/.well-known/openid-configuration", issuer)
    return await _fetched(str(document.get("jwks_uri", "")), issuer)


async def _fetched(address: str, issuer: str) -> dict[str, Any]:
    if not _is_here(address):
        raise UnauthorizedException(
            why=f"the issuer {issuer} is not on this machine; its keys can be given as oidc_keys in habitr.toml"
        )
    try:
        document = orjson.loads(await asyncio.to_thread(_get, address))
    except (HTTPException, OSError, ValueError) as error:
        raise UnauthorizedException(why=f"the issuer {issuer} cannot be asked for its keys: {error}") from None
    if not isinstance(document, dict):
        raise UnauthorizedException(why=f"the issuer {issuer} answers no JSON object at {address}")
    return document


def _get(address: str) -> bytes:
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("GET", parts.path or "/", headers={"accept": "application/json"})
        return connection.getresponse().read(_MOST_BYTES)
    finally:
        connection.close()


def _is_here(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False
