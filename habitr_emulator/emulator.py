"""The composition root: one emulator, from its settings to an open port; nothing else wires parts together."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from habitr_emulator import __version__
from habitr_emulator.amplify.notes import Note
from habitr_emulator.deployment import deploy
from habitr_emulator.gateway.admin import Control
from habitr_emulator.gateway.app import Gateway
from habitr_emulator.gateway.pipeline import Pipeline
from habitr_emulator.gateway.tls import Certificates
from habitr_emulator.kernel.bus import Bus
from habitr_emulator.kernel.clock import Clock
from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.kernel.ids import Ids
from habitr_emulator.kernel.inbox import Inbox
from habitr_emulator.kernel.store import Store
from habitr_emulator.kernel.trace import RequestLog
from habitr_emulator.services.appsync.deploy import compile_all
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.registry import Registry
from habitr_emulator.settings import Settings
from habitr_emulator.state.beginning import Beginning, seed_files
from habitr_emulator.state.claim import claim
from habitr_emulator.state.leftovers import sweep
from habitr_emulator.state.state import State, Told
from habitr_emulator.wire.detect import Names

if TYPE_CHECKING:
    from habitr_emulator.amplify.backend import Backend
    from habitr_emulator.people.public import Public
    from habitr_emulator.seed.player import Player

PACKAGE = Path(__file__).parent
WARM_UP_AFTER = 0.1
_log = logging.getLogger(__name__)


class Emulator:
    """An AWS account on this machine: ``async with Emulator(settings) as emulator: …``.

    ``start`` raises ProjectError, gateway.doors.PortTaken and state.claim.FolderInUse.
    """

    def __init__(self, settings: Settings | None = None, *, own_process: bool = False) -> None:
        self.settings = settings or Settings()
        self._own_process = own_process
        self.log = RequestLog()
        self.port = 0
        #: What of the project is not run.
        self.notes: list[Note] = []
        #: Hears how far the seed of a new state is: steps done, of how many.
        self.seeding: Told = lambda done, total: None
        #: Whether it is seeded and listens.
        self.ready = False
        #: Set when someone asked it to end (``down``); who runs it is to call ``stop``.
        self.stopping = asyncio.Event()

    async def __aenter__(self) -> "Emulator":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def endpoint(self) -> str:
        """The one URL of every service."""
        return self.account.endpoint

    async def start(self) -> None:
        """Open the state, deploy the project, listen."""
        async with AsyncExitStack() as opened:
            await self._start(opened)
            self._opened = opened.pop_all()

    async def _start(self, opened: AsyncExitStack) -> None:
        settings = self.settings
        self.backend = self.read_project()
        if not settings.memory:
            opened.callback(claim(data_folder(settings)).close)
            sweep(data_folder(settings))
        self.store = Store(None if settings.memory else data_folder(settings), durable=settings.durable)
        opened.push_async_callback(self.store.close)
        beginning = Beginning(settings, settings.project or builtin_project(), self.store.folder)
        beginning.recall()
        await self.store.open(schemas())
        self.account = _account(settings, self.store)
        self.account.bus.subscribe("request.ended", lambda ended: self.log.keep(*ended))
        opened.push_async_callback(self.account.bus.close)
        opened.push_async_callback(self.account.close)
        self._open_gateway()
        opened.push_async_callback(self._gateway.stop)
        await self._deploy()
        self.state = State(self.store, self.account.bus, self._deploy, self._player)
        self._gateway.open()
        await beginning.complete(self.state, self.seeding)
        self.log.clear()  # of what a seed's triggers asked
        self.ready = True
        self.account.bus.spawn(self._warm_up())

    async def _warm_up(self) -> None:
        """Compile the GraphQL schemas and begin what works by itself (items and objects that expire, streams
        that feed functions), in the background, once whoever waited for the start has been answered.
        """
        await asyncio.sleep(WARM_UP_AFTER)
        from habitr_emulator.services.dynamodb.upkeep import Upkeep
        from habitr_emulator.services.lambda_.asynchronous import Events
        from habitr_emulator.services.lambda_.schedules import Schedules
        from habitr_emulator.services.lambda_.stream_poller import EventSources
        from habitr_emulator.services.s3.expiry import Upkeep as BucketUpkeep

        for part in (Upkeep, BucketUpkeep, EventSources, Events):
            self.account.part(part)
        self.account.bus.spawn(self.account.part(Schedules).run())
        await asyncio.to_thread(compile_all, self.account)

    async def stop(self) -> None:
        """Answer what is being answered, end the workers, close the state."""
        await self._opened.aclose()

    async def reset(self, *, empty: bool = False) -> None:
        """Back to the state right after the start, in one step, and no faults any more; listeners are told."""
        self.account.faults.clear()
        await self.state.reset(empty=empty)

    def public(self) -> "Public":
        """The public APIs, called in process; what they are asked is not in the request log."""
        from habitr_emulator.people.public import Public

        pipeline = Pipeline(replace(self._control, log=RequestLog()), self._names)
        return Public(
            pipeline.handle, lambda request: pipeline.authenticator.graphql(request), self.config(), self.account
        )

    def read_project(self) -> "Backend":
        """The project as its files are now. Raises ProjectError."""
        from habitr_emulator.amplify.project import load

        settings = self.settings
        return load(
            settings.project or builtin_project(),
            environment=settings.environment,
            region=settings.region,
            account_id=settings.account_id,
        )

    async def take_over(self, backend: "Backend") -> None:
        """Go on with another backend: its resources are made or changed, and what is stored stays."""
        self.backend = backend
        await self._deploy()
        self.state.outdate()
        await asyncio.to_thread(compile_all, self.account)

    def _player(self) -> "Player":
        from habitr_emulator.seed.player import Player

        return Player(self.public(), self.store)

    def config(self) -> dict[str, Any]:
        """Every endpoint and id that a client needs (``/_habitr/config``)."""
        from habitr_emulator.amplify.client_config import client_config

        found = client_config(self.backend, self.endpoint, self.settings.administrator_keys)
        return {**found, "not_run": [str(note) for note in self.notes]}

    def _client_file(self, form: str, target: str, hosts: str) -> str:
        """The configuration that a client library reads, as ``config`` writes it. Raises ValueError."""
        from habitr_emulator.amplify.client_formats import render

        known = {**self.config(), "ca_pem": self.ca_pem(), "ca_file": str(self.ca_file)}
        return render(form, self.backend, known, target, hosts)

    def ca_pem(self) -> str:
        """The certificate authority that TLS clients are to trust."""
        return self._certificates.ca_pem()

    @property
    def ca_file(self) -> Path:
        """The file of that certificate."""
        self.ca_pem()
        return self.store.folder / "ca" / "ca.pem"

    def _open_gateway(self) -> None:
        """Bind the port first, so that a taken one is told before anything is written, and its number is known."""
        settings, account = self.settings, self.account
        buckets = [bucket.bucket_name for bucket in self.backend.buckets]
        self._certificates = Certificates(
            self.store.folder / "ca", account.clock, account.region, buckets, [settings.host]
        )
        self._control = self._make_control()
        self._names = Names(stages=frozenset(api.stage for api in self.backend.rest_apis))
        self._pipeline = Pipeline(self._control, self._names, lenient=settings.auth == "warn")
        self._gateway = Gateway(self._pipeline, self._certificates, own_process=self._own_process)
        self.port = self._gateway.bind(settings.host, settings.port, settings.tls_port)
        name = "localhost" if settings.host in ("localhost", "0.0.0.0", "::") else settings.host  # noqa: S104
        account.endpoint = f"http://{name}:{self.port}"

    def _make_control(self) -> Control:
        settings = self.settings
        return Control(
            self.account,
            self.log,
            self.config,
            self.reset,
            self.ca_pem,
            __version__,
            state=lambda: self.state,
            send=lambda request: self._pipeline.handle(request),
            ready=lambda: self.ready,
            stop=self.stopping.set,
            findings=self._findings,
            render=self._client_file,
            seeds=lambda: seed_files(settings.project or builtin_project(), settings.project is None),
        )

    def _findings(self) -> list[str]:
        from habitr_emulator.amplify.unbuilt import unbuilt

        return [str(note) for note in (*self.notes, *unbuilt(self.backend.functions))]

    async def _deploy(self) -> None:
        """Make the project's resources; what of it is not run is told."""
        found = [*self.backend.notes, *await deploy(self.account, self.backend)]
        self.notes = list(dict.fromkeys(found))


def builtin_project() -> Path:
    """The Habitr backend: in the wheel beside this file, in a checkout beside the package."""
    inside = PACKAGE / "fixtures" / "habitr"
    return inside if inside.is_dir() else PACKAGE.parent / "fixtures" / "habitr"


def data_folder(settings: Settings) -> Path:
    """Where state lives: ``--data-dir``, else ``.habitr`` beside the project, else in the working folder."""
    return settings.data_dir or (settings.project or Path.cwd()) / ".habitr"


def schemas() -> list[str]:
    """The texts of every ``schema.sql``."""
    paths = [PACKAGE / "kernel" / "schema.sql", *sorted(PACKAGE.glob("services/*/schema.sql"))]
    return [path.read_text() for path in paths]


def _account(settings: Settings, store: Store) -> Account:
    bus = Bus()
    return Account(
        region=settings.region,
        account_id=settings.account_id,
        clock=Clock(),
        ids=Ids(),
        store=store,
        bus=bus,
        inbox=Inbox(store, bus),
        registry=Registry(),
        authorizer=_strict if settings.auth == "strict" else _lenient,
        issuer=settings.issuer,
        administrator_keys=settings.administrator_keys,
        s3_bucket_defaults=settings.s3_bucket_defaults,
        oidc_keys=settings.oidc_keys,
    )


def _strict(
    context: Context,
    action: str,
    resource: str,
    conditions: Mapping[str, str | Sequence[str]],
    resource_policy: Mapping[str, Any] | None,
) -> None:
    """IAM's authorizer, imported when the first signed request comes."""
    from habitr_emulator.services.iam.authorize import authorize

    authorize(context, action, resource, conditions, resource_policy)


def _lenient(
    context: Context,
    action: str,
    resource: str,
    conditions: Mapping[str, str | Sequence[str]],
    resource_policy: Mapping[str, Any] | None,
) -> None:
    """``--auth warn``: what a policy refuses passes, and is logged; who brings no signature is nobody, as ever."""
    try:
        _strict(context, action, resource, conditions, resource_policy)
    except AwsError as error:
        if error.code.startswith("MissingAuthenticationToken"):
            raise
        _log.warning("let through (--auth warn): %s: %s", error.code, error.why or error.message)
