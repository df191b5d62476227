"""A subscription heard in process: authenticated, authorized and filtered like one over a WebSocket."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.people.public import GraphqlErrors, Public, Refused
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.realtime.subscriptions import Subscription, Subscriptions
from habitr_emulator.services.context import Account
from habitr_emulator.wire.http import Headers, Request

MOST_WAITING = 1000


class Ended(Exception):
    """The server has ended the subscription."""


async def subscribe(public: Public, query: str, variables: Mapping[str, Any], token: str) -> "Heard":
    """Start a subscription; it hears every event from now on. Raises GraphqlErrors."""
    from habitr_emulator.services.appsync.realtime.start import StartRefused, start

    account = public.account
    api = account.part(Apis).find(public.host, "/graphql")
    if api is None:
        raise GraphqlErrors([{"message": "the project has no GraphQL API"}], None)
    await asyncio.to_thread(lambda: api.schema)
    lines = [("host", public.host), ("authorization", token)]
    caller = public.prove(Request("POST", "/graphql", Headers(lines)))
    context = account.context(caller, headers=dict(lines), protocol="appsync")
    heard = Heard(account)
    text = orjson.dumps({"query": query, "variables": dict(variables)}).decode()
    try:
        heard.subscription = await start(api, context, text, heard, account.ids.uuid())
    except StartRefused as refused:
        raise GraphqlErrors(refused.errors, refused.data) from None
    except AwsError as error:
        raise Refused(error.code, error.message, error.why or "") from None
    return heard


class Heard:
    """The events of one subscription, in order."""

    subscription: Subscription

    def __init__(self, account: Account) -> None:
        self._account = account
        self._events: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(MOST_WAITING)

    async def next(self, timeout: float = 5.0) -> dict[str, Any]:  # noqa: ASYNC109 - a test says how long it waits
        """The ``data`` of the next event. Raises TimeoutError, Ended, and GraphqlErrors for one with errors."""
        try:
            event = await asyncio.wait_for(self._events.get(), timeout)
        except TimeoutError:
            raise TimeoutError(f"no event of {self.subscription.field} came within {timeout:g} s") from None
        if event is None:
            raise Ended(f"the subscription was ended: {self.subscription.field}")
        if event.get("errors"):
            raise GraphqlErrors(event["errors"], event.get("data"))
        data: dict[str, Any] = event["data"]
        return data

    def waiting(self) -> int:
        """How many events wait to be taken."""
        return self._events.qsize()

    async def end(self) -> None:
        """Hear no more."""
        self._account.part(Subscriptions).remove(self.subscription)

    def data(self, id_: str, payload: str) -> None:
        """Called for each event."""
        if not self._events.full():
            self._events.put_nowait(orjson.loads(payload))

    def complete(self, id_: str) -> None:
        """Called when the server ends it."""
        if not self._events.full():
            self._events.put_nowait(None)
