"""Listeners, messages and spans."""

import asyncio
import logging
from functools import partial

import pytest

from habitr_emulator.kernel.bus import Bus
from habitr_emulator.kernel.inbox import Message, deliver
from habitr_emulator.kernel.trace import KEPT_REQUESTS, KEPT_SPANS, RequestLog, Span
from habitr_emulator.services.context import Account


async def test_listeners_hear_until_they_unsubscribe() -> None:
    bus = Bus()
    heard: list[object] = []
    end = bus.subscribe("topic", heard.append)
    bus.publish("topic", 1)
    bus.publish("other", 2)
    end()
    end()
    bus.publish("topic", 3)
    assert heard == [1]


async def test_a_listener_that_fails_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = Bus(), asyncio.Event()

    def fail(_: object) -> None:
        raise ValueError

    async def fail_later(_: object) -> None:
        raise ValueError

    async def hear(_: object) -> None:
        heard.set()

    for listener in (fail, fail_later, hear):
        bus.subscribe("topic", listener)
    logger = logging.getLogger("habitr_emulator.kernel.bus")
    logger.addHandler(caplog.handler)
    try:
        bus.publish("topic")
        async with asyncio.timeout(5):
            await heard.wait()
        await bus.close()
    finally:
        logger.removeHandler(caplog.handler)
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) >= 2


async def test_closing_ends_background_work() -> None:
    bus, ended = Bus(), []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    bus.spawn(work())
    await asyncio.sleep(0)
    await bus.close()
    assert ended == [True]


def message(username: str = "Ann", code: str = "123456", pool: str = "pool") -> Message:
    return Message(
        pool, username, "sub-1", "Ann@example.com", "EMAIL", "SignUp", "s", f"b {code}", code, 1.5, "app"
    )


async def sent(account: Account, *messages: Message) -> None:
    for each in messages:
        await account.store.write(partial(deliver, message=each))


async def test_messages_are_found_by_name_sub_and_address(account: Account) -> None:
    await sent(account, message(), message("bob", "654321", "other"))
    inbox = account.inbox
    for who in ({"username": "ann"}, {"username": "sub-1", "user_pool_id": "pool"}, {"user_pool_id": "pool"}):
        (found,) = [each for each in inbox.messages(**who) if each["username"] == "Ann"]
        assert found == {
            "userPoolId": "pool",
            "clientId": "app",
            "username": "Ann",
            "destination": "Ann@example.com",
            "medium": "EMAIL",
            "trigger": "SignUp",
            "subject": "s",
            "body": "b 123456",
            "code": "123456",
            "link": None,
            "sentAt": 1.5,
        }
    assert [each["code"] for each in inbox.messages(to="ann@EXAMPLE.com")] == ["123456", "654321"]
    assert inbox.messages(to="ann@example.com", username="nobody") == []


async def test_waiting_ends_with_the_message_or_the_deadline(account: Account) -> None:
    waiting = asyncio.ensure_future(account.inbox.wait(30, username="ann"))
    await asyncio.sleep(0)
    await sent(account, message("someone"))
    account.bus.publish("inbox.delivered")
    await asyncio.sleep(0)
    assert not waiting.done()
    await sent(account, message())
    account.bus.publish("inbox.delivered")
    async with asyncio.timeout(5):
        assert [each["username"] for each in await waiting] == ["Ann"]
    assert await account.inbox.wait(0.01, username="nobody") == []


def test_a_span_keeps_its_steps_up_to_a_bound() -> None:
    with Span("request") as span:
        with span.child("step") as step, step.child("inside") as inside:
            inside.note(rows=3)
        for _ in range(2 * KEPT_SPANS):
            with span.child("more"):
                pass
    tree = span.tree()
    assert tree["steps"][0]["steps"][0]["facts"] == {"rows": 3}
    assert len(tree["steps"]) == KEPT_SPANS - 1
    assert tree["milliseconds"] >= tree["steps"][0]["milliseconds"]


def test_the_log_keeps_the_newest_requests() -> None:
    log = RequestLog()
    for number in range(KEPT_REQUESTS + 10):
        log.keep(f"r{number}", Span(f"request {number}"))
    newest = log.latest(2)
    assert [each["requestId"] for each in newest] == [f"r{KEPT_REQUESTS + 9}", f"r{KEPT_REQUESTS + 8}"]
    assert len(log.latest()) == KEPT_REQUESTS
    assert log.find("r0") is None
    found = log.find("r10")
    assert found is not None
    assert found["name"] == "request 10"
