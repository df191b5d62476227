"""Fixtures for every test: an account with a frozen clock, seeded ids and an empty store in memory."""

from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path

import pytest

import habitr_emulator
from habitr_emulator.kernel.bus import Bus
from habitr_emulator.kernel.clock import Clock
from habitr_emulator.kernel.ids import Ids
from habitr_emulator.kernel.inbox import Inbox
from habitr_emulator.kernel.store import Store
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.registry import Registry

PACKAGE = Path(str(files(habitr_emulator)))
START = 1_795_000_000.0
ROOT = Caller("signed", arn="arn:aws:iam::000000000000:root", access_key_id="test", root=True)


def schemas() -> list[str]:
    """Every ``schema.sql`` of the package."""
    return [path.read_text() for path in sorted(PACKAGE.rglob("schema.sql"))]


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    """An account whose policies allow everything (tests of policies build their own)."""
    store, bus, clock = Store(None), Bus(), Clock()
    clock.freeze()
    clock.set(START)
    await store.open(schemas())
    made = Account(
        region="us-east-1",
        account_id="000000000000",
        clock=clock,
        ids=Ids(seed=1),
        store=store,
        bus=bus,
        inbox=Inbox(store, bus),
        registry=Registry(),
        authorizer=lambda *_: None,
    )
    yield made
    await made.close()
    await bus.close()
    await store.close()


@pytest.fixture
def ctx(account: Account) -> Context:
    """A context of the administrator."""
    return account.context(ROOT)
