"""The fixture ``habitr``: one emulator as a test sees it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from habitr_emulator.amplify.variables import variables
from habitr_emulator.emulator import Emulator
from habitr_emulator.people.person import PASSWORD, Person
from habitr_emulator.services.faults import Fault, Kind
from habitr_emulator.testing.background import Background, Pending
from habitr_emulator.testing.member import Member


class Habitr:
    """An emulator in its seeded state, and the people that a test makes in it."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._emulator: Emulator = background.emulator
        self._public = self._emulator.public()
        self._members: dict[str, Member] = {}
        self.inbox = Mailbox(background)
        self.clock = TestClock(background)
        self.fault = Faults(background)

    @property
    def endpoint(self) -> str:
        """The one URL of every service."""
        return self._emulator.endpoint

    @property
    def config(self) -> dict[str, Any]:
        """Every endpoint and id (``/_habitr/config``)."""
        return {**self._emulator.config(), "ca_pem": self._emulator.ca_pem()}

    @property
    def ca_file(self) -> Path:
        """The file of the certificate authority that TLS clients are to trust."""
        return self._emulator.ca_file

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the verb ``exec`` exports, for programs that a test starts."""
        return variables(self.config, self.ca_file)

    def sign_up(self, username: str, password: str = PASSWORD, **attributes: str) -> Pending[Member]:
        """A new person, by SignUp, the code from the inbox and an SRP sign-in. Raises Refused."""
        member = Member(self._background, Person(self._public, username, password))
        self._members[username] = member
        return member.sign_up(attributes)

    def user(self, username: str, password: str = PASSWORD) -> Member:
        """The person of that name; who is not there yet signs up when first needed."""
        if username not in self._members:
            self._members[username] = Member(self._background, Person(self._public, username, password))
        return self._members[username]

    def graphql(
        self, query: str, variables: Mapping[str, Any] | None = None, **more: Any
    ) -> Pending[dict[str, Any]]:
        """The ``data`` of a query by API key. Raises GraphqlErrors and Refused."""
        key = {"x-api-key": str(self._public.config["graphql_api_key"])}
        return self._background.run(self._public.graphql(query, {**(variables or {}), **more}, key))

    def boto3(self, service: str, **more: Any) -> Any:
        """A boto3 client of the administrator, or of what ``more`` says."""
        try:
            import boto3
        except ImportError:
            raise RuntimeError("habitr.boto3 needs boto3: pip install boto3") from None
        settings = {
            "endpoint_url": self.endpoint,
            "region_name": self._public.config["region"],
            "aws_access_key_id": self._public.administrator.access_key_id,
            "aws_secret_access_key": self._public.administrator.secret_access_key,
        }
        return boto3.client(service, **(settings | more))

    def reset(self, *, empty: bool = False) -> Pending[None]:
        """Back to the seed, or to nothing with ``empty``; done before each test by itself."""
        self._members.clear()
        return self._background.run(self._emulator.reset(empty=empty))


class Mailbox:
    """The mail and SMS that Cognito "sent"."""

    def __init__(self, background: Background) -> None:
        self._background = background

    def messages(self, to: str = "", wait: float = 0.0) -> list[dict[str, Any]]:
        """What was sent to a name or an address, oldest first; waits up to ``wait`` seconds for the first."""
        return self._background.run(self._background.emulator.account.inbox.wait(wait, to=to)).result()

    def code(self, to: str, wait: float = 5.0) -> str:
        """The newest code that was sent to someone. Raises LookupError."""
        codes = [message["code"] for message in self.messages(to, wait) if message["code"]]
        if not codes:
            raise LookupError(f"no message with a code has come to {to}")
        return str(codes[-1])


class TestClock:
    """The emulator's time, by which tokens, codes and sessions expire; real again before each test."""

    __test__ = False

    def __init__(self, background: Background) -> None:
        self._background = background

    def now(self) -> float:
        """Seconds since 1970."""
        return self._background.emulator.account.clock.now()

    def advance(self, seconds: float) -> Pending[None]:
        """Move the time; what becomes due has happened when this returns."""
        return self.set(self.now() + seconds)

    def set(self, at: float) -> Pending[None]:
        """Put the time to a moment; what becomes due until then has happened when this returns."""
        account = self._background.emulator.account
        pending = self._background.run(account.agenda.move(account.clock, account.bus, at))
        pending.result()
        return pending

    def freeze(self) -> None:
        """Stop the time where it is."""
        self._background.emulator.account.clock.freeze()

    def resume(self) -> None:
        """Show real time again."""
        self._background.emulator.account.clock.resume()


class Faults:
    """Failures on purpose; none is left before each test."""

    def __init__(self, background: Background) -> None:
        self._faults = background.emulator.account.faults

    def error(self, service: str = "", operation: str = "", **more: Any) -> Fault:
        """Let calls fail: ``code``, ``status``, ``message``, ``count``, ``probability``, ``rng``.

        Raises ValueError for a service or operation that there is not.
        """
        return self._add("error", service, operation, more)

    def latency(self, seconds: float, service: str = "", operation: str = "", **more: Any) -> Fault:
        """Let calls wait."""
        return self._add("latency", service, operation, {"seconds": seconds, **more})

    def drop(self, service: str = "", operation: str = "", **more: Any) -> Fault:
        """Close connections without an answer."""
        return self._add("drop", service, operation, more)

    def clear(self) -> None:
        """Remove every fault."""
        self._faults.clear()

    def _add(self, kind: Kind, service: str, operation: str, more: Mapping[str, Any]) -> Fault:
        return self._faults.add(Fault(kind, service, operation, **more))
