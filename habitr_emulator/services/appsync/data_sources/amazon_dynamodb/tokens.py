"""nextToken: the position of a page, sealed, so that a client can neither read nor make one.

A token is base64url of a 16-byte tag (keyed BLAKE2b over the query that it belongs to and the key of the last
item) and of that key, masked by a stream made of the same secret and the tag.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.appsync.data_sources.amazon_dynamodb.table import fingerprint
from habitr_emulator.services.appsync.spec import ResolverError
from habitr_emulator.services.context import Account, Context

_SECRET = "appsync_next_token"  # noqa: S105 - the name that the secret is kept under
_TAG = 16
MAX_TOKEN = 20_000


class TokenSecret:
    """The account's secret for tokens, kept in the store so that tokens outlive a restart."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._value: bytes | None = None

    async def value(self) -> bytes:
        """The secret, made when first asked for."""
        if self._value is None:
            fresh = self._account.ids.bytes(32)

            def keep(tx: Transaction) -> bytes:
                tx.execute("INSERT OR IGNORE INTO kernel_secrets (name, value) VALUES (?, ?)", (_SECRET, fresh))
                row = tx.one("SELECT value FROM kernel_secrets WHERE name = ?", (_SECRET,))
                return bytes(row["value"]) if row is not None else fresh

            self._value = await self._account.store.write(keep)
        return self._value


async def seal_token(key: Any, shape: list[Any], context: Context) -> str:
    """A token for the page after ``key`` (typed) of the query described by ``shape``."""
    secret = await context.account.part(TokenSecret).value()
    content = orjson.dumps(dict(key))
    tag = _tag(secret, content, shape)
    return urlsafe_b64encode(tag + _masked(secret, tag, content)).decode()


async def open_token(token: Any, shape: list[Any], context: Context) -> dict[str, Any]:
    """The key of a token. Raises ResolverError if it is malformed, changed, or of another query."""
    secret = await context.account.part(TokenSecret).value()
    raw = _decoded(token)
    tag, masked = raw[:_TAG], raw[_TAG:]
    content = _masked(secret, tag, masked)
    if len(tag) < _TAG or not hmac.compare_digest(tag, _tag(secret, content, shape)):
        why = "the nextToken is not one that this query gave, or its table, index or key condition changed"
        # guess: the service's wording is not documented
        raise ResolverError("Invalid pagination token given.", "DynamoDB:ValidationException", why=why)
    key: dict[str, Any] = orjson.loads(content)
    return key


def _decoded(token: Any) -> bytes:
    if not isinstance(token, str) or len(token) > MAX_TOKEN:
        return b""
    try:
        return urlsafe_b64decode(token.encode())
    except ValueError:
        return b""


def _tag(secret: bytes, content: bytes, shape: list[Any]) -> bytes:
    return hashlib.blake2b(fingerprint(shape) + b"\0" + content, key=secret, digest_size=_TAG).digest()


def _masked(secret: bytes, tag: bytes, content: bytes) -> bytes:
    stream = hashlib.shake_256(secret + tag).digest(len(content))
    mixed = int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(content), "big")
