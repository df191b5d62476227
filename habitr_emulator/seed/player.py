"""Plays a seed: who is there already, and what was written already, is left alone."""

import hashlib
import re
from collections.abc import AsyncIterator, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from habitr_emulator.kernel.errors import AwsError, SeedError
from habitr_emulator.kernel.store import Store
from habitr_emulator.people.person import Person
from habitr_emulator.people.public import GraphqlErrors, Lacking, Public, Refused
from habitr_emulator.seed.content import content_of
from habitr_emulator.seed.file import File, Row, Seed, User

_NAME = re.compile(r"\$\{(\w+)\}")
_THERE = "ConditionalCheckFailedException"


class Player:
    """Plays seeds into one emulator, through its public APIs.

    What was played is remembered by its content in ``kernel_seeded``, which goes with a reset.
    """

    def __init__(self, public: Public, store: Store) -> None:
        self._public, self._store = public, store
        self._people: dict[str, Person] = {}
        self._name = ""

    async def play(self, seed: Seed) -> AsyncIterator[tuple[str, bool]]:
        """Make what is not there yet; yields what each step was, and whether it was new. Raises SeedError."""
        self._name = seed.name
        self._people |= {user.username: Person(self._public, user.username, user.password) for user in seed.users}
        for number, user in enumerate(seed.users, 1):
            yield await self._step(f"users, entry {number} ({user.username})", self._user(user))
        for number, file in enumerate(seed.files, 1):
            yield await self._step(f"files, entry {number} ({file.key})", self._file(file, seed.folder))
        for number, row in enumerate(seed.rows, 1):
            yield await self._step(f"rows, entry {number}", self._row(row))

    async def _step(self, what: str, work: Coroutine[Any, Any, bool]) -> tuple[str, bool]:
        try:
            return what, await work
        except (AwsError, GraphqlErrors, Lacking, Refused, SeedError) as error:
            raise SeedError(f"{self._name}: {what}: {error}") from error

    async def _user(self, user: User) -> bool:
        person, new = self._people[user.username], True
        try:
            await person.sign_up(user.attributes)
        except Refused as refused:
            if refused.code != "UsernameExistsException":
                raise
            new = False
            del self._people[user.username]  # whose password may be another by now
        else:
            pool, name = self._public.config["user_pool_id"], user.username
            sql = "DELETE FROM kernel_inbox WHERE user_pool_id = ? AND username = ?"
            await self._store.write(lambda tx: tx.execute(sql, (pool, name)).rowcount)  # the mail was read
        for group in user.groups:
            await self._join(user.username, group)
        return new

    async def _join(self, username: str, group: str) -> None:
        try:
            await self._public.admin("GetGroup", {"GroupName": group})
        except Refused as refused:
            if refused.code != "ResourceNotFoundException":
                raise
            await self._public.admin("CreateGroup", {"GroupName": group})
        await self._public.admin("AdminAddUserToGroup", {"Username": username, "GroupName": group})

    async def _file(self, file: File, folder: Path | None) -> bool:
        body, media_type = content_of(file, folder)
        mark = _fingerprint(file.by, file.level, file.key, body.hex())
        if self._played(mark):
            return False
        if file.by:
            await (await self._person(file.by)).upload(file.level, file.key, body, media_type)
        else:
            await self._public.put_object(f"public/{file.key}", body, media_type, self._public.administrator)
        await self._remember(mark)
        return True

    async def _row(self, row: Row) -> bool:
        mark = _fingerprint(orjson.dumps(asdict(row)).decode())
        if self._played(mark):
            return False
        query, variables = row.query, dict(row.variables)
        if not query:
            verb, kind = ("create", row.create) if row.create else ("update", row.update)
            name = verb + kind
            given = f"$input: {name[0].upper()}{name[1:]}Input!"
            query = f"mutation Seed({given}) {{ {name}(input: $input) {{ __typename }} }}"
            variables = {"input": row.input}
        filled = _fill(variables, await self._values(row.by, variables))
        try:
            await self._ask(row.by, query, filled)
        except GraphqlErrors as error:
            if not (row.create and all(each.endswith(_THERE) for each in error.types)):
                raise
        await self._remember(mark)
        return True

    async def _ask(self, by: str, query: str, variables: Any) -> None:
        if by:
            await (await self._person(by)).graphql(query, variables)
            return
        key = self._public.config.get("graphql_api_key")
        if not key:
            raise SeedError("the project has no API key: say who writes the row, with as")
        await self._public.graphql(query, variables, {"x-api-key": key})

    async def _values(self, by: str, content: Any) -> dict[str, str]:
        """What the placeholders stand for; an identity is asked for only where it is wanted."""
        config = self._public.config
        values = {"region": config["region"], "bucket": config.get("bucket", "")}
        if by and b"${identity}" in orjson.dumps(content):
            values["identity"] = (await (await self._person(by)).credentials())[0]
        return values

    async def _person(self, name: str) -> Person:
        """Somebody of the seeds, or of the pool, who is signed in without a password."""
        if name not in self._people:
            person = Person(self._public, name)
            await person.be_signed_in()
            self._people[name] = person
        return self._people[name]

    def _played(self, mark: str) -> bool:
        return self._store.one("SELECT 1 FROM kernel_seeded WHERE fingerprint = ?", (mark,)) is not None

    async def _remember(self, mark: str) -> None:
        await self._store.write(lambda tx: tx.execute("INSERT OR IGNORE INTO kernel_seeded VALUES (?)", (mark,)))


def _fill(value: Any, values: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _NAME.sub(lambda found: values.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {name: _fill(each, values) for name, each in value.items()}
    return [_fill(each, values) for each in value] if isinstance(value, list) else value


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
