"""The mail and SMS that the backend "sent": kept, readable over HTTP, delivered nowhere."""

import asyncio
import re
from dataclasses import asdict, dataclass
from html import unescape
from typing import Any

from habitr_emulator.kernel.bus import Bus
from habitr_emulator.kernel.store import Row, Store, Transaction


@dataclass(frozen=True, slots=True)
class Message:
    """One mail or SMS. ``destination`` is unmasked; ``sent_at`` is seconds by the emulator's clock."""

    user_pool_id: str
    username: str
    sub: str
    destination: str
    medium: str
    trigger: str
    subject: str
    body: str
    code: str | None
    sent_at: float
    client_id: str | None = None


def deliver(transaction: Transaction, message: Message) -> None:
    """Put ``message`` into the inbox, in the transaction that stores its code."""
    values = asdict(message)
    columns = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    transaction.execute(f"INSERT INTO kernel_inbox ({columns}) VALUES ({marks})", values)  # noqa: S608


class Inbox:
    """Reads the inbox, and waits for what has not come yet.

    Who delivers publishes ``inbox.delivered`` on the bus after commit, which wakes those who wait.
    """

    def __init__(self, store: Store, bus: Bus) -> None:
        self._store = store
        self._arrived = asyncio.Event()
        bus.subscribe("inbox.delivered", lambda _: self._arrived.set())

    def messages(self, *, to: str = "", username: str = "", user_pool_id: str = "") -> list[dict[str, Any]]:
        """The messages that match, oldest first; a name matches user name, sub or destination, case apart."""
        wheres: list[str] = []
        values: list[str] = []
        for name in filter(None, (to, username)):
            wheres.append("lower(?) IN (lower(username), lower(sub), lower(destination))")
            values.append(name)
        if user_pool_id:
            wheres.append("user_pool_id = ?")
            values.append(user_pool_id)
        where = " AND ".join(wheres) or "1"
        rows = self._store.all(f"SELECT * FROM kernel_inbox WHERE {where} ORDER BY number", values)  # noqa: S608
        return [_wire(row) for row in rows]

    async def wait(self, seconds: float, **who: str) -> list[dict[str, Any]]:
        """Like ``messages``, but waits up to ``seconds`` for the first one."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            self._arrived.clear()
            found = self.messages(**who)
            left = deadline - asyncio.get_running_loop().time()
            if found or left <= 0:
                return found
            try:
                await asyncio.wait_for(self._arrived.wait(), left)
            except TimeoutError:
                return self.messages(**who)


def _wire(row: Row) -> dict[str, Any]:
    return {
        "userPoolId": row["user_pool_id"],
        "clientId": row["client_id"],
        "username": row["username"],
        "destination": row["destination"],
        "medium": row["medium"],
        "trigger": row["trigger"],
        "subject": row["subject"],
        "body": row["body"],
        "code": row["code"],
        "link": _link(row["body"]),
        "sentAt": row["sent_at"],
    }


def _link(body: str) -> str | None:
    """The address of the first link in a mail, for who wants to follow it."""
    found = re.search(r'<a href="([^"]+)"', body)
    return unescape(found[1]) if found else None
