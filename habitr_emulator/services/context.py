"""What an operation function is given beside its request."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, cast

from habitr_emulator.kernel.bus import Bus
from habitr_emulator.kernel.clock import Clock
from habitr_emulator.kernel.ids import Ids
from habitr_emulator.kernel.inbox import Inbox
from habitr_emulator.kernel.store import Store, Transaction
from habitr_emulator.kernel.trace import Span
from habitr_emulator.services.agenda import Agenda
from habitr_emulator.services.faults import Faults

if TYPE_CHECKING:
    from habitr_emulator.services.registry import Registry

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, proved by the gateway.

    - ``anonymous``: nothing was presented.
    - ``signed``: a SigV4 (or S3 SigV2) signature that matched. ``arn``, ``user_id``, ``access_key_id`` name the
      principal; ``root`` is the administrator key, which no identity policy binds; ``policies`` are the identity
      policy documents of the principal, ``session_policies`` those of its session (each level must allow), and
      ``conditions`` the keys that the principal brings to policy evaluation
      (``cognito-identity.amazonaws.com:sub``, ``aws:username`` …).
    - ``token``: a JWT whose signature and expiry are good; ``claims`` holds it, ``user_pool_id`` its pool.
    - ``api_key``: an ``x-api-key`` header, not yet judged (``credential``).
    - ``other``: an Authorization value of no known shape (``credential``), for a Lambda authorizer.
    - ``service``: another service of the emulator calls in process; ``arn`` is its principal name.
    """

    kind: Literal["anonymous", "signed", "token", "api_key", "other", "service"]
    arn: str = ""
    user_id: str = ""
    access_key_id: str = ""
    root: bool = False
    policies: tuple[Mapping[str, Any], ...] = ()
    session_policies: tuple[Mapping[str, Any], ...] = ()
    conditions: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    user_pool_id: str = ""
    credential: str = ""


ANONYMOUS = Caller("anonymous")


class Authorizer(Protocol):
    """Decides by IAM policies; raises the service's access-denied error, with ``why``."""

    def __call__(
        self,
        context: "Context",
        action: str,
        resource: str,
        conditions: Mapping[str, str | Sequence[str]],
        resource_policy: Mapping[str, Any] | None,
    ) -> None:
        """Return if allowed."""


class Follower(Protocol):
    """Keeps a copy of a table's items in step with it."""

    def __call__(
        self,
        tx: Transaction,
        keys: Iterable[str],
        old: Mapping[str, Any] | None,
        new: Mapping[str, Any] | None,
    ) -> None:
        """Called in the transaction of each write, with plain items; ``keys`` are the key attributes."""


@dataclass(slots=True)
class Account:
    """The one AWS account and region that the emulator plays, and what its services share.

    ``endpoint`` is the emulator's own URL (``http://localhost:4566``), known once it listens; ``issuer`` is
    ``aws`` or ``local``. ``s3_bucket_defaults`` is ``current`` or ``legacy``. ``oidc_keys`` are the key sets
    (JWKS) of issuers that are not on this machine. ``followers`` are told of writes to DynamoDB tables, by table
    name: so a search index follows a table without either service knowing the other.
    """

    region: str
    account_id: str
    clock: Clock
    ids: Ids
    store: Store
    bus: Bus
    inbox: Inbox
    registry: "Registry"
    authorizer: Authorizer
    endpoint: str = "http://localhost:4566"
    issuer: str = "aws"
    administrator_keys: Mapping[str, str] = field(default_factory=lambda: {"test": "test"})
    s3_bucket_defaults: str = "current"
    oidc_keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    followers: dict[str, Follower] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    agenda: Agenda = field(default_factory=Agenda)
    _parts: dict[type, Any] = field(default_factory=dict)

    def part(self, kind: Callable[["Account"], P]) -> P:
        """A service's in-memory object (worker pool, compiled APIs …), one an account, made when first asked
        for. If it has an async ``close``, that is awaited when the emulator stops.
        """
        key = cast("type", kind)
        if key not in self._parts:
            self._parts[key] = kind(self)
        return cast("P", self._parts[key])

    async def close(self) -> None:
        """Close every part that wants it, newest first."""
        for part in reversed(list(self._parts.values())):
            close = getattr(part, "close", None)
            if close is not None:
                await close()
        self._parts.clear()

    def arn(self, service: str, resource: str, *, region: bool = True) -> str:
        """``arn:aws:<service>:<region>:<account>:<resource>``."""
        return f"arn:aws:{service}:{self.region if region else ''}:{self.account_id}:{resource}"

    def context(self, caller: Caller = ANONYMOUS, **more: Any) -> "Context":
        """A context outside any HTTP request (deploying, background work, tests)."""
        return Context(account=self, caller=caller, request_id=self.ids.request_id(), **more)


@dataclass(slots=True)
class Context:
    """One call: who asks, in which request, and the account to work in.

    ``response_headers`` are added to the HTTP answer, ``response_status`` (if set) is its status.
    ``protocol`` names the wire protocol of the operation, so that shared refusals (access denied) take its shape.
    """

    account: Account
    caller: Caller
    request_id: str
    span: Span = field(default_factory=lambda: Span("call"))
    source_ip: str = "127.0.0.1"
    user_agent: str = ""
    secure: bool = False
    protocol: str = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    response_headers: dict[str, str] = field(default_factory=dict)
    response_status: int = 0

    @property
    def clock(self) -> Clock:
        """The account's clock."""
        return self.account.clock

    @property
    def ids(self) -> Ids:
        """The account's ids."""
        return self.account.ids

    @property
    def store(self) -> Store:
        """The account's store."""
        return self.account.store

    @property
    def services(self) -> "Services":
        """Every service's API, in process: ``await ctx.services.dynamodb.get_item({...})``."""
        return Services(self)

    async def call(self, service: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """``services.<service>.<operation>(request)``, for who has the names as texts."""
        with self.span.child(f"{service}.{operation}") as span:
            inner = self.as_service(self.caller.arn or "emulator.amazonaws.com", span)
            return await self.account.registry.call(service, operation, dict(request), inner)

    def within(self, span: Span) -> "Context":
        """The same call, seen in a step of its trace."""
        return Context(
            self.account,
            self.caller,
            self.request_id,
            span,
            self.source_ip,
            self.user_agent,
            self.secure,
            self.protocol,
            self.headers,
            self.response_headers,
        )

    def as_service(self, principal: str, span: Span | None = None) -> "Context":
        """The same request, continued by a service (``appsync.amazonaws.com``), whom no policy binds."""
        return Context(
            account=self.account,
            caller=_principal(principal),
            request_id=self.request_id,
            span=span or self.span,
            source_ip=self.source_ip,
            user_agent=self.user_agent,
        )

    def authorize(
        self,
        action: str,
        resource: str,
        conditions: Mapping[str, str | Sequence[str]] | None = None,
        resource_policy: Mapping[str, Any] | None = None,
    ) -> None:
        """Refuse unless the caller's policies allow ``action`` on ``resource``.

        The registry does this for what ``@operation`` declares; operations call it for further resources
        (each key of DeleteObjects, the source of a copy).
        """
        self.account.authorizer(self, action, resource, conditions or {}, resource_policy)


@lru_cache(256)
def _principal(name: str) -> Caller:
    return Caller("service", arn=name)


class Services:
    """``ctx.services.<service>.<operation>(request)``: a call by the API, in process, traced, and made as a
    service principal (the emulator's services trust each other as AWS's do).
    """

    __slots__ = ("_context",)

    def __init__(self, context: Context) -> None:
        self._context = context

    def __getattr__(self, service: str) -> "_Service":
        return _Service(service, self._context)


class _Service:
    __slots__ = ("_context", "_name")

    def __init__(self, name: str, context: Context) -> None:
        self._name, self._context = name, context

    def __getattr__(self, operation: str) -> Callable[[Mapping[str, Any]], Any]:
        return partial(self._context.call, self._name, operation)
