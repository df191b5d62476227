"""The one port: TLS, the proxy door, IPv6 and buckets in host names."""

import contextlib
import http.client
import json
import socket
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.config import Config
from botocore.exceptions import SSLError

from tests.journeys.conftest import PATIENCE, ROOT, Running
from tests.journeys.people import PASSWORD, new_name


def port_of(emulator: Running) -> int:
    found = urlsplit(emulator.endpoint).port
    assert found
    return found


def behind_the_door(emulator: Running, service: str, **options: Any) -> Any:
    """A client with its production host name, that knows of the emulator as a proxy only."""
    config = Config(proxies={"https": emulator.endpoint}, retries={"total_max_attempts": 1}, **options)
    return emulator.client(service, endpoint_url=None, config=config)


def body_of(client: Any, **where: str) -> Any:
    return client.get_object(**where)["Body"].read()


def test_tls_serves_s3_with_the_trailing_checksums_of_an_sdk(emulator: Running) -> None:
    s3, where = emulator.client("s3", endpoint_url=emulator.secure_endpoint), {"Key": new_name("tls")}
    where["Bucket"] = emulator.config["bucket"]
    sent: list[dict[str, Any]] = []
    s3.meta.events.register("before-send.s3.PutObject", lambda request, **_: sent.append(dict(request.headers)))
    answer = s3.put_object(Body=b"over tls", **where)
    assert b"STREAMING-UNSIGNED-PAYLOAD-TRAILER" in sent[0].values()
    assert answer["ChecksumCRC32"]
    assert body_of(s3, **where) == b"over tls"
    with pytest.raises(SSLError):
        emulator.client("s3", endpoint_url=emulator.secure_endpoint, verify=True).list_buckets()


def test_the_same_port_speaks_http_and_tls_at_the_same_time(emulator: Running) -> None:
    trusted = ssl.create_default_context(cafile=str(emulator.ca_file))
    plain = urllib.request.urlopen(f"{emulator.endpoint}/_habitr/health", timeout=PATIENCE)
    secure = urllib.request.urlopen(
        f"{emulator.secure_endpoint}/_habitr/health", timeout=PATIENCE, context=trusted
    )
    with plain, secure:
        assert plain.read() == secure.read()


@pytest.mark.parametrize("service", ["dynamodb", "s3", "sts", "cognito-idp", "lambda"])
def test_the_proxy_door_takes_clients_with_their_production_hosts(emulator: Running, service: str) -> None:
    client = behind_the_door(emulator, service)
    assert "amazonaws.com" in client.meta.endpoint_url
    calls = {
        "dynamodb": lambda: client.list_tables()["TableNames"],
        "s3": lambda: client.list_buckets()["Buckets"],
        "sts": lambda: client.get_caller_identity()["Arn"],
        "cognito-idp": lambda: client.list_user_pools(MaxResults=5)["UserPools"],
        "lambda": lambda: client.get_function(FunctionName=emulator.config["function_name"])["Configuration"],
    }
    assert calls[service]()


def test_a_bucket_in_the_host_name_works_behind_the_door(emulator: Running) -> None:
    s3 = behind_the_door(emulator, "s3", s3={"addressing_style": "virtual"})
    where = {"Bucket": emulator.config["bucket"], "Key": f"door/{new_name('key')} ü.txt"}
    s3.put_object(Body=b"through the door", **where)
    assert body_of(emulator.client("s3"), **where) == b"through the door"


def test_unsigned_calls_work_behind_the_door(emulator: Running) -> None:
    idp, name = behind_the_door(emulator, "cognito-idp"), new_name("door")
    made = idp.sign_up(
        ClientId=emulator.config["app_client_id"],
        Username=name,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
    )
    assert made["UserConfirmed"] is False


@pytest.mark.parametrize(
    "host", ["example.com", "amazonaws.com.example.com", "evil-amazonaws.com", "127.0.0.1", "169.254.169.254"]
)
def test_the_proxy_door_forwards_nothing(emulator: Running, host: str) -> None:
    connection = http.client.HTTPSConnection("127.0.0.1", port_of(emulator), timeout=PATIENCE)
    connection.set_tunnel(host, 443)
    with pytest.raises(OSError, match="403"):
        connection.request("GET", "/")
    connection.close()
    with urllib.request.urlopen(f"{emulator.endpoint}/_habitr/requests", timeout=PATIENCE) as answer:
        kept = json.load(answer)["requests"]
    (facts, *_) = [each["facts"] for each in kept if each["name"] == f"CONNECT {host}"]
    assert (facts["status"], "forwards nothing" in facts["why"]) == (403, True)


@pytest.mark.parametrize("host", ["localhost", "10.0.2.2"])
def test_the_proxy_door_serves_clients_that_lost_the_port(emulator: Running, host: str) -> None:
    trusted = ssl.create_default_context(cafile=str(emulator.ca_file))
    connection = http.client.HTTPSConnection("127.0.0.1", port_of(emulator), timeout=PATIENCE, context=trusted)
    connection.set_tunnel(host, 443)
    connection.request("GET", "/ping")
    assert connection.getresponse().read().strip() == b"healthy"
    connection.close()


@pytest.mark.parametrize(
    "greeting", [b"CONNECT nonsense\r\n\r\n", b"CONNECT " + b"a" * 20_000, b"C", b"\x16", b""]
)
def test_a_broken_greeting_ends_that_connection_alone(emulator: Running, greeting: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port_of(emulator)), timeout=PATIENCE) as broken:
        said = b""
        with contextlib.suppress(OSError):  # it may have hung up already
            broken.sendall(greeting)
            broken.shutdown(socket.SHUT_WR)
            said = broken.recv(65_536)
        assert said == b"" or said.startswith(b"HTTP/1.1 40") or said[:1] == b"\x15"
    assert emulator.get("/_habitr/health")["status"] == "running"


def test_ipv6_loopback_is_served(emulator: Running) -> None:
    endpoint = f"http://[::1]:{port_of(emulator)}"
    assert emulator.client("dynamodb", endpoint_url=endpoint).list_tables()["TableNames"]
    assert emulator.client("s3", endpoint_url=endpoint).list_buckets()["Buckets"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_bucket_may_stand_in_the_host_name(emulator: Running, scheme: str) -> None:
    virtual = Config(s3={"addressing_style": "virtual"}, retries={"total_max_attempts": 1})
    endpoint = f"{scheme}://localhost:{port_of(emulator)}"
    s3 = emulator.client("s3", endpoint_url=endpoint, config=virtual)
    where = {"Bucket": emulator.config["bucket"], "Key": new_name("virtual/")}
    hosts: list[str] = []
    s3.meta.events.register(
        "before-send.s3.PutObject", lambda request, **_: hosts.append(urlsplit(request.url).hostname)
    )
    s3.put_object(Body=b"virtual", **where)
    assert hosts == [f"{where['Bucket']}.localhost"]
    assert body_of(emulator.client("s3"), **where) == b"virtual"


def test_a_taken_port_ends_with_3_and_names_the_flag(emulator: Running, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "habitr_emulator", "up", "--memory", "--port", str(port_of(emulator))],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 3
    assert str(port_of(emulator)) in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_tls_port_of_its_own_speaks_tls(start_emulator: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        tls_port = probe.getsockname()[1]
    running = start_emulator("--memory", "--port", "0", "--tls-port", str(tls_port))
    trusted = ssl.create_default_context(cafile=str(running.ca_file))
    with urllib.request.urlopen(f"https://localhost:{tls_port}/ping", timeout=PATIENCE, context=trusted) as answer:
        assert answer.read().strip() == b"healthy"
