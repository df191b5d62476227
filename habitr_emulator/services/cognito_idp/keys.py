"""The keys of the user pools: an RSA pair for each kind of token, and one secret that seals what clients carry.

Made once, when first needed, away from the event loop, and stored, so that tokens outlive a restart.
"""

import asyncio
import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

import orjson

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Account

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

TokenUse = Literal["id", "access"]
USES: tuple[TokenUse, ...] = ("id", "access")
_SECRET_NAME = "cognito_idp"  # noqa: S105 - the name that the secret is kept under


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA-2048 key of a pool and its ``kid`` (44 characters of base64)."""

    kid: str
    private: "RSAPrivateKey"

    def sign(self, data: bytes) -> bytes:
        """The RS256 signature of ``data``."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        return self.private.sign(data, PKCS1v15(), SHA256())

    def signed(self, data: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is this key's RS256 signature of ``data``."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            self.private.public_key().verify(signature, data, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


Pair = Mapping[str, SigningKey]


class Keyring:
    """An account's keys. Get it with ``account.part(Keyring)``."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._pairs: dict[str, Pair] = {}
        self._made: dict[str, Pair] = {}
        self._making: dict[str, asyncio.Lock] = {}
        self._secret: bytes | None = None
        self._purposes: dict[str, bytes] = {}
        account.bus.subscribe("store.restored", lambda _: self._forget())

    async def pair(self, pool_id: str) -> Pair:
        """The pool's keys by token use; makes and stores them if it has none yet."""
        found = self.stored_pair(pool_id)
        if found is not None:
            return found
        async with self._making.setdefault(pool_id, asyncio.Lock()):
            found = self.stored_pair(pool_id)
            if found is not None:
                return found
            made: Pair | None = self._made.get(pool_id)
            if made is None:
                made = await asyncio.to_thread(_make_pair)
            await self._account.store.write(partial(_save, pool_id=pool_id, pair=made))
            self._pairs[pool_id] = self._made[pool_id] = made
            return made

    def stored_pair(self, pool_id: str) -> Pair | None:
        """The pool's keys, or None if it has made none (or is not there)."""
        if pool_id not in self._pairs:
            sql = "SELECT * FROM cognito_idp_signing_keys WHERE user_pool_id = ?"
            rows = self._account.store.all(sql, (pool_id,))
            if not rows:
                return None
            self._pairs[pool_id] = {row["token_use"]: _load(row) for row in rows}
        return self._pairs[pool_id]

    def drop(self, pool_id: str) -> None:
        """Forget the keys of a deleted pool."""
        self._pairs.pop(pool_id, None)
        self._made.pop(pool_id, None)

    async def secret(self, purpose: str) -> bytes:
        """32 secret bytes for one purpose, the same after a restart."""
        if purpose not in self._purposes:
            root = self._secret or await self._root()
            self._purposes[purpose] = hmac.digest(root, purpose.encode(), hashlib.sha256)
        return self._purposes[purpose]

    async def seal(self, purpose: str, content: Mapping[str, Any]) -> bytes:
        """``content`` as opaque bytes that only ``unseal`` with the same purpose can read (AES-256-GCM)."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = self._account.ids.bytes(12)
        return nonce + AESGCM(await self.secret(purpose)).encrypt(nonce, orjson.dumps(content), purpose.encode())

    async def unseal(self, purpose: str, blob: bytes) -> dict[str, Any] | None:
        """What ``seal`` took, or None if these are not bytes that it made."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            plain = AESGCM(await self.secret(purpose)).decrypt(blob[:12], blob[12:], purpose.encode())
        except (InvalidTag, ValueError):
            return None
        return cast("dict[str, Any]", orjson.loads(plain))

    async def _root(self) -> bytes:
        fresh = self._account.ids.bytes(32)

        def write(tx: Transaction) -> bytes:
            tx.execute("INSERT OR IGNORE INTO kernel_secrets (name, value) VALUES (?, ?)", (_SECRET_NAME, fresh))
            row = tx.one("SELECT value FROM kernel_secrets WHERE name = ?", (_SECRET_NAME,))
            return bytes(row["value"]) if row else fresh

        row = self._account.store.one("SELECT value FROM kernel_secrets WHERE name = ?", (_SECRET_NAME,))
        self._secret = bytes(row["value"]) if row else await self._account.store.write(write)
        return self._secret

    def _forget(self) -> None:
        # Keys made by this process are kept in _made: making new ones for a restored pool costs 70 ms.
        self._pairs.clear()
        self._purposes.clear()
        self._secret = None


def _make_pair() -> Pair:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    return {use: _named(generate_private_key(65537, 2048)) for use in USES}


def _named(private: "RSAPrivateKey") -> SigningKey:
    modulus = private.public_key().public_numbers().n
    return SigningKey(b64encode(hashlib.sha256(modulus.to_bytes(256, "big")).digest()).decode(), private)


def _save(tx: Transaction, pool_id: str, pair: Pair) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    for use, key in pair.items():
        der = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        tx.execute(
            "INSERT OR REPLACE INTO cognito_idp_signing_keys VALUES (?, ?, ?, ?)", (pool_id, use, key.kid, der)
        )


def _load(row: Row) -> SigningKey:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    # The key is our own; OpenSSL's primality tests would cost more than making tokens for a second.
    private = load_der_private_key(row["private_key"], None, unsafe_skip_rsa_key_validation=True)
    return SigningKey(row["kid"], cast("RSAPrivateKey", private))
