"""The JWTs of user pools: making, encoding and checking them.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from habitr_emulator.services.cognito_idp.keys import Keyring, SigningKey
from habitr_emulator.services.context import Account, Caller

KEPT_TOKENS = 4096
LONGEST_TOKEN = 64 * 1024


class InvalidToken(Exception):
    """A token that is not good: ``reason`` in plain words, ``expired`` if only its time is over."""

    def __init__(self, reason: str, expired: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.expired = reason, expired


@dataclass(frozen=True, slots=True)
class Verified:
    """A token whose signature and time are good. ``token_use`` is ``id`` or ``access``, ``caller`` its holder."""

    claims: Mapping[str, Any]
    user_pool_id: str
    token_use: str
    caller: Caller


class _Seen:
    """Tokens whose signature was verified before."""

    def __init__(self, account: Account) -> None:
        self.kept: OrderedDict[str, Verified] = OrderedDict()
        account.bus.subscribe("store.restored", lambda _: self.kept.clear())

    def keep(self, token: str, verified: Verified) -> None:
        self.kept[token] = verified
        if len(self.kept) > KEPT_TOKENS:
            self.kept.popitem(last=False)


def issuer(account: Account, pool_id: str) -> str:
    """Who the tokens of a pool name as issuer: AWS's address, or the emulator's when it is set so."""
    if account.issuer == "local":
        return f"{account.endpoint}/{pool_id}"
    return f"https://cognito-idp.{account.region}.amazonaws.com/{pool_id}"


def encode(claims: Mapping[str, Any], key: SigningKey) -> str:
    """A signed JWT."""
    head = _b64(orjson.dumps({"kid": key.kid, "alg": "RS256"}))
    body = head + b"." + _b64(orjson.dumps(claims))
    return (body + b"." + _b64(key.sign(body))).decode()


def verify_token(account: Account, token: str) -> Verified:
    """Check an ID or access token of a pool of this account: form, RS256 signature, issuer, time.

    Does not look at revocation, which AWS's other services do not know of either. ``token`` is the bare JWT.
    Raises InvalidToken.
    """
    seen = account.part(_Seen)
    verified = seen.kept.get(token)
    if verified is None:
        verified = _verify(account, token)
        seen.keep(token, verified)
    else:
        seen.kept.move_to_end(token)
    if verified.claims["exp"] <= account.clock.now():
        raise InvalidToken("the token has expired", expired=True)
    return verified


def forget_pool(account: Account, pool_id: str) -> None:
    """A deleted pool's tokens are good no longer."""
    account.part(Keyring).drop(pool_id)
    account.part(_Seen).kept.clear()


def _verify(account: Account, token: str) -> Verified:
    if len(token) > LONGEST_TOKEN:
        raise InvalidToken("the token is too long")
    head, claims, signature = _parts(token)
    if head.get("alg") != "RS256":
        raise InvalidToken(f"the token is signed with {head.get('alg')}, not RS256")
    name, use = claims.get("iss"), claims.get("token_use")
    pool_id = name.rpartition("/")[2] if isinstance(name, str) else ""
    pair = account.part(Keyring).stored_pair(pool_id) if pool_id else None
    if pair is None or name != issuer(account, pool_id):
        raise InvalidToken(f"no user pool here has the issuer {name}")
    key = pair.get(use) if isinstance(use, str) else None
    if key is None or head.get("kid") != key.kid:
        raise InvalidToken("the token names a key that the pool does not have for it")
    if not key.signed(token.rpartition(".")[0].encode(), signature):
        raise InvalidToken("the token's signature does not match")
    if not isinstance(claims.get("exp"), int | float):
        raise InvalidToken("the token has no expiry")
    return Verified(claims, pool_id, str(use), Caller("token", claims=claims, user_pool_id=pool_id))


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    try:
        head, claims, signature = token.split(".")
        read = orjson.loads(_unb64(head)), orjson.loads(_unb64(claims)), _unb64(signature)
    except ValueError as error:
        raise InvalidToken("the token is not a JWT") from error
    if not (isinstance(read[0], dict) and isinstance(read[1], dict)):
        raise InvalidToken("the token is not a JWT")
    return read


def jwks(pair: Mapping[str, SigningKey]) -> dict[str, Any]:
    """The public keys of a pool as ``/.well-known/jwks.json`` shows them."""
    return {"keys": [_jwk(key) for key in pair.values()]}


def _jwk(key: SigningKey) -> dict[str, str]:
    modulus = key.private.public_key().public_numbers().n
    n = _b64(modulus.to_bytes((modulus.bit_length() + 7) // 8, "big")).decode()
    return {"alg": "RS256", "e": "AQAB", "kid": key.kid, "kty": "RSA", "n": n, "use": "sig"}


def _b64(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def _unb64(text: str) -> bytes:
    encoded = text.encode("ascii")
    data = urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4))
    if _b64(data) != encoded:  # spare bits or foreign characters: another text with the same meaning
        raise ValueError(text)
    return data
