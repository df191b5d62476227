"""python -m benchmarks.pool_size: whether a user pool slows down as it grows (in process, without HTTP).

CPU time of the whole process, so that other work on the machine does not count.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from itertools import count

from benchmarks.in_process import CLIENT, PASSWORD, POOL, context, deployed
from benchmarks.people import Proof
from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import pools, users
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context

SIZES = (1_000, 100_000)
CALLS = 200
GROUP = "everybody"
FILTERS = (
    'username = "person77"', 'username ^= "person7"', 'email = "person77@example.com"', 'email ^= "person7"',
    'phone_number = "+15550000077"', 'phone_number ^= "+1555"', 'name = "nobody"', 'given_name ^= "Ann"',
    'family_name = "Other"', 'preferred_username ^= "p7"', 'status = "Enabled"',
    'cognito:user_status = "CONFIRMED"', 'cognito:user_status = "RESET_REQUIRED"',
)  # fmt: skip
Call = Callable[[], Awaitable[object]]


async def fill(ctx: Context, size: int) -> None:
    """Users up to ``size``, all in one group."""
    pool, now = pools.require(ctx, POOL), ctx.clock.now()
    there = ctx.store.all("SELECT users FROM cognito_idp_user_counts")[0]["users"]

    def write(tx: Transaction) -> None:
        for number in range(there, size):
            attributes = {
                "email": f"person{number}@example.com",
                "email_verified": "true",
                "phone_number": f"+1555{number:07d}",
                "given_name": f"Ann{number % 100}",
                "family_name": "Same",
                "preferred_username": f"p{number}",
            }
            name = f"person{number}"
            users.insert(tx, pool, User(POOL, name, ctx.ids.uuid(), attributes, "CONFIRMED", now, now))
            tx.execute("INSERT INTO cognito_idp_memberships VALUES (?, ?, ?)", (POOL, name, GROUP))

    await ctx.store.write(write)


async def milliseconds(call: Call) -> float:
    """The median of a call."""
    times = []
    for _ in range(CALLS):
        started = time.process_time()
        await call()
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def requests(ctx: Context) -> dict[str, Call]:
    """What is measured."""
    idp = ctx.services.cognito_idp
    secret = {"USERNAME": "person0", "PASSWORD": PASSWORD}
    password = {"ClientId": CLIENT, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": secret}
    by_srp = {"ClientId": CLIENT, "AuthFlow": "USER_SRP_AUTH"}
    proof, new = Proof(POOL, PASSWORD), count()

    async def srp() -> None:
        start = {"USERNAME": "person0", "SRP_A": f"{proof.a:x}"}
        await idp.initiate_auth({**by_srp, "AuthParameters": start})

    async def sign_up() -> None:
        name = f"newcomer{next(new)}"
        request = {"ClientId": CLIENT, "Username": name, "Password": PASSWORD}
        await idp.sign_up({**request, "UserAttributes": [{"Name": "email", "Value": f"{name}@example.com"}]})

    def listing(**more: object) -> Call:
        return lambda: idp.list_users({"UserPoolId": POOL, "Limit": 60, **more})

    in_group = {"UserPoolId": POOL, "GroupName": GROUP, "Limit": 60}
    return {
        "sign-in by password": lambda: idp.initiate_auth(password),
        "SRP, the first of its two calls": srp,
        "SignUp": sign_up,
        "AdminGetUser": lambda: idp.admin_get_user({"UserPoolId": POOL, "Username": "person77"}),
        "ListUsers, first page of 60": listing(),
        **{f"ListUsers, {text}": listing(Filter=text) for text in FILTERS},
        "ListUsersInGroup, first page of 60": lambda: idp.list_users_in_group(in_group),
        "DescribeUserPool": lambda: idp.describe_user_pool({"UserPoolId": POOL}),
    }


async def main() -> None:
    """Print a table."""
    async with context() as ctx:
        await deployed(ctx)
        await ctx.services.cognito_idp.create_group({"UserPoolId": POOL, "GroupName": GROUP})
        calls = requests(ctx)
        table: dict[str, list[float]] = {name: [] for name in calls}
        for size in SIZES:
            await fill(ctx, size)
            for name, call in calls.items():
                table[name].append(await milliseconds(call))
        print(f"{'median ms of CPU':55}" + "".join(f"{size:>12} users" for size in SIZES) + "   per second")
        for name, figures in table.items():
            print(f"{name:55}" + "".join(f"{f:>18.3f}" for f in figures) + f"{1000 / figures[-1]:>13.0f}")


if __name__ == "__main__":
    asyncio.run(main())
