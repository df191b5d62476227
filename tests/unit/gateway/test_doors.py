"""The first byte of a connection decides; nothing is read that belongs to the next layer."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from habitr_emulator.gateway.doors import Doors, PortTaken
from habitr_emulator.gateway.tls import Certificates
from habitr_emulator.kernel.clock import Clock


class Echo(asyncio.Protocol):
    """Sends back what it gets, and says whether it came through TLS."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.secure = transport.get_extra_info("sslcontext") is not None

    def data_received(self, data: bytes) -> None:
        self.transport.write((b"tls " if self.secure else b"plain ") + data)


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    doors = Doors(Echo, Certificates(tmp_path, Clock(), "us-east-1", [], ["localhost"]))
    bound = doors.bind("localhost", 0)
    doors.open()
    yield bound
    await doors.close()


async def talk(port: int, *pieces: bytes) -> list[bytes]:
    """What is answered to each piece; b"" when the door has closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    try:
        async with asyncio.timeout(10):
            for piece in pieces:
                writer.write(piece)
                answers.append(await reader.read(65_536))
    finally:
        writer.close()
    return answers


async def test_anything_but_tls_and_connect_is_handed_on_untouched(port: int) -> None:
    assert await talk(port, b"GET / HTTP/1.1", b"more") == [b"plain GET / HTTP/1.1", b"plain more"]


@pytest.mark.parametrize(
    "host", ["dynamodb.us-east-1.amazonaws.com", "x.auth.us-east-1.amazoncognito.com", "S3.AMAZONAWS.COM"]
)
async def test_connect_to_aws_opens_the_door_and_peeks_again(port: int, host: str) -> None:
    hello = f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    assert await talk(port, hello, b"GET /") == [b"HTTP/1.1 200 Connection Established\r\n\r\n", b"plain GET /"]


@pytest.mark.parametrize(
    "host", ["example.com", "amazonaws.com", "evil-amazonaws.com", "x.amazonaws.com.evil.example"]
)
async def test_connect_to_anything_else_is_refused(port: int, host: str) -> None:
    (answer,) = await talk(port, f"CONNECT {host}:443 HTTP/1.1\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 403 ")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"x-habitr-why: the emulator stands in for AWS only" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert body == b"the emulator stands in for AWS only and forwards nothing\n"


@pytest.mark.parametrize("through_the_door", [False, True])
async def test_a_handshake_is_answered_with_a_certificate(
    port: int, tmp_path: Path, through_the_door: bool
) -> None:
    import ssl

    name = "sts.us-east-1.amazonaws.com"
    context = (
        ssl.create_default_context(cafile=str(tmp_path / "ca.pem")) if (tmp_path / "ca.pem").exists() else None
    )
    if context is None:
        pem = Certificates(tmp_path, Clock(), "us-east-1", [], []).ca_pem()
        context = ssl.create_default_context(cadata=pem)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    if through_the_door:
        writer.write(f"CONNECT {name}:443 HTTP/1.1\r\n\r\n".encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    await writer.start_tls(context, server_hostname=name)
    writer.write(b"hello")
    async with asyncio.timeout(10):
        assert await reader.read(100) == b"tls hello"
    writer.close()


async def test_a_connect_header_in_pieces_is_put_together(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in (b"CONN", b"ECT s3.amazonaws.com:443 HT", b"TP/1.1\r\n\r", b"\n"):
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)
    async with asyncio.timeout(10):
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        doors = Doors(Echo, Certificates(tmp_path, Clock(), "us-east-1", [], []))
        with pytest.raises(PortTaken) as told:
            doors.bind("localhost", port)
        assert (told.value.port, told.value.host) == (port, "127.0.0.1")
        await doors.close()


async def test_connections_wait_until_the_doors_open(tmp_path: Path) -> None:
    doors = Doors(Echo, Certificates(tmp_path, Clock(), "us-east-1", [], []))
    bound = doors.bind("127.0.0.1", 0)
    talking = asyncio.ensure_future(talk(bound, b"early"))
    await asyncio.sleep(0)
    assert not talking.done()
    doors.open()
    assert await talking == [b"plain early"]
    await doors.close()
