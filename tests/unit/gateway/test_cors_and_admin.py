"""What browsers may do: everything with AWS's surfaces, and from foreign pages nothing with the emulator's own."""

import json
from dataclasses import replace
from typing import Any

import pytest

from habitr_emulator.gateway import admin, cors
from habitr_emulator.gateway.admin import Control
from habitr_emulator.kernel.trace import RequestLog
from habitr_emulator.services.context import Account
from habitr_emulator.wire.http import Headers, Request, Response


def request(method: str = "GET", target: str = "/", **headers: str) -> Request:
    return Request(method, target, Headers([(name.replace("_", "-"), value) for name, value in headers.items()]))


def test_a_preflight_is_told_from_an_options_request() -> None:
    assert cors.is_preflight(request("OPTIONS", access_control_request_method="PUT"))
    assert not cors.is_preflight(request("OPTIONS"))
    assert not cors.is_preflight(request("GET", access_control_request_method="PUT"))


def test_a_preflight_names_the_headers_that_were_asked_for() -> None:
    asked = "authorization,x-amz-date"
    answer = cors.preflight(
        request("OPTIONS", origin="http://localhost:3000", access_control_request_headers=asked)
    )
    assert answer.headers["access-control-allow-headers"] == asked
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "DELETE" in answer.headers["access-control-allow-methods"]
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-private-network" not in answer.headers
    private = cors.preflight(request("OPTIONS", access_control_request_private_network="true"))
    assert private.headers["access-control-allow-private-network"] == "true"


def test_answers_can_be_read_with_their_reason_and_metadata() -> None:
    answer = Response(403, {"x-habitr-why": "no", "x-amz-id-2": "i", "x-amz-meta-colour": "red"})
    cors.allow(request(origin="http://localhost"), answer)
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = answer.headers["access-control-expose-headers"].split(",")
    assert {"x-habitr-why", "x-amz-meta-colour", "ETag"} <= set(exposed)


def test_what_the_service_says_itself_stays() -> None:
    answer = Response(200, {"access-control-allow-origin": "https://app.example"})
    cors.allow(request(origin="https://app.example"), answer)
    assert answer.headers == {"access-control-allow-origin": "https://app.example"}


@pytest.fixture
def control(account: Account) -> Control:
    async def reset(*, empty: bool = False) -> None:
        calls.append("reset to nothing" if empty else "reset")

    calls: list[str] = []
    account.part(Calls).made = calls
    return Control(account, RequestLog(), lambda: {"endpoint": "e"}, reset, lambda: "PEM", "1.2.3")


class Calls:
    """Where the control's reset writes."""

    def __init__(self, account: Account) -> None:
        self.made: list[str] = []


async def asked(control: Control, method: str, target: str, **headers: str) -> tuple[int, Any]:
    answer = await admin.handle(request(method, target, **headers), control)
    assert isinstance(answer.body, bytes)
    return answer.status, json.loads(answer.body) if answer.body.startswith(b"{") else answer.body


LOCAL = [
    "",
    "http://localhost:3000",
    "http://127.0.0.1",
    "http://[::1]:8080",
    "http://photos.localhost",
    "http://10.0.2.2",
]
FOREIGN = [
    "null",
    "https://example.com",
    "http://localhost.example.com",
    "http://notlocalhost",
    "file://",
    "x",
    "http://[",
]


ADDRESSES = {"endpoint": "http://localhost:4566", "graphql_url": "http://localhost:4566/graphql"}


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("10.0.2.2:4566", "http://10.0.2.2:4566"),
        ("aws:4566", "http://aws:4566"),
        ("aws", "http://aws"),
        ("127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("[::1]:4566", "http://[::1]:4566"),
        ("laptop.local:4566", "http://laptop.local:4566"),
        ("dynamodb.us-east-1.amazonaws.com", "http://localhost:4566"),
        ("a b", "http://localhost:4566"),
        ('"x', "http://localhost:4566"),
        ("x@y", "http://localhost:4566"),
        ("aws:4566:1", "http://localhost:4566"),
        ("", "http://localhost:4566"),
    ],
)
async def test_the_configuration_names_the_address_by_which_it_is_asked(
    control: Control, host: str, told: str
) -> None:
    control = replace(control, config=lambda: {**ADDRESSES, "region": "http://localhost:4566"})
    status, config = await asked(control, "GET", "/_habitr/config", host=host)
    assert status == 200
    assert (config["endpoint"], config["graphql_url"]) == (told, f"{told}/graphql")
    assert config["region"] == "http://localhost:4566"  # no address of the emulator's


async def test_a_name_that_a_stranger_could_have_learns_no_address(control: Control) -> None:
    status, told = await asked(control, "GET", "/_habitr/config", host="rebound.example.com:4566")
    assert (status, "endpoint" in told) == (403, False)


@pytest.mark.parametrize("origin", LOCAL)
async def test_pages_of_this_machine_may_reset(control: Control, account: Account, origin: str) -> None:
    headers = {"origin": origin} if origin else {}
    assert await asked(control, "POST", "/_habitr/reset", **headers) == (200, {"reset": True})
    assert account.part(Calls).made == ["reset"]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_foreign_pages_may_not(control: Control, account: Account, origin: str) -> None:
    assert (await asked(control, "POST", "/_habitr/reset", origin=origin))[0] == 403
    assert account.part(Calls).made == []


async def test_the_file_of_an_endpoint_is_its_name(control: Control) -> None:
    assert await asked(control, "GET", "/_habitr/ca.pem") == (200, b"PEM")
    assert await asked(control, "GET", "/_habitr/config") == (200, {"endpoint": "e", "ca_pem": "PEM"})
    for path in ("/health", "/_localstack/health", "/_habitr/health"):
        status, shown = await asked(control, "GET", path)
        assert (status, shown["version"]) == (200, "1.2.3")
    status, told = await asked(control, "GET", "/_habitr/none")
    assert status == 404
    assert "config" in told["message"]


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/_habitr/reset"),
        ("GET", "/_habitr/inbox?wait=x"),
        ("GET", "/_habitr/inbox?wait=inf"),
        ("POST", "/_habitr/clock/set?at=-1"),
        ("POST", "/_habitr/clock/set?at=nan"),
        ("POST", "/_habitr/clock/set?at=tomorrow"),
        ("POST", "/_habitr/clock/advance?seconds=1e99"),
        ("GET", "/_habitr/clock/freeze"),
        ("GET", "/_habitr/requests?limit=-"),
    ],
)
async def test_mistakes_are_told(control: Control, method: str, target: str) -> None:
    status, told = await asked(control, method, target)
    assert (status, list(told)) == (400, ["message"])


async def test_the_clock_is_moved(control: Control, account: Account) -> None:
    at = account.clock.now()
    assert (await asked(control, "POST", "/_habitr/clock/advance?seconds=60"))[1]["now"] == at + 60
    assert (await asked(control, "GET", "/_habitr/clock"))[1]["now"] == at + 60
    set_ = "/_habitr/clock/set?at=2100-01-01T00:00:00Z"
    assert (await asked(control, "POST", set_))[1]["now"] == 4_102_444_800
