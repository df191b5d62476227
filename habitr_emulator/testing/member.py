"""A person in a test: everything that a person does, to be awaited or asked for its ``result()``."""

from collections.abc import Coroutine, Mapping
from types import TracebackType
from typing import Any, TypeVar

from habitr_emulator.people.person import Person
from habitr_emulator.people.public import Keys, Refused
from habitr_emulator.people.subscription import Heard
from habitr_emulator.testing.background import Background, Pending

T = TypeVar("T")


class Member:
    """Someone of the user pool; who is not there yet signs up when first needed."""

    def __init__(self, background: Background, person: Person) -> None:
        self._background, self._person = background, person
        self._there = False

    @property
    def username(self) -> str:
        """The sign-in name."""
        return self._person.username

    @property
    def password(self) -> str:
        """The password."""
        return self._person.password

    def graphql(
        self, query: str, variables: Mapping[str, Any] | None = None, **more: Any
    ) -> Pending[dict[str, Any]]:
        """The ``data``; variables in a mapping or by name. Raises GraphqlErrors and Refused."""
        return self._do(self._person.graphql(query, {**(variables or {}), **more}))

    def vote(self, habit_id: str, kind: str = "upvote") -> Pending[dict[str, Any]]:
        """Vote on a habit: upvote, downvote, removeUpvote, removeDownvote."""
        return self._do(self._person.vote(habit_id, kind))

    def upload(self, key: str, body: bytes, level: str = "guest", media_type: str = "") -> Pending[str]:
        """Put a file into the bucket as Amplify Storage would; the object's key."""
        return self._do(self._person.upload(level, key, body, media_type or "application/octet-stream"))

    def token(self, use: str = "access") -> Pending[str]:
        """The access token, or with ``id`` the ID token, of an SRP sign-in."""
        return self._do(self._person.token(use))

    def credentials(self) -> Pending[tuple[str, Keys]]:
        """The identity id, and temporary AWS keys."""
        return self._do(self._person.credentials())

    def subscribe(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> "Listening":
        """A context manager, async or not; inside it every event is heard."""
        return Listening(self, query, {**(variables or {}), **more})

    def sign_up(self, attributes: Mapping[str, str]) -> "Pending[Member]":
        """SignUp, the code from the inbox, ConfirmSignUp, SRP sign-in. Raises Refused."""
        return self._background.run(self._sign_up(attributes))

    async def _sign_up(self, attributes: Mapping[str, str]) -> "Member":
        await self._person.sign_up(attributes)
        await self._person.sign_in()
        self._there = True
        return self

    def _do(self, work: "Coroutine[Any, Any, T]") -> Pending[T]:
        return self._background.run(self._once_there(work))

    async def _once_there(self, work: "Coroutine[Any, Any, T]") -> T:
        if not self._there:
            try:
                await self._person.sign_up()
            except Refused as refused:
                if refused.code != "UsernameExistsException":
                    work.close()
                    raise
            self._there = True
        return await work


class Listening:
    """One subscription: ``async with`` it in an async test, ``with`` it in any other."""

    def __init__(self, member: Member, query: str, variables: Mapping[str, Any]) -> None:
        self._member, self._query, self._variables = member, query, variables

    async def __aenter__(self) -> "Listening":
        self._heard = await self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._member._background.run(self._heard.end())

    def __enter__(self) -> "Listening":
        self._heard = self._begin().result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._member._background.run(self._heard.end()).result()

    def next(self, timeout: float = 5.0) -> Pending[dict[str, Any]]:
        """The ``data`` of the next event. Raises TimeoutError, Ended and GraphqlErrors."""
        return self._member._background.run(self._heard.next(timeout))

    @property
    def waiting(self) -> int:
        """How many events have come and were not taken."""
        return self._heard.waiting()

    def _begin(self) -> Pending[Heard]:
        return self._member._do(self._member._person.subscribe(self._query, self._variables))
