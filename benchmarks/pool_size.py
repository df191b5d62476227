"""python -m benchmarks.pool_size: whether a user pool slows down as it grows (in process, without HTTP)."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

from benchmarks.in_process import CLIENT, PASSWORD, POOL, context, deployed
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import pools, users
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

SIZES = (1_000, 100_000)
CALLS = 200
Call = Callable[[], Awaitable[object]]


async def fill(ctx: Context, size: int) -> None:
    """Users up to ``size``."""
    pool, now = pools.require(ctx, POOL), ctx.clock.now()
    there = ctx.store.all("SELECT count(*) AS n FROM cognito_idp_users")[0]["n"]

    def write(tx: Transaction) -> None:
        for number in range(there, size):
            email = {"email": f"person{number}@example.com", "email_verified": "true"}
            name = f"person{number}"
            users.insert(tx, pool, User(POOL, name, ctx.ids.uuid(), email, "CONFIRMED", now, now))

    await ctx.store.write(write)


async def milliseconds(call: Call) -> float:
    """The median of a call."""
    times = []
    for _ in range(CALLS):
        started = time.perf_counter()
        await call()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def requests(ctx: Context) -> dict[str, Call]:
    """What is measured."""
    idp = ctx.services.cognito_idp
    secret = {"USERNAME": "person0", "PASSWORD": PASSWORD}
    sign_in = {"ClientId": CLIENT, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": secret}

    def listing(**more: object) -> Call:
        return lambda: idp.list_users({"UserPoolId": POOL, "Limit": 60, **more})

    return {
        "sign-in by password": lambda: idp.initiate_auth(sign_in),
        "AdminGetUser": lambda: idp.admin_get_user({"UserPoolId": POOL, "Username": "person77"}),
        "ListUsers, first page of 60": listing(),
        "ListUsers, e-mail = one": listing(Filter='email = "person77@example.com"'),
        "ListUsers, e-mail starts with": listing(Filter='email ^= "person7"'),
        "ListUsers, status CONFIRMED": listing(Filter='cognito:user_status = "CONFIRMED"'),
        "ListUsers, nobody": listing(Filter='name = "nobody"'),
        "DescribeUserPool": lambda: idp.describe_user_pool({"UserPoolId": POOL}),
    }


async def main() -> None:
    """Print a table."""
    async with context() as ctx:
        await deployed(ctx)
        calls = requests(ctx)
        table: dict[str, list[float]] = {name: [] for name in calls}
        for size in SIZES:
            await fill(ctx, size)
            for name, call in calls.items():
                table[name].append(await milliseconds(call))
        print(f"{'median ms':40}" + "".join(f"{size:>12} users" for size in SIZES))
        for name, figures in table.items():
            print(f"{name:40}" + "".join(f"{figure:>18.3f}" for figure in figures))


if __name__ == "__main__":
    asyncio.run(main())
