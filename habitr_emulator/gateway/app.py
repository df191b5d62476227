"""Start and stop of the edge: the doors, the fast lane, and aiohttp for what leaves it."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from habitr_emulator.gateway.doors import Doors
from habitr_emulator.gateway.lane import Lanes
from habitr_emulator.gateway.pipeline import Pipeline
from habitr_emulator.gateway.tls import Certificates

if TYPE_CHECKING:
    from habitr_emulator.gateway.edge import Edge

SHUTDOWN_PATIENCE = 2.0


class Gateway:
    """The edge of one emulator. ``own_process``: nothing but the emulator runs in this process."""

    def __init__(self, pipeline: Pipeline, certificates: Certificates, *, own_process: bool = False) -> None:
        self._pipeline = pipeline
        self._own_process = own_process
        self._edge: Edge | None = None
        self._lanes = Lanes(pipeline.handle, self._beyond_the_lane, pipeline.account.clock)
        self._doors = Doors(self._lanes, certificates, lambda asked: pipeline.note_closed_door(asked))

    def bind(self, host: str, port: int, tls_port: int | None) -> int:
        """Take the port (0 picks one) and return it; connections wait until ``open``. Raises PortTaken."""
        bound = self._doors.bind(host, port)
        if tls_port is not None:
            self._doors.bind(host, tls_port)
        return bound

    def open(self) -> None:
        """Begin to answer."""
        self._doors.open()

    async def stop(self) -> None:
        """Close the doors, then the connections; what is being answered gets a moment to end."""
        await self._doors.close()
        closing = [self._lanes.close(SHUTDOWN_PATIENCE)]
        if self._edge is not None:
            closing.append(self._edge.close(SHUTDOWN_PATIENCE))
        await asyncio.gather(*closing)

    def _beyond_the_lane(self) -> asyncio.Protocol:
        """The protocol of a connection that left the lane.

        aiohttp is imported with the first one (a tenth of a second, 13 MB): WebSockets, S3, REST APIs and pages
        need it, the rest does not.
        """
        if self._edge is None:
            with _no_trust_store(self._own_process):
                from habitr_emulator.gateway.edge import Edge
            self._edge = Edge(self._pipeline)
        return self._edge()


@contextmanager
def _no_trust_store(own_process: bool) -> Iterator[None]:
    """While aiohttp is imported: its client reads the machine's trust store (40 ms), which a process that never
    connects to anything outside does not need.
    """
    names = ("SSL_CERT_FILE", "SSL_CERT_DIR") if own_process else ()
    before = {name: os.environ.get(name) for name in names}
    os.environ |= dict.fromkeys(before, os.devnull)
    yield
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
