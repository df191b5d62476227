"""HTTP as clients use it: kept connections, 100 Continue, HEAD, ranges, pipelining, and a quick end."""

import http.client
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from habitr_emulator.gateway.app import SHUTDOWN_PATIENCE
from tests.journeys.conftest import PATIENCE, Running, stop
from tests.journeys.people import new_name


def connected(emulator: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", urlsplit(emulator.endpoint).port or 0), timeout=PATIENCE)


def until_closed(connection: socket.socket) -> bytes:
    said = b""
    while piece := connection.recv(65_536):
        said += piece
    return said


def presigned(emulator: Running, operation: str, key: str) -> str:
    where = {"Bucket": emulator.config["bucket"], "Key": key}
    url: str = emulator.client("s3").generate_presigned_url(operation, Params=where)
    return url.removeprefix(emulator.endpoint)


def host_of(emulator: Running) -> str:
    return urlsplit(emulator.endpoint).netloc


def test_a_client_that_waits_for_100_gets_it_before_it_sends(emulator: Running) -> None:
    target = presigned(emulator, "put_object", new_name("expect/"))
    with connected(emulator) as connection:
        head = f"PUT {target} HTTP/1.1\r\nHost: {host_of(emulator)}\r\nContent-Length: 5\r\n"
        connection.sendall(head.encode() + b"Expect: 100-continue\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hello")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")


def test_a_client_that_waits_for_100_may_be_refused_first(emulator: Running) -> None:
    with connected(emulator) as connection:
        bucket = emulator.config["bucket"]
        head = f"PUT /{bucket}/x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 403")


def test_pipelined_requests_are_answered_in_order(emulator: Running) -> None:
    with connected(emulator) as connection:
        one = b"GET /ping HTTP/1.1\r\nHost: a\r\n\r\n"
        two = b"GET /_habitr/nope HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        connection.sendall(one + two)
        said = until_closed(connection)
    assert said.index(b"HTTP/1.1 200") < said.index(b"HTTP/1.1 404")


def test_an_old_client_gets_its_answer_and_the_end(emulator: Running) -> None:
    with connected(emulator) as connection:
        connection.sendall(b"GET /ping HTTP/1.0\r\n\r\n")
        assert b"healthy" in until_closed(connection)


@pytest.mark.parametrize("secure", [False, True])
def test_head_and_ranges_of_a_large_object(emulator: Running, secure: bool) -> None:
    s3 = emulator.client("s3", **({"endpoint_url": emulator.secure_endpoint} if secure else {}))
    where, body = {"Bucket": emulator.config["bucket"], "Key": new_name("large/")}, bytes(range(256)) * 8192
    s3.put_object(Body=body, **where)
    head = s3.head_object(**where)
    assert (head["ContentLength"], head["AcceptRanges"]) == (len(body), "bytes")
    assert s3.get_object(**where)["Body"].read() == body
    part = s3.get_object(Range="bytes=1000000-1000999", **where)
    assert part["Body"].read() == body[1_000_000:1_001_000]
    assert part["ContentRange"] == f"bytes 1000000-1000999/{len(body)}"


def test_the_end_waits_for_no_idle_connection(start_emulator: Callable[..., Running]) -> None:
    running = start_emulator("--memory", "--port", "0")
    idle = http.client.HTTPConnection("127.0.0.1", urlsplit(running.endpoint).port or 0, timeout=PATIENCE)
    idle.request("GET", "/ping")
    assert idle.getresponse().read().strip() == b"healthy"
    with connected(running) as silent, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(running.get, "/_habitr/inbox?username=nobody&wait=0.2")
        assert waiting.result() == {"messages": []}
        begun = time.monotonic()
        assert stop(running) == 0
        assert time.monotonic() - begun < SHUTDOWN_PATIENCE
        assert silent.recv(1) == b""
    assert idle.sock is not None
    assert idle.sock.recv(1) == b""
    idle.close()
