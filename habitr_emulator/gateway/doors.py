"""The one port, and what comes through it, told apart by the first byte of a connection.

- ``0x16`` is a TLS handshake: the same HTTP behind the emulator's certificate.
- ``C`` begins ``CONNECT``: the proxy door for ``*.amazonaws.com`` and ``*.amazoncognito.com``. It answers 200 and
  looks at the next byte; nothing is ever forwarded, any other host is refused (but the emulator's own, on 443).
- anything else is HTTP.
"""

import asyncio
import contextlib
import errno
import logging
import re
import socket
import ssl
from collections.abc import Callable

from habitr_emulator.gateway.tls import Certificates

PATIENCE = 60.0
MAX_CONNECT_HEADER = 16_384
BACKLOG = 1024
_DOOR = re.compile(r"^CONNECT ([a-z0-9.-]+):(\d+) HTTP/1\.[01]\r\n", re.IGNORECASE)
_BEHIND_DOOR = (".amazonaws.com", ".amazoncognito.com")
#: The emulator's own names for clients that lose its port (Amplify Flutter's realtime): still served here.
_OWN = (("localhost", "443"), ("10.0.2.2", "443"))
FORWARDS_NOTHING = "the emulator stands in for AWS only and forwards nothing"
_REFUSAL = (
    "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n"
    f"x-habitr-why: {FORWARDS_NOTHING}\r\nContent-Length: {len(FORWARDS_NOTHING) + 1}\r\n\r\n{FORWARDS_NOTHING}\n"
).encode()
_log = logging.getLogger(__name__)


class PortTaken(Exception):
    """Another process listens there already."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} on {host} is taken")
        self.host, self.port = host, port


class Doors:
    """Listens, peeks, and hands each connection to the HTTP protocol, with TLS or without.

    ``refused`` hears which ``CONNECT host`` the proxy door did not open for.
    """

    def __init__(
        self,
        protocol: Callable[[], asyncio.Protocol],
        certificates: Certificates,
        refused: Callable[[str], None] = lambda asked: None,
    ) -> None:
        self._refused = refused
        self._protocol = protocol
        self._certificates = certificates
        self._sockets: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def bind(self, host: str, port: int) -> int:
        """Take a port on ``host`` (``localhost`` is 127.0.0.1 and, where there is one, ::1) and return it.

        Connections are taken, and wait, until ``open``. Raises PortTaken.
        """
        first = _bind("127.0.0.1" if host == "localhost" else host, port)
        bound = int(first.getsockname()[1])
        sockets = [first]
        if host == "localhost":
            with contextlib.suppress(OSError, PortTaken):
                sockets.append(_bind("::1", bound))
        self._sockets += sockets
        return bound

    def open(self) -> None:
        """Begin to serve."""
        for each in self._sockets:
            self._spawn(self._accept(each))

    async def close(self) -> None:
        """Listen no more and drop connections that have not said anything yet."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for each in self._sockets:
            each.close()

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listening)
            except OSError as error:
                if error.errno not in (errno.EMFILE, errno.ENFILE, errno.ECONNABORTED):
                    raise
                await asyncio.sleep(0.05)
                continue
            connection.setblocking(False)
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._spawn(self._serve(connection))

    async def _serve(self, connection: socket.socket) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                first = await _peek(connection)
                if first == b"C":
                    first = await self._open_door(connection)
                if not first:
                    connection.close()
                    return
            context = self._certificates.context() if first == b"\x16" else None
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection, ssl=context)
        except (TimeoutError, ssl.SSLError, OSError) as error:
            _log.debug("a connection ended before its first request: %s", error)
            connection.close()
        except asyncio.CancelledError:
            connection.close()
            raise

    async def _open_door(self, connection: socket.socket) -> bytes:
        loop = asyncio.get_running_loop()
        header = b""
        while b"\r\n\r\n" not in header and len(header) < MAX_CONNECT_HEADER:
            piece = await loop.sock_recv(connection, 4096)
            if not piece:
                return b""
            header += piece
        asked = _DOOR.match(header.decode("latin-1"))
        host = asked[1].lower() if asked else ""
        if not host.endswith(_BEHIND_DOOR) and (asked is None or (host, asked[2]) not in _OWN):
            name = f"CONNECT {host[:253] or '(no host)'}"
            _log.info("%s is refused: %s", name, FORWARDS_NOTHING)
            self._refused(name)
            await loop.sock_sendall(connection, _REFUSAL)
            return b""
        await loop.sock_sendall(connection, b"HTTP/1.1 200 Connection Established\r\n\r\n")
        return await _peek(connection)


def _bind(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
        made.listen(BACKLOG)
        made.setblocking(False)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(address, port) from None
        raise
    return made


async def _peek(connection: socket.socket) -> bytes:
    """The first byte that the client sends, left in place; empty at its end."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            return connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            pass
        ready = loop.create_future()
        loop.add_reader(connection.fileno(), _wake, ready)
        try:
            await ready
        finally:
            loop.remove_reader(connection.fileno())


def _wake(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)
