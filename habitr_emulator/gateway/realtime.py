"""WebSockets for AppSync's realtime protocol: sockets and timers here, the protocol in
services.appsync.realtime.

https://docs.aws.amazon.com/appsync/latest/devguide/real-time-websocket-client.html
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import unquote

from aiohttp import WSMsgType, web

from habitr_emulator.gateway.deadlines import Deadlines
from habitr_emulator.gateway.frames import text_frame
from habitr_emulator.gateway.handshake import find_blob, payload_refusal, refused_upgrade
from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.trace import Span
from habitr_emulator.services.agenda import MOVED
from habitr_emulator.services.appsync.apis import Apis, DeployedApi
from habitr_emulator.services.appsync.authorization import authenticate as judge
from habitr_emulator.services.appsync.realtime import protocol
from habitr_emulator.services.appsync.realtime.subscriptions import Subscription, Subscriptions
from habitr_emulator.services.appsync.spec import GraphqlApi
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.wire.http import Headers

#: Method, target, headers, body -> who signed or which token it is; raises AwsError for a bad signature.
Authenticate = Callable[[str, str, Headers, bytes], Awaitable[Caller]]

LARGEST_FRAME: Final = 1024 * 1024
LARGEST_OUTBOX: Final = 1024 * 1024
#: A refused client that says nothing hears why after this many seconds.
PATIENCE: Final = 10.0
_log = logging.getLogger(__name__)


class Sockets:
    """The open sockets of an account; they end with a reason when the emulator stops or its state is replaced."""

    def __init__(self, account: Account) -> None:
        self.open: set[Session] = set()
        self._unsubscribe = (
            account.bus.subscribe("store.restored", lambda _: self._restart()),
            account.bus.subscribe(MOVED, lambda _: self._clock_moved()),
        )

    async def close(self) -> None:
        """End every socket."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        await asyncio.gather(*(session.end(1001, "the emulator stops") for session in tuple(self.open)))

    def _clock_moved(self) -> None:
        for session in tuple(self.open):
            session.deadlines.clock_moved()

    async def _restart(self) -> None:
        await asyncio.gather(
            *(session.end(1012, "the emulator's state was replaced") for session in tuple(self.open))
        )


async def serve(request: web.BaseRequest, account: Account, authenticate: Authenticate) -> web.StreamResponse:
    """Serve one WebSocket upgrade at ``/graphql`` or ``/graphql/realtime`` until it closes.

    A connection without credentials gets HTTP 401 instead; one whose credentials are bad is accepted and told
    why by ``connection_error``.
    """
    target, _, query = request.raw_path.partition("?")
    api = account.part(Apis).find(request.host, unquote(target))
    if api is None:
        return refused_upgrade(404, "NotFoundException", "GraphQL API not found.")
    offered = [
        name.strip() for name in request.headers.get("sec-websocket-protocol", "").split(",") if name.strip()
    ]
    blob = find_blob(query, offered, Headers([(name.lower(), value) for name, value in request.headers.items()]))
    if blob is not None and not (blob.get("authorization") or blob.get("x-api-key")):
        return refused_upgrade(401, "UnauthorizedException", "Missing authorization header")
    endpoint = target.removesuffix("/realtime") or "/graphql"
    session = Session(account, api, authenticate, endpoint, request.remote or "127.0.0.1")
    refusal = await session.refusal(blob, "graphql-ws" in offered) or payload_refusal(query)
    socket = web.WebSocketResponse(
        protocols=("graphql-ws",) if "graphql-ws" in offered else (),
        compress=False,
        max_msg_size=LARGEST_FRAME,
        autoping=True,
    )
    await socket.prepare(request)
    await session.run(socket, request, refusal)
    return socket


class Session:
    """One connection: its protocol state and its subscriptions."""

    def __init__(
        self, account: Account, api: DeployedApi, authenticate: Authenticate, endpoint: str, peer: str
    ) -> None:
        self._account, self._api, self._authenticate = account, api, authenticate
        self._endpoint, self._peer = endpoint, peer
        self._protocol = protocol.Protocol()
        self._subscriptions: dict[str, Subscription] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.deadlines = Deadlines(account.clock)
        self._expires: float | None = None
        self._closing: tuple[int, str] | None = None
        self._socket: web.WebSocketResponse | None = None
        self._transport: asyncio.Transport | None = None

    async def refusal(self, blob: Mapping[str, str] | None, offered: bool) -> protocol.Refusal | None:
        """Why the connection may not be, or None."""
        if not offered:
            return protocol.UNSUPPORTED_PROTOCOL
        if blob is None:
            return protocol.UNAUTHORIZED_CONNECTION
        if not blob.get("host"):
            text = "Required headers are missing."  # guess: the service's wording is not published
            return protocol.Refusal("BadRequestException", text, 400)
        span = Span(f"appsync connect {self._endpoint}")
        try:
            with self._kept(span):
                context = await self._context(blob, "/connect", b"{}", span)
                who = await judge(self._api.spec, context, {}, self._api.lambda_decisions)
                span.note(api=self._api.api_id, **who.told())
            self._expires = who.expires
        except AwsError as error:
            _log.info("realtime connection refused: %s", error.why or error.message)
            known = error.message if error.code == "UnauthorizedException" else protocol.UNAUTHORIZED
            return protocol.Refusal("UnauthorizedException", known, 401)
        return None

    @contextmanager
    def _kept(self, span: Span) -> Iterator[None]:
        """Put a step of this connection among the requests that the log keeps."""
        try:
            with span:
                yield
        except AwsError as error:
            span.note(error=error.code, **({"why": error.why} if error.why else {}))
            raise
        finally:
            self._account.bus.publish("request.ended", (self._account.ids.request_id(), span))

    async def _context(self, blob: Mapping[str, str], below: str, body: bytes, span: Span) -> Context:
        """The context of a request that the blob's headers belong to; raises AwsError for a bad signature.

        On AWS every API is at /graphql, and some clients sign that whatever the endpoint is.
        """
        headers = Headers(list(blob.items()))
        try:
            caller = await self._authenticate("POST", self._endpoint + below, headers, body)
        except AwsError:
            if self._endpoint == GraphqlApi.DEFAULT_PATH:
                raise
            caller = await self._authenticate("POST", GraphqlApi.DEFAULT_PATH + below, headers, body)
        return self._account.context(
            caller, source_ip=self._peer, headers=dict(blob), protocol="appsync", span=span
        )

    async def run(self, socket: web.WebSocketResponse, request: web.BaseRequest, refusal: Any) -> None:
        """Read frames until the socket closes."""
        self._socket, self._transport = socket, request.transport
        self._protocol = protocol.Protocol(refusal)
        sockets = self._account.part(Sockets)
        sockets.open.add(self)
        if refusal is not None:
            self.deadlines.after("patience", PATIENCE, lambda: self._act(self._protocol.refuse_connection()))
        lifetime = protocol.LIFETIME_SECONDS
        self.deadlines.after("lifetime", lifetime, lambda: self._close(1000, "24 hours are over"))
        if self._expires is not None:
            over = "the credentials of the connection have expired"
            self.deadlines.at("expiry", self._expires, lambda: self._close(1008, over))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._act(self._protocol.receive(message.data))
                elif message.type is WSMsgType.BINARY:
                    self._act(self._protocol.receive(message.data.decode("utf-8", "replace")))
        except asyncio.CancelledError:
            await self.end(1001, "the emulator stops")
            raise
        finally:
            sockets.open.discard(self)
            self._forget()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _forget(self) -> None:
        self.deadlines.clear()
        for task in self._tasks:
            task.cancel()
        registry = self._account.part(Subscriptions)
        for subscription in self._subscriptions.values():
            registry.remove(subscription)
        self._subscriptions.clear()

    def _act(self, events: list[protocol.Event]) -> None:
        for event in events:
            if isinstance(event, protocol.Send):
                self._send(event.text)
            elif isinstance(event, protocol.Begin):
                self._spawn(self._start(event))
            elif isinstance(event, protocol.End):
                self._remove(event.id)
            else:
                self._close(event.code, event.reason)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _send(self, text: str) -> None:
        """Send a frame at once (past aiohttp, whose way is a coroutine); a client that does not read is dropped,
        never waited for.
        """
        transport = self._transport
        if self._closing is not None or transport is None or transport.is_closing():
            return
        transport.write(text_frame(text.encode()))
        if transport.get_write_buffer_size() > LARGEST_OUTBOX:
            _log.warning("a subscriber at %s does not read; its connection is closed", self._peer)
            self._closing = (1013, "the client does not read its events")
            self._account.bus.spawn(self.end(*self._closing))
        elif text is protocol.KEEP_ALIVE:  # each one, the first after the ack, winds the clock for the next
            self.deadlines.after("ka", protocol.KEEP_ALIVE_SECONDS, lambda: self._send(protocol.KEEP_ALIVE))

    def _close(self, code: int, reason: str) -> None:
        """Close after what was sent."""
        if self._closing is None:
            self._closing = (code, reason)
            assert self._socket is not None
            self._spawn(self._socket.close(code=code, message=reason.encode()[:120]))

    async def end(self, code: int, reason: str) -> None:
        """Close now; a peer that does not answer within a second is cut off."""
        self._closing = (code, reason)
        assert self._socket is not None
        try:
            async with asyncio.timeout(1):
                await self._socket.close(code=code, message=reason.encode()[:120])
        except (TimeoutError, ConnectionError):
            if self._transport is not None:
                self._transport.abort()

    async def _start(self, begin: protocol.Begin) -> None:
        from habitr_emulator.services.appsync.realtime.start import StartRefused, start
        from habitr_emulator.services.appsync.reason import reason

        span = Span(f"appsync subscribe {begin.id}")
        try:
            with self._kept(span):
                context = await self._context(begin.authorization, "", begin.data.encode(), span)
                subscription = await start(self._api, context, begin.data, self, begin.id)
        except AwsError as error:
            _log.info("subscription refused: %s", error.why or error.message)
            self._act(self._protocol.refuse(begin.id, [protocol.unauthorized()]))
            return
        except StartRefused as refused:
            span.facts.setdefault("why", reason(refused.errors))
            self._act(self._protocol.refuse(begin.id, refused.errors, refused.data))
            return
        accepted = self._protocol.accept(begin.id)
        if not accepted:
            self._account.part(Subscriptions).remove(subscription)
            return
        self._remove(begin.id)
        self._subscriptions[begin.id] = subscription
        self._act(accepted)
        if subscription.expires is not None:
            self.deadlines.at(f"expiry {begin.id}", subscription.expires, lambda: self._expired(begin.id))

    def _expired(self, id_: str) -> None:
        """The credentials that a subscription was started with are over."""
        self._remove(id_)
        self._act(self._protocol.refuse(id_, [protocol.unauthorized("Token expired")]))

    def _remove(self, id_: str) -> None:
        subscription = self._subscriptions.pop(id_, None)
        self.deadlines.cancel(f"expiry {id_}")
        if subscription is not None:
            self._account.part(Subscriptions).remove(subscription)

    def data(self, id_: str, payload: str) -> None:
        """Send an event to a subscription of this connection."""
        self._act(self._protocol.data(id_, payload))

    def complete(self, id_: str) -> None:
        """Tell the client that the server has ended a subscription."""
        self._subscriptions.pop(id_, None)
        self.deadlines.cancel(f"expiry {id_}")
        self._act(self._protocol.complete(id_))
