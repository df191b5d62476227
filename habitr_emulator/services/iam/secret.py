"""The key under which session tokens are made; made once, kept with the state."""

import hashlib
import hmac
from typing import Any

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Account

NAME = "iam.sessions"
MOST_OPENED = 1024


class SessionSecret:
    """One an account. A state without a key gets one; a restored state brings its own."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._key = b""
        #: Tokens that were proved, and what they say: clients send theirs with every request.
        self.opened: dict[str, dict[str, Any]] = {}
        account.bus.subscribe("store.restored", lambda _: self._forget())

    def mac(self, purpose: str, message: bytes) -> bytes:
        """32 bytes that only this account can make of ``message``; each purpose has its own."""
        return hmac.digest(self._load(), purpose.encode() + b"\0" + message, hashlib.sha256)

    async def keep(self) -> None:
        """Return when the key is stored, so that sessions outlive the process."""
        key = self._load()
        await self._account.store.write(lambda tx: _insert(tx, key))

    def _load(self) -> bytes:
        if not self._key:
            row = self._account.store.one("SELECT value FROM kernel_secrets WHERE name = ?", (NAME,))
            if row is not None:
                self._key = row["value"]
            else:
                self._key = self._account.ids.bytes(32)
                self._account.bus.spawn(self.keep())
        return self._key

    def remember(self, token: str, session: dict[str, Any]) -> None:
        """Keep what a proved token says."""
        if len(self.opened) >= MOST_OPENED:
            self.opened.clear()
        self.opened[token] = session

    def _forget(self) -> None:
        self._key = b""
        self.opened.clear()


def _insert(tx: Transaction, key: bytes) -> None:
    tx.execute("INSERT OR IGNORE INTO kernel_secrets (name, value) VALUES (?, ?)", (NAME, key))
