r"""A seed file: people, files and rows, in the order in which they are made.

    users:
      - username: maya
        password: Walk-more-1            # Habitr-2026 if there is none
        attributes: {email: maya@example.com}
        groups: [admin]
    files:
      - {as: maya, level: protected, key: avatar.svg, avatar: maya}     # or text: …, or path: beside this file
    rows:
      - {as: maya, create: Habit, input: {id: walk, tagline: Walk, category: Health}}
      - {as: noah, query: "mutation { vote(habitId: \"walk\", type: upvote) { habit { ups } } }"}

In the strings of ``input`` and ``variables``, ``${bucket}``, ``${region}`` and ``${identity}`` (of the person who
writes) are filled in. A row without ``as`` is written with the API key, a file without it by the administrator.
``as`` may name anybody of the pool: who is not of this file is signed in without a password.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from habitr_emulator.kernel.errors import SeedError

LEVELS = ("guest", "protected", "private")
MAX_SIZE = 16 * 1024 * 1024
MOST_VALUES = 1_000_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class User:
    """Someone who has signed up and confirmed."""

    username: str
    password: str = "Habitr-2026"  # noqa: S105 - a documented one, for people who do not exist
    attributes: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """An object in the project's bucket. ``by`` (``as`` in the file) puts it there at an access level of Amplify
    Storage; its content is ``text``, ``base64``, the file ``path``, or a drawn ``avatar`` of a name.
    """

    key: str
    by: str = ""
    level: str = "guest"
    text: str | None = None
    base64: str | None = None
    path: str | None = None
    avatar: str | None = None
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A write through GraphQL: ``create`` or ``update`` of a type with ``input``, or a ``query`` with
    ``variables``. ``by`` is ``as`` in the file.
    """

    by: str = ""
    create: str = ""
    update: str = ""
    input: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seed:
    """The content of one file, ``name`` for messages; ``folder`` is where ``path`` of its files is looked up."""

    users: tuple[User, ...] = ()
    files: tuple[File, ...] = ()
    rows: tuple[Row, ...] = ()
    folder: Path | None = None
    name: str = "the seed"

    def __len__(self) -> int:
        return len(self.users) + len(self.files) + len(self.rows)


def read(path: Path) -> Seed:
    """A seed file, YAML or JSON. Raises SeedError."""
    try:
        return parse(path.read_text(), str(path), path.parent)
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"{path} cannot be read: {error}") from None


def parse(text: str, name: str, folder: Path | None = None) -> Seed:
    """The seed that ``text`` describes; ``name`` is for messages. Raises SeedError."""
    import yaml

    if len(text) > MAX_SIZE:
        raise SeedError(f"{name}: a seed has at most {MAX_SIZE >> 20} MB")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(text, loader)  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        raise SeedError(f"{name}: {' '.join(str(error).split())}") from None
    try:
        heavy = "*" in text and _weight(content, {}) > MOST_VALUES
    except RecursionError:
        raise SeedError(f"{name}: it is nested too deeply") from None
    if heavy:
        raise SeedError(f"{name}: its aliases make more than {MOST_VALUES} values")
    return seed_of(content or {}, name, folder)


def _weight(value: Any, known: dict[int, int]) -> int:
    """How many values it is when aliases are written out; one within itself counts as too many."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        known[id(value)] = MOST_VALUES + 1
        each = [*value.values()] if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_weight(one, known) for one in each)
    return known[id(value)]


def seed_of(content: Any, name: str, folder: Path | None = None) -> Seed:
    """The seed of a parsed document. Raises SeedError."""
    if not isinstance(content, dict) or not content.keys() <= {"users", "files", "rows"}:
        raise SeedError(f"{name}: a seed has the sections users, files and rows")
    seed = Seed(
        tuple(_entries(content, "users", User, name)),
        tuple(_entries(content, "files", File, name)),
        tuple(_entries(content, "rows", Row, name)),
        folder,
        name,
    )
    for number, file in enumerate(seed.files, 1):
        _check_file(file, f"{name}: files, entry {number}")
    for number, row in enumerate(seed.rows, 1):
        if sum(map(bool, (row.create, row.update, row.query))) != 1:
            raise SeedError(f"{name}: rows, entry {number}: give one of create, update and query")
    return seed


def _entries(content: Mapping[str, Any], section: str, kind: type[T], name: str) -> list[T]:
    listed = content.get(section) or []
    if not isinstance(listed, list):
        raise SeedError(f"{name}: {section} is a list")
    return [_entry(each, kind, f"{name}: {section}, entry {number}") for number, each in enumerate(listed, 1)]


def _entry(given: Any, kind: type[T], where: str) -> T:
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    if not isinstance(given, dict):
        raise SeedError(f"{where}: an entry has names and values")
    values = {("by" if name == "as" else str(name)): value for name, value in given.items()}
    unknown = [name for name in values if name not in known or (name == "by" and "by" in given)]
    if unknown:
        raise SeedError(f"{where}: there is no such name: {', '.join(unknown)}")
    for name, value in values.items():
        values[name] = _checked(value, str(known[name].type), f"{where}: {name}")
    try:
        return kind(**values)
    except TypeError as missing:
        raise SeedError(f"{where}: {missing}") from None


def _checked(value: Any, kind: str, where: str) -> Any:
    """The value, if it is of the field's kind: a text, a list of texts, or names and values."""
    if "Mapping[" in kind:
        if not isinstance(value, dict):
            raise SeedError(f"{where} has names and values")
        if "Any" in kind:
            return value
        return {str(name): _text(each, f"{where}: {name}") for name, each in value.items()}
    if kind.startswith("tuple"):
        if not isinstance(value, list):
            raise SeedError(f"{where} is a list")
        return tuple(_text(each, where) for each in value)
    return _text(value, where)


def _text(value: Any, where: str) -> str:
    if isinstance(value, dict | list):
        raise SeedError(f"{where} is a text")
    return str(value)


def _check_file(file: File, where: str) -> None:
    if file.level not in LEVELS:
        raise SeedError(f"{where}: level is one of {', '.join(LEVELS)}")
    if sum(each is not None for each in (file.text, file.base64, file.path, file.avatar)) != 1:
        raise SeedError(f"{where}: give one of text, base64, path and avatar")
    if file.level != "guest" and not file.by:
        raise SeedError(f"{where}: a {file.level} file belongs to someone: as")
