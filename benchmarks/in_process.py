"""The services without HTTP: an account in memory with one user pool and its first user."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

import habitr_emulator
from habitr_emulator.kernel.bus import Bus
from habitr_emulator.kernel.clock import Clock
from habitr_emulator.kernel.ids import Ids
from habitr_emulator.kernel.inbox import Inbox
from habitr_emulator.kernel.store import Store
from habitr_emulator.services.cognito_idp.deploy import deploy
from habitr_emulator.services.cognito_idp.spec import AppClient, UserPool
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.registry import Registry

POOL, CLIENT, PASSWORD = "us-east-1_Benchmark", "b" * 26, "Correct-Horse-9"


@asynccontextmanager
async def context() -> AsyncIterator[Context]:
    """A context of the administrator."""
    package = Path(str(files(habitr_emulator)))
    store, bus = Store(None), Bus()
    await store.open([path.read_text() for path in sorted(package.rglob("schema.sql"))])
    account = Account(
        region="us-east-1",
        account_id="000000000000",
        clock=Clock(),
        ids=Ids(),
        store=store,
        bus=bus,
        inbox=Inbox(store, bus),
        registry=Registry(),
        authorizer=lambda *_: None,
    )
    try:
        yield account.context(Caller("signed", arn="arn:aws:iam::000000000000:root", root=True))
    finally:
        await account.close()
        await bus.close()
        await store.close()


async def deployed(ctx: Context) -> None:
    """Make the pool and its first user, person0."""
    flows = {"ClientName": "app", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]}
    settings = {
        "PoolName": "people",
        "UsernameConfiguration": {"CaseSensitive": False},
        "AutoVerifiedAttributes": ["email"],
    }
    await deploy(ctx, UserPool(POOL, settings, (AppClient(CLIENT, flows),)))
    idp = ctx.services.cognito_idp
    who = {"UserPoolId": POOL, "Username": "person0"}
    await idp.admin_create_user({**who, "MessageAction": "SUPPRESS"})
    await idp.admin_set_user_password({**who, "Password": PASSWORD, "Permanent": True})
