"""Pages of other machines may not act as the administrator, however they come."""

import pytest

from habitr_emulator.gateway.authenticate import Authenticator
from habitr_emulator.gateway.pages import of_this_machine
from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Account
from habitr_emulator.wire.http import Headers, Request
from habitr_emulator.wire.model import service

ENDPOINT = "http://emulator.example.org:4566"


def asked(host: str, *more: tuple[str, str]) -> bool:
    return of_this_machine(Request("GET", "/", Headers([("host", host), *more])), ENDPOINT)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost:4566",
            "127.0.0.1:4566",
            "[::1]:4566",
            "photos.localhost:4566",
            "10.0.2.2:4566",
            "localhost.",
        ),
        *("emulator", "host.docker.internal:4566", "emulator.example.org:4566", "s3.amazonaws.com", ""),
    ],
)
def test_programs_and_pages_that_ask_by_a_name_of_the_emulator_may(host: str) -> None:
    assert asked(host)


@pytest.mark.parametrize(
    "host", ["evil.example:4566", "127.0.0.1.nip.io", "localhost.evil.example", "a.amazonaws.com.evil.example"]
)
def test_a_page_whose_own_name_leads_here_may_not(host: str) -> None:
    assert not asked(host)


def test_every_origin_must_be_of_this_machine() -> None:
    here, elsewhere = ("origin", "http://localhost:3000"), ("origin", "https://evil.example")
    assert asked("localhost", here)
    assert not asked("localhost", here, elsewhere)
    assert not asked("localhost", ("origin", "null"))
    assert not asked("localhost", ("origin", "http://[::1"))
    assert not asked("localhost", ("origin", ""))


def test_an_image_of_another_page_is_told_by_its_site() -> None:
    assert not asked("localhost", ("sec-fetch-site", "cross-site"))
    assert asked("localhost", ("sec-fetch-site", "same-site"))
    assert asked("localhost", ("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:3000"))


async def test_leniency_is_not_for_strange_pages(account: Account) -> None:
    lenient = Authenticator(account, lenient=True)
    headers = [("host", "localhost"), ("authorization", "AWS4-HMAC-SHA256 nonsense")]
    program = Request("POST", "/", Headers(headers))
    assert lenient.signed(program, service("dynamodb")).caller.root
    page = Request("POST", "/", Headers([*headers, ("origin", "https://evil.example")]))
    with pytest.raises(AwsError):
        lenient.signed(page, service("dynamodb"))
