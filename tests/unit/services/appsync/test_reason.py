"""Why a GraphQL answer has errors, in one line."""

from typing import Any

import pytest

from habitr_emulator.services.appsync.reason import LONGEST, reason
from habitr_emulator.services.context import Account
from tests.unit.services.appsync.test_http import send


@pytest.mark.parametrize(
    ("errors", "told"),
    [
        ([{"message": "No."}], "No."),
        ([{"path": None, "errorType": None, "message": "No."}], "No."),
        ([{"path": ["a", 0, "b"], "errorType": "T", "message": "No."}], "a.0.b: T: No."),
        ([{"message": "No."}, {"message": "Neither."}, {"message": "Nor."}], "No. (and 2 more)"),
        ([{"message": None, "errorType": "T"}], "T"),
    ],
)
def test_it_names_place_type_and_message_of_the_first_error(errors: list[dict[str, Any]], told: str) -> None:
    assert reason(errors) == told


def test_it_is_short_and_holds_nothing_that_ends_a_line() -> None:
    text = reason([{"message": "a\r\nx-evil: 1\x00\x1b[31m\u2028b\ud800" + "c" * 10_000}, {"message": "d"}])
    assert text.startswith("a x-evil: 1 [31m b ccc")
    assert text.endswith("... (and 1 more)")
    assert len(text) <= LONGEST + len(" (and 1 more)")
    assert text.isprintable()


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("{ nope }", "nope"),
        ("{ plain", "Invalid Syntax : offending token"),
        ("query A { plain } query B { plain }", "BadRequestException: Missing operation name."),
        ("subscription { onMine { id } }", "OperationNotSupported: Subscriptions are not supported over HTTP"),
    ],
)
async def test_every_answer_with_errors_says_why_in_header_and_trace(
    account: Account, query: str, why: str
) -> None:
    response, body = await send(account, {"query": query})
    assert body["errors"]
    assert why in response.headers["x-habitr-why"]


async def test_an_answer_without_errors_says_nothing(account: Account) -> None:
    response, _ = await send(account, {"query": "{ plain }"})
    assert "x-habitr-why" not in response.headers
